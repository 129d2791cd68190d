/** What is shown when nothing has a picture. */
export const BLACK = 'black'

/** The source that is always there, in the chain or not: rather it than black. */
export const SLATE = 'slate'

/** A source that was replaced comes back when it has delivered for this long (ms): one stray frame is no recovery. */
export const STEADY_MS = 500

/** A camera that is warmed up for its take has this long (ms): two keyframes of most, and the connection before them. */
export const WARM_WITHIN_MS = 10_000

/** How a source lives, at one moment. Times in monotonic ms. */
export interface Vital {
  /** It has a picture that counts as live: a still, or a frame younger than the threshold. */
  alive: boolean
  /** It has delivered long enough to come back to. */
  steady: boolean
  /** It is being warmed up: its picture comes soon. */
  warming?: boolean
  lastArrival: number | undefined
}

type Vitals = (id: string) => Vital | undefined

/**
 * Which source is on air, given what is wanted, the fallback chain and who lives. One step a frame; no clock of its own.
 *
 * The wanted one, when it lives. A take to one that does not live yet keeps the present picture (the slate, when there is
 * none) until it does or until the threshold has passed; one that is being warmed up is waited for longer. Else the first steady one of the chain, then any living one, then
 * the slate. Else the last picture, until the threshold has passed since it was new; then black.
 */
export class Chooser {
  wanted: string | undefined
  /** Outranks what is wanted while it lives; takes are kept meanwhile. */
  forced: string | undefined
  /** Whether the wanted one was replaced, and so has to deliver steadily before it comes back. */
  failed = false
  onAir = BLACK
  chain: string[] = []
  thresholdMs: number
  private wantedSince = 0

  constructor(thresholdMs: number) {
    this.thresholdMs = thresholdMs
  }

  get fallback(): boolean {
    return this.failed && this.forced === undefined && this.onAir !== this.wanted
  }

  want(id: string, now: number): void {
    this.wanted = id
    this.wantedSince = now
    this.failed = false
  }

  /** After a release the wanted one gets its time to appear, as if it had just been taken. */
  force(id: string | undefined, now: number): void {
    this.forced = id
    if (id === undefined && this.wanted !== undefined) this.want(this.wanted, now)
  }

  step(now: number, vitals: Vitals): string {
    this.onAir = this.choose(now, vitals)
    return this.onAir
  }

  private choose(now: number, vitals: Vitals): string {
    const { wanted, forced } = this
    if (forced !== undefined && vitals(forced)?.alive) return forced
    if (wanted === BLACK) return BLACK
    if (wanted === undefined) return this.unasked(vitals)
    const living = vitals(wanted)?.alive ?? false
    if (living && (this.onAir === wanted || !this.failed || vitals(wanted)?.steady)) {
      this.failed = false
      return wanted
    }
    const presentLives = this.onAir === BLACK || (vitals(this.onAir)?.alive ?? false)
    const patience = vitals(wanted)?.warming ? Math.max(WARM_WITHIN_MS, this.thresholdMs) : this.thresholdMs
    const patient = this.onAir !== wanted && now - this.wantedSince < patience
    if (!living && !this.failed && patient && presentLives)
      return this.onAir === BLACK ? this.unasked(vitals) : this.onAir
    this.failed = true
    return this.substitute(vitals) ?? (living ? wanted : this.held(now, vitals))
  }

  private substitute(vitals: Vitals): string | undefined {
    const living = this.chain.filter(id => id !== this.wanted && vitals(id)?.alive)
    const found = living.find(id => id === this.onAir || vitals(id)?.steady) ?? living[0]
    return found ?? (this.wanted !== SLATE && vitals(SLATE)?.alive ? SLATE : undefined)
  }

  /** Before anything was asked for, or while it is waited for. */
  private unasked(vitals: Vitals): string {
    return vitals(SLATE)?.alive ? SLATE : BLACK
  }

  private held(now: number, vitals: Vitals): string {
    const last = vitals(this.onAir)?.lastArrival
    return last !== undefined && now - last < this.thresholdMs ? this.onAir : BLACK
  }
}
