import type { Clock } from '../lib/clock.ts'

/** UTC ms as control counts them. Every program and every clip goes by it, so that `at` is the same moment for all of them. */
export class ShowClock {
  /** Ms ahead of the monotonic clock; undefined: control has not said. */
  ahead: number | undefined
  private readonly clock: Clock

  constructor(clock: Clock) {
    this.clock = clock
  }

  now(): number {
    return this.ahead === undefined ? this.clock.now() : this.clock.mono() + this.ahead
  }
}
