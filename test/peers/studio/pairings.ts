import { Pkcs10CertificateRequest } from '@peculiar/x509'
import type { PairAnswer, PairRequest } from '../../../runtime/contract/generated/studio.v1.ts'
import { newId } from '../../../runtime/lib/ids.ts'
import type { Authority } from './authority.ts'
import { Codes } from './codes.ts'
import type { KnownAppliance } from './ledger.ts'

export interface Reply {
  status: number
  body: object
}

interface Deps {
  authority: Authority
  tenant: string
  now(): number
  brokers(): string[]
  /** PEM: who signs the brokers' certificates, where that is another one. */
  brokerCa?: string | undefined
  known(): KnownAppliance[]
  keep(appliance: KnownAppliance): void
}

interface Offer {
  asked: PairRequest
  answer?: PairAnswer
  until: number
}

const LIFE = 10 * 60_000
const said = (status: number, code: string, detail: string): Reply => ({ status, body: { code, detail } })

/** Studio's side of pairing: by a code that it shows, by a code that the appliance shows, and rotation of certificates. */
export class Pairings {
  readonly codes = new Codes()
  private readonly offers = new Map<string, Offer>()
  private readonly deps: Deps

  constructor(deps: Deps) {
    this.deps = deps
  }

  /** Appliances that show a code at this moment. */
  get waiting(): { serial: string; model: string; until: number }[] {
    const now = this.deps.now()
    return [...this.offers.values()]
      .filter(({ answer, until }) => !answer && until > now)
      .map(({ asked: { device }, until }) => ({ serial: device.serial, model: device.model, until }))
  }

  async pair(body: unknown): Promise<Reply> {
    const asked = await this.read(body)
    if ('status' in asked) return asked
    const verdict = this.codes.redeem(asked.code, asked.device.serial, this.deps.now())
    if (verdict === 'ok') return { status: 200, body: await this.pairing(asked) }
    const status = { wrong: 404, expired: 410, locked: 429 }[verdict]
    return said(status, `STUDIO_CODE_${verdict.toUpperCase()}`, 'Ask for a new code in Studio.')
  }

  async offer(body: unknown): Promise<Reply> {
    const asked = await this.read(body)
    if ('status' in asked) return asked
    const now = this.deps.now()
    for (const [code, { until }] of this.offers) if (until + LIFE < now) this.offers.delete(code)
    const present = this.offers.get(asked.code)
    if (present && present.asked.csr !== asked.csr)
      return said(409, 'STUDIO_CODE_EXPIRED', 'Another appliance shows this code: make another one.')
    if (!present) this.offers.set(asked.code, { asked, until: now + LIFE })
    return { status: 202, body: {} }
  }

  look(code: string): Reply {
    const offer = this.offers.get(code)
    if (!offer || offer.until < this.deps.now())
      return said(410, 'STUDIO_CODE_EXPIRED', 'This code is not good, or not any more.')
    return offer.answer ? { status: 200, body: offer.answer } : { status: 202, body: {} }
  }

  /** Somebody types in the code that an appliance shows. */
  async accept(code: string): Promise<boolean> {
    const offer = this.offers.get(code)
    if (!offer || offer.answer || offer.until < this.deps.now()) return false
    offer.answer = await this.pairing(offer.asked)
    return true
  }

  /** `appliance` is who the connection is from, by its certificate. */
  async rotate(appliance: string | undefined, body: unknown): Promise<Reply> {
    if (!appliance || !this.deps.known().some(({ id, revoked }) => id === appliance && !revoked))
      return said(403, 'STUDIO_CERTIFICATE', 'This certificate is not one of a paired appliance.')
    const { csr } = (body ?? {}) as { csr?: unknown }
    if (!(await isRequest(csr))) return said(400, 'BAD_REQUEST', '`csr` is no certificate request, signed by its key.')
    return { status: 200, body: await this.certified(String(csr), appliance) }
  }

  private async read(body: unknown): Promise<PairRequest | Reply> {
    const { code, csr, device } = (body ?? {}) as { [K in keyof PairRequest]?: unknown }
    const { serial, model = '', software = '', capabilities = {} } = (device ?? {}) as Partial<PairRequest['device']>
    if (typeof code !== 'string' || code === '') return said(400, 'BAD_REQUEST', '`code` is missing.')
    if (typeof serial !== 'string' || serial === '') return said(400, 'BAD_REQUEST', '`device.serial` is missing.')
    if (!(await isRequest(csr, serial)))
      return said(400, 'BAD_REQUEST', '`csr` is no certificate request for this serial, signed by its key.')
    return { code, csr: String(csr), device: { serial, model, software, capabilities } }
  }

  /** The same box keeps its id, whoever it belonged to in between. */
  private pairing({ csr, device }: PairRequest): Promise<PairAnswer> {
    const { known, keep, now } = this.deps
    const { serial, model, software } = device
    const id = known().find(one => one.serial === serial)?.id ?? newId()
    keep({ id, serial, model, software, pairedAt: new Date(now()).toISOString(), revoked: false })
    return this.certified(csr, id)
  }

  private async certified(csr: string, appliance: string): Promise<PairAnswer> {
    const { authority, tenant, brokers, brokerCa } = this.deps
    const certificate = await authority.sign(csr, appliance)
    return {
      certificate,
      ca: brokerCa ?? authority.pem,
      tenant,
      appliance,
      brokers: brokers() as PairAnswer['brokers'],
    }
  }
}

async function isRequest(csr: unknown, serial?: string): Promise<boolean> {
  if (typeof csr !== 'string') return false
  try {
    const request = new Pkcs10CertificateRequest(csr)
    return (await request.verify()) && (serial === undefined || request.subjectName.getField('CN')[0] === serial)
  } catch {
    return false
  }
}
