import type { IncomingMessage, ServerResponse } from 'node:http'
import { createServer, type Server } from 'node:https'
import type { AddressInfo } from 'node:net'
import type { TLSSocket } from 'node:tls'
import { newId } from '../../../runtime/lib/ids.ts'
import { Authority } from './authority.ts'
import { Broker } from './broker.ts'
import { Codes } from './codes.ts'
import { message } from './messages.ts'

interface Asked {
  code?: string
  csr?: string
  device?: { serial: string }
}

/** A Studio to test against: its own CA, pairing in both directions, rotation, and a broker. */
export class ReferenceStudio {
  readonly tenant = newId()
  readonly authority: Authority
  readonly broker: Broker
  readonly codes = new Codes()
  url = ''
  brokers: string[] = []
  /** By how much its clock is ahead of this machine's (ms). */
  ahead = 0
  private readonly offers = new Map<string, Asked & { answer?: object; until: number }>()
  private readonly serials = new Map<string, string>()
  private server: Server | undefined

  private constructor(authority: Authority) {
    this.authority = authority
    this.broker = new Broker(authority)
  }

  static async start(): Promise<ReferenceStudio> {
    const authority = await Authority.make()
    const studio = new ReferenceStudio(authority)
    const { mqtts, wss } = await studio.broker.start()
    studio.brokers = [mqtts, wss]
    const own = await authority.forServer()
    const server = createServer(
      { ...own, ca: authority.pem, requestCert: true, rejectUnauthorized: false },
      (request, response) => {
        studio.answer(request, response).catch(() => response.writeHead(500).end())
      },
    )
    studio.server = server
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
    studio.url = `https://localhost:${(server.address() as AddressInfo).port}`
    return studio
  }

  now(): number {
    return Date.now() + this.ahead
  }

  /** A code for somebody to type in at an appliance. */
  issue(code = 'ABCD-2345'): string {
    this.codes.issue(code, this.now())
    return code
  }

  /** Somebody types in the code that an appliance shows. */
  async accept(code: string): Promise<boolean> {
    const offer = this.offers.get(code)
    if (!offer || offer.until < this.now()) return false
    offer.answer = await this.pairing(offer)
    return true
  }

  /** Answers the id of the command. */
  async send(appliance: string, type: string, data: object, envelope: object = {}): Promise<string> {
    const time = new Date(this.now()).toISOString()
    const command = message(type, data, { time, ...envelope })
    await this.broker.send(`vistter/v1/${this.tenant}/${appliance}/command`, command)
    return command.id
  }

  /** What was heard on a topic, without repetitions. */
  told(topic: string): Record<string, unknown>[] {
    const all = this.broker.heard.filter(heard => heard.topic.endsWith(`/${topic}`)).map(heard => heard.message)
    return [...new Map(all.map(one => [one.id, one])).values()]
  }

  acks(command: string): unknown[] {
    const data = this.told('ack').map(ack => ack.data as { command: string; status: string })
    return data.filter(ack => ack.command === command).map(({ status }) => status)
  }

  async stop(): Promise<void> {
    this.server?.closeAllConnections()
    await new Promise(resolve => (this.server ? this.server.close(resolve) : resolve(undefined)))
    await this.broker.stop()
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { status, body } = await this.reply(request)
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
  }

  private async reply(request: IncomingMessage): Promise<{ status: number; body: object }> {
    const { url = '', socket } = request
    const offered = /^\/v1\/pair\/offer\/(.+)$/.exec(url)?.[1]
    if (offered !== undefined) return this.look(decodeURIComponent(offered))
    let text = ''
    for await (const chunk of request) text += chunk
    const asked = JSON.parse(text) as Asked
    if (url === '/v1/pair') return this.pair(asked)
    if (url === '/v1/pair/offer') {
      this.offers.set(String(asked.code), { ...asked, until: this.now() + 10 * 60_000 })
      return { status: 202, body: {} }
    }
    if (url === '/v1/rotate') return this.rotate(socket as TLSSocket, asked)
    return { status: 404, body: {} }
  }

  private async pair(asked: Asked): Promise<{ status: number; body: object }> {
    const verdict = this.codes.redeem(String(asked.code), asked.device?.serial ?? '', this.now())
    if (verdict === 'ok') return { status: 200, body: await this.pairing(asked) }
    const status = { wrong: 404, expired: 410, locked: 429 }[verdict]
    return { status, body: { code: `STUDIO_CODE_${verdict.toUpperCase()}` } }
  }

  private look(code: string): { status: number; body: object } {
    const offer = this.offers.get(code)
    if (!offer || offer.until < this.now()) return { status: 410, body: {} }
    return offer.answer ? { status: 200, body: offer.answer } : { status: 202, body: {} }
  }

  private async rotate(socket: TLSSocket, { csr = '' }: Asked): Promise<{ status: number; body: object }> {
    const appliance = String(socket.getPeerCertificate().subject?.CN ?? '')
    if (!socket.authorized || this.broker.revoked.has(appliance)) return { status: 403, body: {} }
    return { status: 200, body: await this.certified(csr, appliance) }
  }

  private pairing({ csr = '', device }: Asked): Promise<object> {
    const serial = device?.serial ?? ''
    const appliance = this.serials.get(serial) ?? newId()
    this.serials.set(serial, appliance)
    return this.certified(csr, appliance)
  }

  private async certified(csr: string, appliance: string): Promise<object> {
    const certificate = await this.authority.sign(csr, appliance)
    return { certificate, ca: this.authority.pem, tenant: this.tenant, appliance, brokers: this.brokers }
  }
}
