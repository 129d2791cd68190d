import { Backoff, type BackoffOptions } from '../../lib/backoff.ts'

export interface ReturnOptions extends BackoffOptions {
  /** The most (ms) where nobody hears of a try: it costs nobody anything. */
  unheard: number
  /** The most (ms) after a short time without a line: who was away for a minute is back within seconds. */
  soon: number
}

const RETURNS: ReturnOptions = {
  ...{ quick: 200, first: 1_000, max: 60_000, jitter: 0.3, healthyAfter: 30_000 },
  ...{ unheard: 2_000, soon: 5_000 },
}
/** Of the time without a line, the most that is waited. */
const SHARE = 0.1

/** How soon a line that broke is tried again: so that all leaves soon after it is back, and a fleet that lost its Studio does not run it down. */
export class Returns {
  private readonly backoff: Backoff
  private readonly clock: { mono(): number }
  private readonly options: ReturnOptions
  private readonly random: () => number
  private since = 0

  constructor(clock: { mono(): number }, options: ReturnOptions = RETURNS, random: () => number = Math.random) {
    this.clock = clock
    this.options = options
    this.random = random
    this.backoff = new Backoff(options, random)
  }

  /** There is no line from now on. */
  begin(): void {
    this.since = this.clock.mono()
  }

  /** How long (ms) to wait after a line that held for so long, or a try that came to nothing: whether anybody heard of it counts. */
  next(heldMs: number, heard: boolean): number {
    if (heldMs >= this.options.healthyAfter) this.begin()
    const { jitter, soon, unheard } = this.options
    const most = heard ? Math.max(soon, (this.clock.mono() - this.since) * SHARE) : unheard
    return Math.min(this.backoff.next(heldMs), Math.round(most * (1 - jitter + 2 * jitter * this.random())))
  }
}
