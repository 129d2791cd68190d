interface Late {
  overlay: string
  cue: string
}

/** What was in time for so long (ms) is news when it is late again: a clock that lags each second is one trouble. */
const WELL_MS = 60_000
/** More are not kept. */
const MOST = 1_000

/** Which cues are late that were not before. */
export class Tardy {
  private readonly seen = new Map<string, number>()

  fresh<L extends Late>(late: L[], now: number): L[] {
    for (const [key, at] of this.seen) if (now - at >= WELL_MS) this.seen.delete(key)
    return late.filter(({ overlay, cue }) => {
      const key = JSON.stringify([overlay, cue])
      const known = this.seen.has(key)
      if (known || this.seen.size < MOST) this.seen.set(key, now)
      return !known && this.seen.has(key)
    })
  }
}
