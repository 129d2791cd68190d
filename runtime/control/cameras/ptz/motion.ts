import type { Clock } from '../../../lib/clock.ts'
import type { PtzDriver, PtzVelocity } from './driver.ts'

/** How long a move lasts that nobody renews: the camera has half a second to stand, and the way to it takes some of that. */
const HOLD_MS = 450
/** The same velocity is sent again this often: the camera itself gives up after a second without us. */
const REPEAT_MS = 300

type Moved = Pick<PtzDriver, 'move' | 'stop'>

/** Moves a camera by hand. Whoever holds the stick renews; when that ends, for whatever reason, so does the move. */
export class Motion {
  private wanted: PtzVelocity | undefined
  private sent: { velocity: PtzVelocity; at: number } | undefined
  private sending: Promise<void> | undefined
  private deadMan: NodeJS.Timeout | undefined
  private readonly camera: Moved
  private readonly clock: Clock
  /** The end of a move that nobody renewed did not get through; the camera then stops by itself. */
  private readonly failed: (thrown: unknown) => void

  constructor(camera: Moved, clock: Clock, failed: (thrown: unknown) => void) {
    this.camera = camera
    this.clock = clock
    this.failed = failed
  }

  get active(): boolean {
    return this.wanted !== undefined
  }

  /** A slow camera gets the newest velocity only, never a queue of old ones. */
  move(velocity: PtzVelocity): Promise<void> {
    this.wanted = velocity
    clearTimeout(this.deadMan)
    this.deadMan = setTimeout(() => this.stop().catch(this.failed), HOLD_MS)
    this.sending ??= this.follow().finally(() => {
      this.sending = undefined
    })
    return this.sending
  }

  async stop(): Promise<void> {
    const onItsWay = this.sending
    this.letGo()
    await this.camera.stop()
    if (!onItsWay) return
    // A move that was on its way may have overtaken the stop.
    await onItsWay.catch(() => {}) // whoever moved is told
    if (!this.wanted) await this.camera.stop()
  }

  /** Without a word to the camera: it is being sent elsewhere. */
  letGo(): void {
    clearTimeout(this.deadMan)
    this.wanted = undefined
    this.sent = undefined
  }

  private async follow(): Promise<void> {
    for (let next = this.news(); next; next = this.news()) {
      this.sent = { velocity: next, at: this.clock.mono() }
      await this.camera.move(next)
    }
  }

  private news(): PtzVelocity | undefined {
    const { wanted, sent } = this
    if (!wanted || !sent) return wanted
    const { pan, tilt, zoom } = sent.velocity
    const same = wanted.pan === pan && wanted.tilt === tilt && wanted.zoom === zoom
    return same && this.clock.mono() - sent.at < REPEAT_MS ? undefined : wanted
  }
}
