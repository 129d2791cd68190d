import type { Ring } from '../memory/ring.ts'

/** What choosing a frame needs of a ring. */
type FrameTimesOf = Pick<Ring, 'head' | 'ptsOf' | 'arrivalOf' | 'intact'> & { layout: { slots: number } }

/** Frames are shown this long after the earliest moment they could be (ms): it absorbs network and decoder jitter. */
export const PLAYOUT_DELAY_MS = 80
/** The earliest arrival is looked for in the last one to two of these (ms), so the drift of a camera's clock is followed. */
const WINDOW_MS = 2_000
/** A step of this size between a source's time and ours is a new session, not jitter (ms). */
const NEW_SESSION_MS = 1_000

/**
 * Which frame of a source is due: presentation time plus the smallest lag at which frames arrived lately plus a fixed delay.
 * Jitter of single frames is thereby evened out, and sound can follow the same clock.
 */
export class Playout {
  /** Arrival of the newest frame and of the first one after the last pause, monotonic ms; undefined before any. */
  lastArrival: number | undefined
  flowingSince: number | undefined
  /** The frame chosen last. */
  shown: number | undefined
  private seen = 0
  private windowStart = 0
  private lagNow = Number.POSITIVE_INFINITY
  private lagBefore = Number.POSITIVE_INFINITY
  private readonly ring: FrameTimesOf
  private readonly delayMs: number

  constructor(ring: FrameTimesOf, delayMs = PLAYOUT_DELAY_MS) {
    this.ring = ring
    this.delayMs = delayMs
  }

  /** Presentation time (ms, the source's own) minus this is monotonic time of playout. */
  get lagMs(): number {
    return Math.min(this.lagNow, this.lagBefore) + this.delayMs
  }

  /** Takes in frames that came since the last call. A pause of `pauseMs` or more begins a new flow. */
  observe(pauseMs: number): void {
    const { head } = this.ring
    const fresh = Math.min((head - this.seen) >>> 0, this.ring.layout.slots - 1)
    for (let n = head - fresh; n < head; n++) this.arrived(this.ring.ptsOf(n) / 1_000, this.ring.arrivalOf(n), pauseMs)
    this.seen = head
  }

  /** The frame to show at `now` (monotonic ms), never an older one than before; -1 when there is none. */
  pick(now: number): number {
    const { head, layout } = this.ring
    const newest = head - 1
    if (!this.ring.intact(newest)) return -1
    const oldest = Math.max(0, head - layout.slots + 1)
    const playNow = now - this.lagMs
    let n = newest
    while (n > oldest && this.ring.ptsOf(n) / 1_000 > playNow && this.sameFlow(n - 1)) n--
    if (this.shown !== undefined && this.ring.intact(this.shown) && this.shown > n) n = this.shown
    this.shown = n
    return n
  }

  /** A clip that begins anew must not show the end of its last run while its first picture is not due yet. */
  private sameFlow(n: number): boolean {
    return this.flowingSince === undefined || this.ring.arrivalOf(n) >= this.flowingSince
  }

  /** The chosen frame was overwritten while it was read: from here on the newest one. */
  skipToNewest(): void {
    this.shown = this.ring.head - 1
  }

  private arrived(ptsMs: number, arrival: number, pauseMs: number): void {
    if (this.lastArrival === undefined || arrival - this.lastArrival >= pauseMs) this.flowingSince = arrival
    this.lastArrival = arrival
    const lag = arrival - ptsMs
    const known = Math.min(this.lagNow, this.lagBefore)
    if (Math.abs(lag - known) > NEW_SESSION_MS) {
      this.lagNow = lag
      this.lagBefore = Number.POSITIVE_INFINITY
      this.windowStart = arrival
    } else if (arrival - this.windowStart > WINDOW_MS) {
      this.lagBefore = this.lagNow
      this.lagNow = lag
      this.windowStart = arrival
    } else this.lagNow = Math.min(this.lagNow, lag)
  }
}
