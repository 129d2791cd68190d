import type { IncomingMessage, ServerResponse } from 'node:http'
import { createServer, type Server } from 'node:https'
import type { AddressInfo } from 'node:net'
import type { TLSSocket } from 'node:tls'
import { newId } from '../../../runtime/lib/ids.ts'
import { Authority } from './authority.ts'
import { Broker } from './broker.ts'
import { type Acked, Ledger } from './ledger.ts'
import { message } from './messages.ts'
import { Pairings, type Reply } from './pairings.ts'
import type { Post } from './post.ts'

interface Options<P extends Post> {
  authority: Authority
  ledger?: Ledger
  post: P
  host?: string
  port?: number
  /** Names by which other machines know this one; the first is told to appliances. */
  names?: string[]
  brokerCa?: string
}

/** What else is answered at Studio's address; false: nothing that it knows. */
type More = (request: IncomingMessage, response: ServerResponse) => Promise<boolean>

const LONGEST = 1_048_576
const REMEMBERED = 20_000
const TOPICS = ['ack', 'event', 'telemetry', 'status']

/** A Studio to test against: its own CA, pairing in both directions, rotation, and a broker. */
export class ReferenceStudio<P extends Post = Post> {
  readonly tenant: string
  readonly authority: Authority
  readonly broker: P
  readonly ledger: Ledger
  readonly pairings: Pairings
  url = ''
  brokers: string[] = []
  /** By how much its clock is ahead of this machine's (ms). */
  ahead = 0
  /** Told after the ledger has it. */
  onTold: (appliance: string, topic: string, message: Record<string, unknown>) => void = () => {}
  /** Messages that were no JSON object, or not where they belong. */
  junk = 0
  more: More = async () => false
  private turn = 0
  private server: Server | undefined
  private readonly options: Options<P>

  private constructor(options: Options<P>) {
    const { authority, ledger = new Ledger(), post, brokerCa } = options
    this.options = options
    this.authority = authority
    this.ledger = ledger
    this.broker = post
    this.tenant = ledger.note('tenant', newId)
    this.pairings = new Pairings({
      ...{ authority, brokerCa, tenant: this.tenant, now: () => this.now(), brokers: () => this.brokersInTurn() },
      known: () => ledger.appliances(),
      keep: appliance => {
        post.revoked.delete(appliance.id)
        ledger.keep(appliance)
      },
    })
    post.onMessage = (topic, heard) => this.hear(topic, heard)
  }

  /** One with a broker of its own, that forgets everything at its end. */
  static async start(): Promise<ReferenceStudio<Broker>> {
    const authority = await Authority.make()
    return ReferenceStudio.open({ authority, post: new Broker(authority) })
  }

  static async open<P extends Post>(options: Options<P>): Promise<ReferenceStudio<P>> {
    const studio = new ReferenceStudio(options)
    await studio.listen()
    return studio
  }

  now(): number {
    return Date.now() + this.ahead
  }

  get codes() {
    return this.pairings.codes
  }

  /** A code for somebody to type in at an appliance. */
  issue(code = 'ABCD-2345'): string {
    this.codes.issue(code, this.now())
    return code
  }

  /** Somebody types in the code that an appliance shows. */
  accept(code: string): Promise<boolean> {
    return this.pairings.accept(code)
  }

  /** Answers the id of the command. */
  async send(appliance: string, type: string, data: object, envelope: object = {}): Promise<string> {
    const time = new Date(this.now()).toISOString()
    const command = message(type, data, { time, source: `${this.url}/tenants/${this.tenant}`, ...envelope })
    if (type !== 'heartbeat') this.ledger.sent(appliance, command)
    await this.broker.send(this.topic(appliance), command)
    return command.id
  }

  topic(appliance: string): string {
    return `vistter/v1/${this.tenant}/${appliance}/command`
  }

  /** Its certificate is good no longer, and its line is cut. */
  revoke(appliance: string): void {
    const known = this.ledger.appliances().find(({ id }) => id === appliance)
    if (known) this.ledger.keep({ ...known, revoked: true })
    this.broker.revoked.add(appliance)
    this.broker.cut(appliance)
  }

  /** What was heard on a topic, without repetitions, in the order in which it came. */
  told(topic: string): Record<string, unknown>[] {
    return this.ledger.heardOn(topic)
  }

  acks(command: string): unknown[] {
    return this.acked(command).map(({ status }) => status)
  }

  acked(command: string): Acked[] {
    return this.ledger.acks(command)
  }

