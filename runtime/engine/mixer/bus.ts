import { type Kernel, LAYER_BYTES, LAYER_WORDS, type Placed, writeLayer } from '../kernel/kernel.ts'
import type { Arena } from '../memory/arena.ts'
import { frameBytes, Ring, type RingLayout } from '../memory/ring.ts'
import type { Spans, Sprite } from '../memory/sprite.ts'
import type { Player } from './player.ts'

/** More layers than this in one picture are left out. */
const MAX_LAYERS = 256
/** A layer that did not change for this many frames counts as still. */
const STILL_AFTER = 4

/** The memory of a bus, allocated in the main thread. */
export interface BusMemory {
  id: string
  /** Overlay ids in paint order, or every one. */
  overlays: 'all' | string[]
  ring: RingLayout
  /** A layer of the size of the picture into which still layers are drawn once. */
  flat: Sprite & { spans: Spans }
  /** The kernel's display list: MAX_LAYERS entries and one for `flat` before them. */
  list: number
}

type Size = Pick<RingLayout, 'width' | 'height'>
/** By overlay id, in paint order. */
type Players = ReadonlyMap<string, Pick<Player, 'placed'>>

export function allocBus(arena: Arena, id: string, overlays: 'all' | string[], ring: RingLayout): BusMemory {
  const { width, height } = ring
  const [y, a] = [arena.alloc(width * height), arena.alloc(width * height)]
  const [u, v, ac] = [0, 1, 2].map(() => arena.alloc((width * height) / 4))
  const spans = { luma: arena.alloc(height * 8), chroma: arena.alloc(height * 4) }
  return {
    id,
    overlays,
    ring,
    flat: { key: '', width, height, y, u, v, a, ac, spans },
    list: arena.alloc((MAX_LAYERS + 1) * LAYER_BYTES),
  }
}

export function releaseBus(arena: Arena, { flat, list }: BusMemory): void {
  const { y, u, v, a, ac, spans } = flat
  for (const address of [y, u, v, a, ac, spans.luma, spans.chroma, list]) arena.release(address)
}

/**
 * Paints overlays onto the picture of one bus. Layers at the bottom of the pile that stand still are flattened into one,
 * so a busy but quiet picture costs one pass over what it covers.
 */
export class BusPainter {
  readonly id: string
  readonly ring: Ring
  overlays: 'all' | string[]
  private readonly kernel: Kernel
  private readonly memory: BusMemory
  private readonly size: Size
  private readonly list: Int32Array
  /** The display list of this frame and of the one before, and for how many frames each entry has not changed. */
  private now = new Int32Array(MAX_LAYERS * LAYER_WORDS)
  private before = new Int32Array(MAX_LAYERS * LAYER_WORDS)
  private readonly stillFor = new Uint32Array(MAX_LAYERS)
  private readonly flatLayer: Placed
  /** So many entries from the bottom are in `flat`. */
  private flattened = 0

  constructor(memory: WebAssembly.Memory, kernel: Kernel, bus: BusMemory) {
    const { width, height } = bus.ring
    this.id = bus.id
    this.overlays = bus.overlays
    this.kernel = kernel
    this.memory = bus
    this.size = { width, height }
    this.ring = new Ring(memory, bus.ring)
    this.list = new Int32Array(memory.buffer, bus.list, (MAX_LAYERS + 1) * LAYER_WORDS)
    this.flatLayer = { sprite: bus.flat, x: 0, y: 0, opacity: 32_768, left: 0, top: 0, right: width, bottom: height }
  }

  /** Bitmaps may have changed under the same address: nothing drawn earlier counts any more. */
  forget(): void {
    this.flattened = 0
    this.stillFor.fill(0)
  }

  /** Composes the frame at address `base` with these overlays into the slot that the ring publishes next. */
  paint(base: number, players: Players): void {
    const count = this.gather(players)
    this.compare(count)
    const skip = this.flatten(count)
    const words = skip * LAYER_WORDS
    for (let n = words; n < count * LAYER_WORDS; n++) this.list[n + LAYER_WORDS] = this.now[n]
    if (skip > 0) writeLayer(this.list, words, this.flatLayer)
    const first = this.memory.list + (skip > 0 ? skip : 1) * LAYER_BYTES
    const drawn = count - skip + (skip > 0 ? 1 : 0)
    const { width, height } = this.size
    this.kernel.compose(this.ring.writeAddress, base, width, height, first, drawn)
    const spare = this.before
    this.before = this.now
    this.now = spare
  }

  /** The last published frame once more. */
  repeat(): void {
    const { width, height } = this.size
    this.kernel.copy(this.ring.writeAddress, this.ring.addressOf(this.ring.head - 1), frameBytes(width, height))
  }

  private gather(players: Players): number {
    let count = 0
    if (this.overlays === 'all') for (const player of players.values()) count = this.append(player, count)
    else
      for (const id of this.overlays) {
        const player = players.get(id)
        if (player) count = this.append(player, count)
      }
    return count
  }

  private append({ placed }: Pick<Player, 'placed'>, count: number): number {
    for (const layer of placed) if (count < MAX_LAYERS) writeLayer(this.now, count++ * LAYER_WORDS, layer)
    return count
  }

  /** Also ends what is flattened when one of its layers is no longer what it was. */
  private compare(count: number): void {
    for (let n = 0; n < count; n++) {
      if (this.same(n)) this.stillFor[n]++
      else this.stillFor[n] = 0
      if (n < this.flattened && this.stillFor[n] === 0) this.flattened = 0
    }
    if (count < this.flattened) this.flattened = 0
    this.stillFor.fill(0, count)
  }

  private same(n: number): boolean {
    for (let at = n * LAYER_WORDS; at < (n + 1) * LAYER_WORDS; at++) if (this.now[at] !== this.before[at]) return false
    return true
  }

  /** Draws still layers into one when there are more of them than before; returns how many `flat` stands for. */
  private flatten(count: number): number {
    let still = 0
    while (still < count && this.stillFor[still] >= STILL_AFTER) still++
    if (still < 2 || still <= this.flattened) return this.flattened
    const { list } = this.memory
    for (let n = 0; n < still * LAYER_WORDS; n++) this.list[n + LAYER_WORDS] = this.now[n]
    writeLayer(this.list, 0, this.flatLayer)
    this.kernel.flatten(list, list + LAYER_BYTES, still)
    this.flattened = still
    return still
  }
}
