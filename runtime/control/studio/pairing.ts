import { randomInt } from 'node:crypto'
import { asErrorCode, type Fault, VistterError } from '../../contract/errors.ts'
import type { Device, PairAnswer } from '../../contract/generated/studio.v1.ts'
import schema from '../../contract/schemas/studio.v1.json' with { type: 'json' }
import { problemText, validator } from '../../contract/validate.ts'
import { type Clock, sleep } from '../../lib/clock.ts'
import type { Shelf } from '../ports.ts'
import { type Answer, ask, type Surroundings } from './ask.ts'
import type { Credentials } from './dial.ts'
import { checkCertificate, makeKey } from './identity.ts'

/** The pairing, as it is kept; the key beside it, sealed. */
export interface PairingBody {
  studio: string
  tenant: string
  appliance: string
  brokers: string[]
  certificate: string
  ca: string
  /** UTC ms. */
  since: number
}

/** Who this box is for Studio. */
export interface Paired
  extends Credentials,
    Pick<PairingBody, 'studio' | 'tenant' | 'appliance' | 'brokers' | 'since'> {
  topics: string
  source: string
}

/** A code that this box shows, to be typed in at Studio. */
export interface Shown {
  code: string
  studio: string
  /** UTC ms. */
  until: number
}

interface Deps {
  shelf: Shelf<PairingBody>
  clock: Clock
  device(): Promise<Device>
  surroundings(): Surroundings
  /** It is another pairing now, or none. */
  changed(): void
  /** A shown code came to nothing. */
  failed(fault: Fault): void
  pollMs?: number
  codeMs?: number
}

const THE_ONE = 'pairing'
const CODE_LIFE = 10 * 60_000
const POLL = 3_000
/** Without those that people take for one another. */
const LETTERS = '23456789ABCDEFGHJKMNPQRSTVWXYZ'

const checkAnswer = validator<PairAnswer>({ $schema: schema.$schema, $ref: '#/$defs/PairAnswer', $defs: schema.$defs })

/** How this box and a Studio come to trust each other: by a code that a person carries from one to the other. */
export class Pairing {
  private showing: (Shown & { life: AbortController }) | undefined
  private waiting: Promise<void> = Promise.resolve()
  private readonly deps: Deps

  constructor(deps: Deps) {
    this.deps = deps
  }

  get now(): Paired | undefined {
    const kept = this.deps.shelf.find(THE_ONE)
    if (!kept?.secrets.key) return undefined
    const { tenant, appliance } = kept.body
    return {
      ...{ ...kept.body, key: kept.secrets.key },
      topics: `vistter/v1/${tenant}/${appliance}`,
      source: `vistter://${tenant}/${appliance}`,
    }
  }

  /** The code to type in at Studio, while it is good. */
  get shown(): Shown | undefined {
    return this.showing && { code: this.showing.code, studio: this.showing.studio, until: this.showing.until }
  }

  /** With a code that Studio shows. */
  async pair(studio: string, code: string): Promise<void> {
    this.refuseSecond()
    await this.withdraw()
    const { key, request } = await this.request(code.trim())
    await this.keep(studio, key, await this.post(studio, '/v1/pair', request))
  }

  /** With a code that this box shows, until somebody types it in at Studio or its time is over. */
  async show(studio: string): Promise<Shown> {
    this.refuseSecond()
    await this.withdraw()
    const code = newCode()
    const { key, request } = await this.request(code)
    const answer = await this.call(studio, '/v1/pair/offer', 'POST', request)
    if (answer.status >= 300) throw refusalOf(answer)
    const life = new AbortController()
    const until = this.deps.clock.now() + (this.deps.codeMs ?? CODE_LIFE)
    this.showing = { code, studio, until, life }
    this.waiting = this.wait(studio, code, key, life.signal)
      .catch(error =>
        this.deps.failed(
          error instanceof VistterError
            ? error.fault
            : new VistterError('INTERNAL', 'The pairing came to nothing.').fault,
        ),
      )
      .finally(() => {
        if (this.showing?.life === life) this.showing = undefined
      })
    return { code, studio, until }
  }

