import { type Clock, sleep } from '../../../lib/clock.ts'

/** A pause up to this long (ms), such as between two files, is made up for; what was idle longer begins anew. */
const MADE_UP = 1_000

/** Holds bytes back so that they keep to a rate, over however many files they come from. */
export class Pace {
  /** When the next byte may go (monotonic ms). */
  private due = 0
  private readonly clock: Clock
  private readonly kbits: () => number

  /** `kbits` is asked each time: a rate that was changed counts at once. */
  constructor(clock: Clock, kbits: () => number) {
    this.clock = clock
    this.kbits = kbits
  }

  /** Resolves when these bytes may go. */
  async take(bytes: number, signal: AbortSignal): Promise<void> {
    const now = this.clock.mono()
    const at = now - this.due > MADE_UP ? now : this.due
    this.due = at + (bytes * 8) / this.kbits()
    if (at > now) await sleep(at - now, signal)
  }
}
