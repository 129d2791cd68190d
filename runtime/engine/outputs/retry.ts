import { Backoff } from '../../lib/backoff.ts'
import type { Clock } from '../../lib/clock.ts'

/**
 * With a dial that gives up after 5 s, pauses of at most this (ms, jitter aside) bring an output back within 5 s of the
 * network's return, at whatever moment that is.
 */
const QUICK = { first: 500, max: 2_000, jitter: 0.2, healthyAfter: 60_000 }
const SLOW = { first: 500, max: 30_000, jitter: 0.2, healthyAfter: 60_000 }
const HEALTHY = 60_000
/** Longer outages (ms) are tried less often: whoever is away for hours is not missed by the second. */
const QUICK_FOR = 5 * 60_000

/** How long an output waits before it tries again: quick while a broadcast may still be saved, then ever slower, for ever. */
export class Retry {
  private readonly quick: Backoff
  private readonly slow: Backoff
  private failingSince: number | undefined
  private readonly clock: Clock

  constructor(clock: Clock, random: () => number = Math.random) {
    this.clock = clock
    this.quick = new Backoff(QUICK, random)
    this.slow = new Backoff(SLOW, random)
  }

  /** The pause (ms) after a try that lasted `ranForMs`. A platform's no is not asked for again every other second. */
  next(ranForMs: number, refused: boolean): number {
    const now = this.clock.mono()
    if (ranForMs >= HEALTHY) this.failingSince = undefined
    this.failingSince ??= now
    if (refused) return this.slow.next(ranForMs)
    if (now - this.failingSince < QUICK_FOR) return this.quick.next(ranForMs)
    return this.slow.next(ranForMs)
  }

  reset(): void {
    this.failingSince = undefined
    this.quick.reset()
    this.slow.reset()
  }
}
