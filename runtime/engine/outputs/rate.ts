/** A bitrate from readings of a byte counter. */
export class Rate {
  private readings: { at: number; bytes: number }[] = []
  private readonly window: number

  /** `window`: how long it looks back (ms); the default evens out keyframes. */
  constructor(window = 5_000) {
    this.window = window
  }

  /** One reading: monotonic ms and bytes so far. */
  read(at: number, bytes: number): void {
    this.readings.push({ at, bytes })
    // The last reading before the window stays, so that the window is always spanned.
    while (this.readings.length > 2 && at - (this.readings[1]?.at ?? at) >= this.window) this.readings.shift()
  }

  /** kbit/s between the oldest reading kept and the newest. */
  get kbits(): number {
    const first = this.readings[0]
    const last = this.readings.at(-1)
    if (!first || !last || last.at <= first.at) return 0
    return Math.round(((last.bytes - first.bytes) * 8) / (last.at - first.at))
  }
}
