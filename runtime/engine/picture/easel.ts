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
  /** What the overlay lies on, as I420. */
  ground: Uint8Array
  /** The overlay with what it needs at a moment (t, ms), and how to give that back. */
  prepare(t: number): Promise<PreparedOverlay>
  giveBack(prepared: PreparedOverlay): void
}

/** So many frames before a still are painted too: still layers are flattened by then, as they are on air. */
const SETTLE = 6

/**
 * One overlay on a picture of its own, at whatever moment is asked for. It is painted by what paints the program (player,
 * painter, kernel, bitmaps), so its pixels are those of the air.
 */
export class Easel {
  private readonly bus: BusMemory
  private readonly base: number
  private readonly painter: BusPainter
  private readonly deps: Deps
  private shown: PreparedOverlay | undefined

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
    if (this.shown) giveBack(this.shown)
  }

  private async paint(t: number): Promise<void> {
    const { prepare, giveBack, picture } = this.deps
    const before = this.shown
    // What both need is drawn once: the one before is given back only now.
    this.shown = await prepare(t)
    if (before) giveBack(before)
    const player = new Player(this.shown, picture)
    player.seek(this.shown.startedAt + t)
    if (player.fault !== undefined) throw new Error(player.fault)
    this.painter.paint(this.base, new Map([[player.id, player]]))
  }
}
