import { RateLimiterMemory } from 'rate-limiter-flexible'
import { VistterError } from '../../contract/errors.ts'
import type { Recorder } from '../ports.ts'

const WRONG_IN_A_ROW = 5
/** Wrong tries are counted over this long, and the door is closed for this long after the last (s). */
const WINDOW = 900
const CLOSED = 60

interface Deps {
  verify(username: string, password: string): Promise<{ id: string; username: string } | undefined>
  begin(userId: string): Promise<string>
  record: Recorder
}

/**
 * Turns name and password into a session. After five wrong tries in a row, of one user from one address or from one
 * address at all, the door is closed for a minute: 429 with Retry-After. Each try is written
 * down, and the closing once.
 */
export class SignIn {
  private readonly limiter = new RateLimiterMemory({ points: WRONG_IN_A_ROW, duration: WINDOW })
  private readonly waiting = new Map<string, Promise<unknown>>()
  private readonly deps: Deps

  constructor(deps: Deps) {
    this.deps = deps
  }

  /** Answers the cookie's value. Throws WRONG_PASSWORD or TOO_MANY_TRIES (with `retryAfter` in seconds). */
  async with(username: string, password: string, address: string): Promise<string> {
    const keys = [`user:${username.toLowerCase()}@${address}`, `address:${address}`]
    await this.refuseWhileClosed(keys)
    return this.inTurn(address, () => this.attempt(keys, username, password, address))
  }

  private async attempt(keys: string[], username: string, password: string, address: string): Promise<string> {
    await this.refuseWhileClosed(keys)
    const { verify, begin, record } = this.deps
    const user = await verify(username, password)
    const data = { username, address }
    if (!user) {
      const closed = await Promise.all(keys.map(key => this.countWrong(key)))
      record({ type: 'auth.failed', severity: 'warning', message: `Wrong sign-in from ${address}.`, data })
      if (closed.some(Boolean)) {
        // Told once, when the door closes: who keeps knocking must not fill the log.
        const message = `Too many wrong sign-ins from ${address}; closed for ${CLOSED} s.`
        record({ type: 'auth.blocked', severity: 'warning', message, data })
      }
      throw new VistterError('WRONG_PASSWORD', 'User name or password is wrong.')
    }
    await Promise.all(keys.map(key => this.limiter.delete(key)))
    const message = `${user.username} signed in from ${address}.`
    record({ type: 'auth.signed-in', severity: 'info', message, data, actor: user.username })
    return begin(user.id)
  }

  /** Answers whether this was one too many. */
  private async countWrong(key: string): Promise<boolean> {
    const { consumedPoints } = await this.limiter.penalty(key)
    if (consumedPoints < WRONG_IN_A_ROW) return false
    await this.limiter.block(key, CLOSED)
    return true
  }

  private async refuseWhileClosed(keys: string[]): Promise<void> {
    const limits = await Promise.all(keys.map(key => this.limiter.get(key)))
    const closed = limits.filter(limit => limit !== null && limit.consumedPoints >= WRONG_IN_A_ROW)
    if (closed.length === 0) return
    const retryAfter = Math.max(1, ...closed.map(limit => Math.ceil((limit?.msBeforeNext ?? 0) / 1_000)))
    throw new VistterError('TOO_MANY_TRIES', `Too many wrong tries. Try again in ${retryAfter} s.`, { retryAfter })
  }

  /** One try at a time from one address: a hundred at once are no way around the count, nor take all memory for scrypt. */
  private inTurn<T>(address: string, work: () => Promise<T>): Promise<T> {
    const result = (this.waiting.get(address) ?? Promise.resolve()).then(work)
    const settled = result
      .catch(() => {})
      .then(() => {
        if (this.waiting.get(address) === settled) this.waiting.delete(address)
      })
    this.waiting.set(address, settled)
    return result
  }
}
