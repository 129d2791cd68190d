/** Pairing codes of a Studio: good for ten minutes and once; five wrong tries of a device lock it out for as long. */
const LIFE = 10 * 60_000
const TRIES = 5

type Verdict = 'ok' | 'wrong' | 'expired' | 'locked'

export class Codes {
  private readonly issued = new Map<string, { until: number; used: boolean }>()
  private readonly tries = new Map<string, { count: number; until: number }>()

  issue(code: string, now: number): void {
    this.issued.set(code, { until: now + LIFE, used: false })
  }

  redeem(code: string, serial: string, now: number): Verdict {
    const tried = this.tries.get(serial)
    const count = tried && tried.until > now ? tried.count : 0
    if (count >= TRIES) return 'locked'
    const known = this.issued.get(code)
    if (known && !known.used && known.until > now) {
      known.used = true
      this.tries.delete(serial)
      return 'ok'
    }
    this.tries.set(serial, { count: count + 1, until: now + LIFE })
    return known ? 'expired' : 'wrong'
  }
}
