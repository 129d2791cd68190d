import type { Clock } from '../../lib/clock.ts'

/** Node's longest timer. */
const LONGEST = 2 ** 31 - 1
/** What would have to be done more often is done this often (ms). */
const LEAST = 100

/** Rings at a moment of the world; one that is set anew forgets the one before. */
export class Alarm {
  private timer: NodeJS.Timeout | undefined
  private stopped = false
  private readonly clock: Pick<Clock, 'now'>
  private readonly ring: () => void

  constructor(clock: Pick<Clock, 'now'>, ring: () => void) {
    this.clock = clock
    this.ring = ring
  }

  /** Infinity: never. A moment too far away for a timer rings early, and is to be set again then. */
  set(at: number): void {
    clearTimeout(this.timer)
    if (this.stopped || at === Number.POSITIVE_INFINITY) return
    const wait = Math.ceil(at - this.clock.now())
    this.timer = setTimeout(this.ring, Math.min(LONGEST, Math.max(LEAST, wait)))
  }

  /** It rings no more. */
  stop(): void {
    this.stopped = true
    clearTimeout(this.timer)
  }
}
