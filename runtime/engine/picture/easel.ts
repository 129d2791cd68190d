import { kernelOn } from '../kernel/kernel.ts'
import type { Arena } from '../memory/arena.ts'
import { allocRing, frameBytes, releaseRing } from '../memory/ring.ts'
import type { PreparedOverlay } from '../memory/sprite.ts'
import { allocBus, type BusMemory, BusPainter, releaseBus } from '../mixer/bus.ts'
import { Player } from '../mixer/player.ts'

interface Deps {
  arena: Arena
  kernel: WebAssembly.Module
  /** Even, in pixels. */
  picture: { width: number; height: number }
  /** What the overlays lie on, as I420. */
  ground: Uint8Array
  /** In paint order. */
  layers: readonly EaselLayer[]
  giveBack(prepared: PreparedOverlay): void
}

interface EaselLayer {
  /** The t (ms) at which it begins. */
  since: number
  /** The overlay with what it needs at a moment of its own time (ms). */
  prepare(own: number): Promise<PreparedOverlay>
}

/** So many frames before a still are painted too: still layers are flattened by then, as they are on air. */
const SETTLE = 6

/**
 * Overlays on a picture of their own, at whatever moment (t, ms) is asked for. They are painted together by what paints the
 * program (player, painter, kernel, bitmaps), so their pixels are those of the air.
 */
export class Easel {
  private readonly bus: BusMemory
  private readonly base: number
  private readonly painter: BusPainter
  private readonly deps: Deps
  private shown: PreparedOverlay[] = []

  constructor(deps: Deps) {
    const { arena, picture, ground } = deps
    this.deps = deps
    this.bus = allocBus(arena, 'easel', 'all', allocRing(arena, { ...picture, slots: 1, audioFrames: 1 }))
    this.base = arena.alloc(ground.length)
    new Uint8Array(arena.memory.buffer).set(ground, this.base)
    this.painter = new BusPainter(arena.memory, kernelOn(deps.kernel, arena.memory), this.bus)
  }

  /** The frame at `t` (ms), as I420. Rejects where the document cannot be resolved. */
  async frame(t: number): Promise<Uint8Array> {
    const { width, height } = this.deps.picture
    await this.paint(t)
    const { ring } = this.painter
    return ring.bytes.slice(ring.writeAddress, ring.writeAddress + frameBytes(width, height))
  }

  /** Likewise, as it stands there among frames that are `frameMs` apart. */
  async still(t: number, frameMs: number): Promise<Uint8Array> {
    for (let n = SETTLE; n > 0; n--) if (t - n * frameMs >= 0) await this.paint(t - n * frameMs)
    return this.frame(t)
  }

  release(): void {
    const { arena, giveBack } = this.deps
    releaseBus(arena, this.bus)
    releaseRing(arena, this.bus.ring)
    arena.release(this.base)
    for (const prepared of this.shown) giveBack(prepared)
  }

  private async paint(t: number): Promise<void> {
    const { layers, giveBack, picture } = this.deps
    const before = this.shown
    // What both need is drawn once: what was there before is given back only now.
    const results = await Promise.allSettled(layers.map(({ since, prepare }) => prepare(Math.max(0, t - since))))
    // Also where one fails: the memory of the others is given back with the rest.
    this.shown = results.flatMap(result => (result.status === 'fulfilled' ? [result.value] : []))
    for (const prepared of before) giveBack(prepared)
    for (const result of results) if (result.status === 'rejected') throw result.reason
    const players = this.shown.map((prepared, n): [string, Player] => {
      const player = new Player(prepared, picture)
      player.seek(prepared.startedAt + t - (layers[n]?.since ?? 0))
      if (player.fault !== undefined) throw new Error(player.fault)
      return [String(n), player]
    })
    this.painter.paint(this.base, new Map(players))
  }
}
