/** How long to wait before try number `n`, and when a run counts as healthy again. All times in ms. */
export interface BackoffOptions {
  /** A quicker first retry, for what usually comes back at once; the row from `first` on begins after it. */
  quick?: number
  first: number
  max: number
  /** Share of the delay that is random, 0..1: many clients that lost one server must not come back in step. */
  jitter: number
  /** A run at least this long resets the counter. */
  healthyAfter: number
}

export const childBackoff: BackoffOptions = { first: 1_000, max: 30_000, jitter: 0.2, healthyAfter: 60_000 }

/** Exponential backoff with jitter. `random` is an argument so that tests know the answer. */
export class Backoff {
  private failures = 0
  private readonly options: BackoffOptions
  private readonly random: () => number

  constructor(options: BackoffOptions, random: () => number = Math.random) {
    this.options = options
    this.random = random
  }

  get tries(): number {
    return this.failures
  }

  /** The delay (ms) before the next try, after a run that lasted `ranForMs`. */
  next(ranForMs: number): number {
    const { quick, first, max, jitter, healthyAfter } = this.options
    if (ranForMs >= healthyAfter) this.failures = 0
    const doublings = Math.min(quick === undefined ? this.failures : this.failures - 1, 30)
    const base = doublings < 0 && quick !== undefined ? quick : Math.min(max, first * 2 ** doublings)
    this.failures++
    return Math.round(base * (1 - jitter + 2 * jitter * this.random()))
  }

  reset(): void {
    this.failures = 0
  }
}