  /** A new key and a new certificate; the present ones are good until these are kept. */
  async rotate(): Promise<void> {
    const present = this.now
    if (!present) throw new VistterError('STUDIO_NOT_PAIRED', 'This box belongs to no Studio.')
    const { serial } = await this.deps.device()
    const { key, csr } = await makeKey(serial)
    const { key: oldKey, certificate: cert } = present
    const answer = await this.call(present.studio, '/v1/rotate', 'POST', { csr }, { key: oldKey, cert })
    if (answer.status >= 300) throw refusalOf(answer)
    await this.keep(present.studio, key, answer)
  }

  /** The key is gone afterwards. */
  async forget(): Promise<void> {
    await this.withdraw()
    if (await this.deps.shelf.remove(THE_ONE)) this.deps.changed()
  }

  /** The code that is shown is good no longer. */
  async withdraw(): Promise<void> {
    this.showing?.life.abort()
    this.showing = undefined
    await this.waiting
  }

  private refuseSecond(): void {
    const { now } = this
    if (now) throw new VistterError('STUDIO_PAIRED', `This box belongs to ${new URL(now.studio).host} already.`)
  }

  private async request(code: string) {
    const device = await this.deps.device()
    const { key, csr } = await makeKey(device.serial)
    return { key, request: { code, csr, device } }
  }

  private async post(studio: string, path: string, body: object): Promise<Answer> {
    const answer = await this.call(studio, path, 'POST', body)
    if (answer.status >= 300) throw refusalOf(answer)
    return answer
  }

  private call(studio: string, path: string, method: 'GET' | 'POST', body?: object, more = {}): Promise<Answer> {
    const url = `${studio.replace(/\/+$/, '')}${path}`
    return ask({ url, method, ...(body && { body }), ...more, ...this.deps.surroundings() })
  }

  private async wait(studio: string, code: string, key: string, signal: AbortSignal): Promise<void> {
    const { clock, codeMs = CODE_LIFE, pollMs = POLL } = this.deps
    const end = clock.mono() + codeMs
    while (clock.mono() < end) {
      await sleep(pollMs, signal)
      if (signal.aborted) return
      // Studio out of reach for a moment is no reason to give the code up.
      const answer = await this.call(studio, `/v1/pair/offer/${code}`, 'GET', undefined, { signal }).catch(
        () => undefined,
      )
      if (signal.aborted) return
      if (answer?.status === 200) return this.keep(studio, key, answer)
      if (answer && answer.status >= 400 && answer.status < 500) throw refusalOf(answer)
    }
    throw new VistterError('STUDIO_CODE_EXPIRED', 'Nobody typed the code in within its time.')
  }

  private async keep(studio: string, key: string, { body: answer }: Answer): Promise<void> {
    const { shelf, clock, changed } = this.deps
    const checked = checkAnswer(answer)
    if (!checked.ok)
      throw new VistterError(
        'STUDIO_BAD_ANSWER',
        `What Studio answers is no pairing: ${problemText(checked.problems)}.`,
      )
    const { certificate, ca, tenant, appliance, brokers } = checked.value
    checkCertificate({ key, certificate, ca }, clock.now())
    const body = { ...{ studio, tenant, appliance, brokers, certificate, ca }, since: clock.now() }
    await shelf.write(THE_ONE, () => ({ body, secrets: { key } }))
    changed()
  }
}

function newCode(): string {
  const letters = Array.from({ length: 8 }, () => LETTERS[randomInt(LETTERS.length)])
  return `${letters.slice(0, 4).join('')}-${letters.slice(4).join('')}`
}

/** By the status; a Studio that knows our codes says it more exactly. */
function refusalOf({ status, body }: Answer): VistterError {
  const said = asErrorCode(typeof body.code === 'string' ? body.code : undefined)
  if (status === 410 || status === 409 || said === 'STUDIO_CODE_EXPIRED')
    return new VistterError('STUDIO_CODE_EXPIRED', 'This code is not good any more.')
  if (status === 429 || said === 'STUDIO_CODE_LOCKED')
    return new VistterError('STUDIO_CODE_LOCKED', 'Studio has locked the code after too many wrong tries.')
  if (said === 'STUDIO_CODE_WRONG' || status === 422)
    return new VistterError('STUDIO_CODE_WRONG', 'Studio does not know this code.')
  if (status === 401 || status === 403)
    return new VistterError('STUDIO_CERTIFICATE', 'Studio does not accept the certificate of this box.')
  return new VistterError('STUDIO_BAD_ANSWER', `Studio answers with ${status}.`)
}
