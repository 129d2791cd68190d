import { type Fault, fault, type VistterError } from '../../../contract/errors.ts'
import { Backoff } from '../../../lib/backoff.ts'
import { type Clock, rfc3339 } from '../../../lib/clock.ts'

const RETRY = { first: 2_000, max: 300_000, jitter: 0.2, healthyAfter: 60_000 }
/** A recording that cannot be read is left out for this long (ms); the others go on. */
const UNREADABLE = 300_000

interface Hindrance {
  recording: string
  error: Fault
  /** Monotonic ms. */
  until: number
  nextAt: string
}

/** What keeps uploads from going on, and for how long: the other side, or the files of a single recording. */
export class Hindrances {
  private readonly backoff = new Backoff(RETRY)
  private readonly unreadable = new Map<string, Hindrance>()
  private general: Hindrance | undefined
  private told: string | undefined
  private readonly clock: Clock

  constructor(clock: Clock) {
    this.clock = clock
  }

  /** Whether the other side may be tried. */
  get mayTry(): boolean {
    return this.clock.mono() >= (this.general?.until ?? 0)
  }

  /** Whether this recording is left out for now. */
  leavesOut(recording: string): boolean {
    const until = this.unreadable.get(recording)?.until
    if (until === undefined || this.clock.mono() < until) return until !== undefined
    this.unreadable.delete(recording)
    return false
  }

  of(recording: string): Pick<Hindrance, 'error' | 'nextAt'> | undefined {
    const own = this.unreadable.get(recording)
    return own ?? (this.general?.recording === recording ? this.general : undefined)
  }

  /** Answers whether it is only this recording's own, and whether it is news: hours without internet are one event. */
  add(recording: string, { code, message }: VistterError): { own: boolean; news: boolean } {
    const own = code === 'UPLOAD_FILE'
    const wait = own ? UNREADABLE : this.backoff.next(0)
    const until = this.clock.mono() + wait
    const hindrance = { recording, error: fault(code, message), until, nextAt: rfc3339(this.clock.now() + wait) }
    if (own) {
      this.unreadable.set(recording, hindrance)
      return { own, news: true }
    }
    this.general = hindrance
    const news = this.told !== code
    this.told = code
    return { own, news }
  }

  /** Something was acknowledged. Answers whether that is news. */
  over(): boolean {
    const news = this.told !== undefined
    this.backoff.reset()
    this.general = undefined
    this.told = undefined
    return news
  }

  /** The recording is gone. */
  forget(recording: string): void {
    this.unreadable.delete(recording)
  }

  /** Another place: everything is tried at once. */
  clear(): void {
    this.unreadable.clear()
    this.backoff.reset()
    this.general = undefined
  }
}
