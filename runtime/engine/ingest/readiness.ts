/** A camera stays hot for so long after it was needed last (ms): a show that goes to and fro must not wait each time. */
const COOL_AFTER_MS = 10_000

/** Whether a camera's session decodes everything, or only keyframes because nobody needs it now. Times are monotonic ms. */
export class Readiness {
  /** The present session gives keyframes only. */
  keysOnly: boolean
  /** It is on its way from keyframes to everything. */
  warming = false
  private standby: boolean
  private needed = false
  private neededAt = Number.NEGATIVE_INFINITY

  constructor(mode: string | undefined) {
    this.standby = mode === 'standby'
    this.keysOnly = this.standby
  }

  /** `tight`: the machine has no room for a camera that does not care. */
  want(mode: string | undefined, needed: boolean, tight = false): void {
    this.standby = mode === 'standby' || (mode === 'auto' && tight)
    this.needed = needed
  }

  /** Answers whether the session must be replaced by one of the other kind. */
  turns(now: number): boolean {
    if (this.needed) this.neededAt = now
    const keysOnly = this.standby && now - this.neededAt >= COOL_AFTER_MS
    if (keysOnly === this.keysOnly) return false
    this.keysOnly = keysOnly
    this.warming = !keysOnly
    return true
  }

  get effective(): 'hot' | 'warming' | 'standby' {
    if (this.keysOnly) return 'standby'
    return this.warming ? 'warming' : 'hot'
  }

  /** Not fit for the program: single pictures, or the last of them. */
  get cold(): boolean {
    return this.keysOnly || this.warming
  }
}
