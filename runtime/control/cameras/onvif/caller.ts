import { createHash, randomBytes } from 'node:crypto'
import onvif, { type Done, type Request } from 'onvif/lib/cam.js'
import { type ErrorCode, VistterError } from '../../../contract/errors.ts'
import type { Clock } from '../../../lib/clock.ts'
import { refusal } from './fault.ts'
import { type Answer, post } from './http.ts'
import { escapeXml, soapBody, type Xml } from './soap.ts'

export interface OnvifTarget {
  host: string
  port: number
  username?: string
  password?: string
}

/** The bound of every question to a camera. */
export const ANSWER_MS = 5_000

export interface Bounds {
  ms?: number
  signal?: AbortSignal | undefined
}

interface Question {
  /** clock.mono() */
  until: number
  signal?: AbortSignal | undefined
  /** Of the last answer, untouched by the library. */
  body: Xml | undefined
  /** What that answer meant, where it was a refusal. */
  error: VistterError | undefined
  done(error: unknown): void
}

/**
 * The npm library, made safe: it words the requests and knows where which service is, while sending, reading and signing are
 * ours. Its own sending can wait for ever, its callbacks throw out of the process when an answer is odd, and its signing
 * mangles passwords that are not ASCII and user names with an ampersand.
 */
export class Caller extends onvif.Cam {
  private readonly target: OnvifTarget
  private readonly clock: Clock
  /** By how much the camera's clock is ahead of ours, ms: a signature counts for seconds only. */
  private skew = 0
  private question: Question | undefined

  constructor(target: OnvifTarget, clock: Clock) {
    const { host: hostname, port, username, password } = target
    super({ hostname, port, username, password, autoconnect: false })
    this.target = target
    this.clock = clock
  }

  /** Asks one thing; answers the body of the last answer. Always settles in time, and fails with a VistterError only. */
  async ask(send: (done: Done) => void, { ms = ANSWER_MS, signal }: Bounds = {}): Promise<Xml> {
    const late = new VistterError('PTZ_TIMEOUT', `${this.where} did not answer in time.`)
    if (ms <= 0) throw late
    let timer: NodeJS.Timeout | undefined
    try {
      return await new Promise<Xml>((resolve, reject) => {
        const question: Question = {
          until: this.clock.mono() + ms,
          signal,
          ...{ body: undefined, error: undefined },
          done: error => {
            if (!error) resolve(question.body)
            else reject(error instanceof VistterError ? error : this.odd())
          },
        }
        timer = setTimeout(() => question.done(late), ms)
        this.during(question, () => send(question.done))
      })
    } finally {
      clearTimeout(timer)
    }
  }

  /** Reads the camera's clock. One that cannot be read is taken for right: whether it is shows at the first signature. */
  async readClock(bounds?: Bounds): Promise<void> {
    let told: unknown
    const send = (done: Done) =>
      this.getSystemDateAndTime((error, value) => {
        told = value
        done(error)
      })
    await this.ask(send, bounds).catch((error: VistterError) => {
      if (!STILL_THERE.includes(error.code)) throw error
    })
    const time = told instanceof Date ? told.getTime() : Number.NaN
    this.skew = Number.isNaN(time) ? 0 : time - this.clock.now()
  }

  /** The seam of the library: every request that it makes comes through here. */
  override _request({ service, body }: Request, done: Done): void {
    const { question } = this
    if (!question) throw new Error('a request that nobody waits for')
    const finished = (...told: Parameters<Done>) => this.during(question, () => done.apply(this, told))
    this.exchange(question, service, body).then(
      ({ answer, xml, error }) => finished(error ?? null, [xml], answer.text, answer.status),
      error => finished(error),
    )
  }

  /** Signed by the time of the camera. */
  override _envelopeHeader(): string {
    const { username, password = '' } = this.target
    const xmlns = 'http://www.w3.org/2003/05/soap-envelope'
    const end = '</s:Header><s:Body>'
    if (username === undefined) return `<s:Envelope xmlns:s="${xmlns}"><s:Header>${end}`
    const nonce = randomBytes(16)
    const created = new Date(this.clock.now() + this.skew).toISOString()
    const digest = createHash('sha1').update(nonce).update(created).update(password).digest('base64')
    return (
      `<s:Envelope xmlns:s="${xmlns}"><s:Header><Security s:mustUnderstand="1" xmlns="${WSS}-wssecurity-secext-1.0.xsd">` +
      `<UsernameToken><Username>${escapeXml(username)}</Username>` +
      `<Password Type="${WSS}-username-token-profile-1.0#PasswordDigest">${digest}</Password>` +
      `<Nonce EncodingType="${WSS}-soap-message-security-1.0#Base64Binary">${nonce.toString('base64')}</Nonce>` +
      `<Created xmlns="${WSS}-wssecurity-utility-1.0.xsd">${created}</Created></UsernameToken></Security>${end}`
    )
  }

  protected get where(): string {
    return `${this.target.host}:${this.target.port}`
  }

  private async exchange(question: Question, service: string | undefined, body: string) {
    const path = this.pathOf(service)
    const send = (authorization?: string) =>
      post({
        ...{ host: this.target.host, port: this.target.port, path, body, signal: question.signal },
        ms: question.until - this.clock.mono(),
        headers: {
          'content-type': `application/soap+xml; charset=utf-8; action="${actionOf(body)}"`,
          ...(authorization && { authorization }),
        },
      })
    let answer = await send()
    const authorization = this.authorizationFor(answer, path)
    if (authorization) answer = await send(authorization)
    const xml = soapBody(answer.text)
    question.body = xml
    question.error = refusal(answer, xml, this.where)
    return { answer, xml, error: question.error }
  }

  /** Always at the address that we were given: cameras behind a router announce others, and strangers any. */
  private pathOf(service: string | undefined): string {
    const path = service ? this.uri?.[service]?.path : this.path
    if (path) return path
    throw new VistterError('PTZ_UNSUPPORTED', `The camera has no ONVIF service named ${service}.`)
  }

  /** HTTP's own login, where a camera wants it in place of the one in the envelope. */
  private authorizationFor({ status, challenges }: Answer, path: string): string | undefined {
    const digests = challenges.filter(challenge => challenge.startsWith('Digest '))
    if (status !== 401 || this.target.username === undefined || digests.length === 0) return undefined
    try {
      return this.digestAuth(digests, { method: 'POST', path })
    } catch {
      return undefined
    }
  }

  /**
   * The library goes from request to request in its callbacks, and throws out of them what it did not expect. What it could
   * not digest may still be all that we want to know: the answer itself counts.
   */
  private during(question: Question, step: () => void): void {
    const before = this.question
    this.question = question
    try {
      step()
    } catch {
      question.done(question.error ?? (question.body === undefined ? this.odd() : undefined))
    } finally {
      this.question = before
    }
  }

  private odd(): VistterError {
    return new VistterError('PTZ_BAD_ANSWER', `The answer of ${this.where} has not the shape that ONVIF wants.`)
  }
}

/** Of a clock that cannot be read: the camera is there, it answers, but not with a time. */
const STILL_THERE: ErrorCode[] = ['PTZ_AUTH', 'PTZ_UNSUPPORTED', 'PTZ_REFUSED', 'PTZ_BAD_ANSWER']
const WSS = 'http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss'

/** The operation that a body asks for, as SOAP 1.2 wants it beside the content type. */
function actionOf(body: string): string {
  const [, name = '', namespace = ''] = /<s:Body[^>]*><(\w+) xmlns="([^"]+)"/.exec(body) ?? []
  return `${namespace}/${name}`
}
