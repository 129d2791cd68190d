import { createHash } from 'node:crypto'
import { SoapFault, type SoapRequest } from './soap.ts'

/** A token that is older or younger than this by the camera's own clock could be a recording of an earlier one. */
const FRESH_MS = 5_000
const REMEMBERED = 1_000

/** WS-Security's UsernameToken with a digest (Web Services Security UsernameToken Profile 1.0), as ONVIF's Profile S wants it. */
export class Login {
  private readonly username: string
  private readonly password: string
  private readonly nonces = new Set<string>()

  constructor(username: string, password: string) {
    this.username = username
    this.password = password
  }

  /** HTTP's own login (RFC 7617), which guards the snapshot. */
  isBasic(header: string | undefined): boolean {
    const words = Buffer.from(`${this.username}:${this.password}`).toString('base64')
    return !this.username || header === `Basic ${words}`
  }

  /** Throws unless the request comes from someone who knows the password; `now` is the camera's own clock. */
  check(request: SoapRequest, now: number): void {
    if (!this.username) return
    const token = request.part('UsernameToken')
    const [nonce, created] = [token.word('Nonce') ?? '', token.word('Created') ?? '']
    const hash = createHash('sha1').update(Buffer.from(nonce, 'base64')).update(created).update(this.password)
    if (token.word('Username') !== this.username || token.word('Password') !== hash.digest('base64')) throw refusal()
    if (!(Math.abs(Date.parse(created) - now) <= FRESH_MS)) throw refusal()
    if (this.nonces.has(nonce)) throw refusal()
    this.nonces.add(nonce)
    if (this.nonces.size > REMEMBERED) for (const oldest of [...this.nonces].slice(0, 1)) this.nonces.delete(oldest)
  }
}

/** The camera does not say what is wrong: neither do real ones. */
const refusal = () => new SoapFault(['ter:NotAuthorized'], 'Sender not authorized')