  async stop(): Promise<void> {
    this.server?.closeAllConnections()
    await new Promise(resolve => (this.server ? this.server.close(resolve) : resolve(undefined)))
    await this.broker.stop()
    this.ledger.close()
  }

  private async listen(): Promise<void> {
    const { authority, ledger, options } = this
    const { host = '127.0.0.1', port = 0, names = [] } = options
    for (const { id, revoked } of ledger.appliances()) if (revoked) this.broker.revoked.add(id)
    this.brokers = Object.values(await this.broker.start())
    const own = await authority.forServer({}, names)
    const server = createServer(
      { ...own, ca: authority.pem, requestCert: true, rejectUnauthorized: false, minVersion: 'TLSv1.2' },
      (request, response) => {
        this.answer(request, response).catch(() => response.headersSent || response.writeHead(500).end('{}'))
      },
    )
    this.server = server
    await new Promise<void>((resolve, reject) => server.once('error', reject).listen(port, host, resolve))
    this.url = `https://${names[0] ?? 'localhost'}:${(server.address() as AddressInfo).port}`
  }

  /** Each node of a cluster is the first choice of as many appliances; ways stay in their order. */
  private brokersInTurn(): string[] {
    const turn = this.turn++
    return this.brokers.map(url => {
      const same = this.brokers.filter(other => new URL(other).protocol === new URL(url).protocol)
      return same[(same.indexOf(url) + turn) % same.length] ?? url
    })
  }

  private hear(topic: string, heard: Record<string, unknown> | undefined): void {
    const [, , tenant, appliance = '', which = ''] = topic.split('/')
    if (!heard || tenant !== this.tenant || !TOPICS.includes(which)) {
      this.junk++
      return
    }
    this.broker.heard.push({ topic, message: heard, at: performance.now() })
    if (this.broker.heard.length > REMEMBERED) this.broker.heard.splice(0, REMEMBERED / 2)
    if (!this.ledger.heard(appliance, which, heard)) return
    if (which === 'ack') this.erased(appliance, heard.data as object)
    this.onTold(appliance, which, heard)
  }

  /** Its key is gone: it does not come back. Its line stays until it goes itself, as it waits for the receipt of these words. */
  private erased(appliance: string, { command = '', status }: { command?: string; status?: string }): void {
    if (status !== 'done' || this.ledger.command(command)?.type !== 'vistter.command.credentials.revoke') return
    const known = this.ledger.appliances().find(({ id }) => id === appliance)
    if (known) this.ledger.keep({ ...known, revoked: true })
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { url = '', method } = request
    if (!url.startsWith('/v1/')) {
      if (!(await this.more(request, response))) response.writeHead(404).end('{}')
      return
    }
    const { status, body } =
      method === 'GET' || method === 'POST'
        ? await this.reply(request, url, method)
        : { status: 405, body: { detail: 'GET or POST.' } }
    response.writeHead(status, { 'content-type': 'application/json', connection: 'close' }).end(JSON.stringify(body))
  }

  private async reply(request: IncomingMessage, url: string, method: 'GET' | 'POST'): Promise<Reply> {
    const offered = /^\/v1\/pair\/offer\/([^/]+)$/.exec(url)?.[1]
    if (offered !== undefined && method === 'GET') return this.pairings.look(decodeURIComponent(offered))
    if (!['/v1/pair', '/v1/pair/offer', '/v1/rotate'].includes(url)) return { status: 404, body: {} }
    if (method !== 'POST') return { status: 405, body: {} }
    const asked = await jsonOf(request)
    if (typeof asked === 'number') return { status: asked, body: { code: 'BAD_REQUEST', detail: 'No JSON object.' } }
    if (url === '/v1/pair') return this.pairings.pair(asked)
    return url === '/v1/rotate' ? this.pairings.rotate(this.named(request), asked) : this.pairings.offer(asked)
  }

  private named({ socket }: IncomingMessage): string | undefined {
    const secured = socket as TLSSocket
    const name = String(secured.getPeerCertificate().subject?.CN ?? '')
    return secured.authorized && !this.broker.revoked.has(name) ? name : undefined
  }
}

/** The body; a status where it is none. */
export async function jsonOf(request: IncomingMessage): Promise<Record<string, unknown> | number> {
  let text = ''
  for await (const chunk of request.setEncoding('utf8')) {
    text += chunk
    if (text.length > LONGEST) return 413
  }
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : 400
  } catch {
    return 400
  }
}
