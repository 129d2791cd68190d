import type { Overlay, Program } from '../contract/generated/engine.v1.ts'
import type { Log } from '../lib/log.ts'
import type { Graphics } from './graphics/graphics.ts'
import type { PreparedOverlay } from './memory/sprite.ts'

interface Deps {
  picture: Program['picture']
  graphics: Pick<Graphics, 'prepare' | 'release'>
  log: Log
  /** Gives the mixer those that play; resolves when it uses no others any more. */
  publish: (overlays: PreparedOverlay[]) => Promise<void>
}

/** The overlays of one program. They are drawn one after the other, which may take long, and shown as each is ready. */
export class Overlays {
  /** What shall be there, by id; whether it plays is true at once, what it looks like when it is drawn. */
  private readonly wanted = new Map<string, Overlay>()
  private readonly drawn = new Map<string, PreparedOverlay>()
  private queue: Promise<void> = Promise.resolve()
  private readonly deps: Deps

  constructor(deps: Deps) {
    this.deps = deps
  }

  /** Resolves when it is drawn and shown, or is no longer wanted like this. */
  async set(overlay: Overlay): Promise<void> {
    this.wanted.set(overlay.id, overlay)
    const drawing = this.queue.then(() => this.draw(overlay))
    this.queue = drawing.catch(err => this.deps.log.error({ err, overlay: overlay.id }, 'overlay failed'))
    if (!overlay.playing && this.drawn.has(overlay.id)) await this.publish()
    await drawing
  }

  async remove(id: string): Promise<void> {
    this.wanted.delete(id)
    const old = this.drawn.get(id)
    if (!old) return
    this.drawn.delete(id)
    await this.publish()
    this.deps.graphics.release(old)
  }

  /** Nothing is shown from now on. */
  stop(): void {
    this.wanted.clear()
  }

  private async draw(overlay: Overlay): Promise<void> {
    const { id } = overlay
    if (this.wanted.get(id) !== overlay) return
    const ready = await this.deps.graphics.prepare(overlay, this.deps.picture)
    // One that has a successor by now is shown all the same: values may change faster than they are drawn.
    if (!this.wanted.has(id)) return this.deps.graphics.release(ready)
    const old = this.drawn.get(id)
    this.drawn.set(id, ready)
    // The old bitmaps go only when the mixer has the new ones, so an overlay on air changes between two frames.
    await this.publish()
    if (old) this.deps.graphics.release(old)
  }

  private publish(): Promise<void> {
    return this.deps.publish([...this.drawn].filter(([id]) => this.wanted.get(id)?.playing).map(([, ready]) => ready))
  }
}
