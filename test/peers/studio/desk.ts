import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import { readFileSync } from 'node:fs'
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { COMMANDS } from './contract.ts'
import type { KnownAppliance, SentCommand } from './ledger.ts'
import { jsonOf, type ReferenceStudio } from './studio.ts'

const PAGE = join(import.meta.dirname, 'page')
const FILES: Record<string, string> = {
  '/': 'index.html',
  ...Object.fromEntries(['page.css', 'page.js', 'forms.js', 'views.js', 'element.js'].map(name => [`/${name}`, name])),
}
const TYPES: Record<string, string> = { html: 'text/html', css: 'text/css', js: 'text/javascript' }
/** Of an upload: as large as a segment may be. */
const LARGEST = 1_073_741_824
const CODE_LETTERS = '23456789ABCDEFGHJKMNPQRSTVWXYZ'

type Handler = (match: string[], request: IncomingMessage) => Promise<[status: number, body?: unknown]>

const SAFE = {
  'content-security-policy': "default-src 'self'; img-src 'self' data:; frame-ancestors 'none'; base-uri 'none'",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cache-control': 'no-store',
}

/** Studio's people: a page, and under /desk/v1 what it is made of. The conformance suite asks a Studio through the same calls. */
export class Desk {
  readonly password: string
  private readonly files = new Map<string, Buffer>()
  private readonly listeners = new Set<ServerResponse>()
  private telling: NodeJS.Timeout | undefined
  private readonly studio: ReferenceStudio
  private readonly routes: [method: string, path: RegExp, handle: Handler][]

  constructor(studio: ReferenceStudio, password = randomBytes(9).toString('base64url')) {
    this.studio = studio
    this.password = password
    this.routes = [
      ['GET', /^contract$/, async () => [200, { tenant: studio.tenant, commands: COMMANDS }]],
      ['GET', /^appliances$/, async () => [200, studio.ledger.appliances().map(one => this.brief(one))]],
      ['GET', /^appliances\/([^/]+)$/, async ([, id = '']) => this.whole(id)],
      ['GET', /^appliances\/([^/]+)\/commands$/, async ([, id = '']) => [200, studio.ledger.commands(id, 200)]],
      ['POST', /^appliances\/([^/]+)\/commands$/, ([, id = ''], request) => this.send(id, request)],
      ['POST', /^appliances\/([^/]+)\/revoke$/, async ([, id = '']) => this.revoke(id)],
      ['GET', /^commands\/([^/]+)$/, async ([, id = '']) => this.command(id)],
      ['POST', /^commands\/([^/]+)\/resend$/, async ([, id = '']) => this.resend(id)],
      ['GET', /^offers$/, async () => [200, studio.pairings.waiting]],
      ['POST', /^offers\/([^/]+)$/, async ([, code = '']) => ((await studio.accept(code)) ? [204] : [404, {}])],
      ['POST', /^codes$/, async () => [201, { code: studio.issue(newCode()), until: studio.now() + 600_000 }]],
      ['POST', /^clock$/, (_, request) => this.setClock(request)],
      ['POST', /^files$/, (_, request) => this.upload(request)],
    ]
    studio.more = (request, response) => this.answer(request, response)
    studio.onTold = () => this.changed()
  }

  stop(): void {
    clearTimeout(this.telling)
    for (const listener of this.listeners) listener.end()
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<boolean> {
    const { pathname } = new URL(request.url ?? '/', 'https://studio')
    const file = /^\/files\/([0-9a-f]{64})$/.exec(pathname)?.[1]
    const bytes = file && this.files.get(file)
    // Appliances fetch what they are told about; nobody else knows its name.
    if (bytes) {
      response.writeHead(200, { ...SAFE, 'content-type': 'application/octet-stream', 'content-length': bytes.length })
      response.end(bytes)
      return true
    }
    if (!this.mayEnter(request.headers)) {
      response.writeHead(401, { ...SAFE, 'www-authenticate': 'Basic realm="Reference Studio", charset="UTF-8"' })
      response.end('Sign in with the name and the password that `npm run studio` prints.\n')
      return true
    }
    const page = FILES[pathname]
    if (page && request.method === 'GET') {
      const type = TYPES[page.split('.').at(-1) ?? ''] ?? 'text/plain'
      response.writeHead(200, { ...SAFE, 'content-type': `${type}; charset=utf-8` })
      response.end(readFileSync(join(PAGE, page)))
      return true
    }
    if (!pathname.startsWith('/desk/v1/')) return false
    const asked = pathname.slice('/desk/v1/'.length)
    if (asked === 'stream') return this.listen(response)
    for (const [method, path, handle] of this.routes) {
      const match = method === request.method && path.exec(asked)
      if (!match) continue
      const [status, body] = await handle(match.map(decodeURIComponent), request)
      response.writeHead(status, { ...SAFE, ...(body !== undefined && { 'content-type': 'application/json' }) })
      response.end(body === undefined ? undefined : JSON.stringify(body))
      if (method === 'POST') this.changed()
      return true
    }
    return false
  }

  /** A browser sends the password by itself, also for pages of others: it says where those come from. */
  private mayEnter({ authorization = '', 'sec-fetch-site': site = 'none' }: IncomingHttpHeaders): boolean {
    if (site === 'cross-site' || site === 'same-site') return false
    const given = Buffer.from(authorization.replace(/^Basic /, ''), 'base64').toString('utf8')
    const digest = (text: string) => createHash('sha256').update(text).digest()
    return timingSafeEqual(digest(given), digest(`studio:${this.password}`))
  }

  private brief(known: KnownAppliance) {
    const { ledger } = this.studio
    const status = ledger.told(known.id, 'status', '*', 1)[0]
    const telemetry = ledger.told(known.id, 'telemetry', 'vistter.telemetry', 1)[0]
    return { ...known, status: status?.data ?? { state: 'offline' }, heardAt: telemetry?.time ?? status?.time }
  }

  private async whole(id: string): Promise<[number, unknown]> {
    const { ledger } = this.studio
    const known = ledger.appliances().find(one => one.id === id)
    if (!known) return [404, {}]
    const newest = (topic: string, type: string) => ledger.told(id, topic, type, 1)[0]
    return [
      200,
      {
        ...this.brief(known),
        telemetry: newest('telemetry', 'vistter.telemetry'),
        summary: newest('telemetry', 'vistter.summary'),
        capabilities: newest('event', 'vistter.capabilities'),
        events: ledger.told(id, 'event', 'vistter.event.*', 200),
        proof: ledger.told(id, 'event', 'vistter.proof', 500),
        configuration: ledger.commands(id, 500).find(isConfiguration)?.acks.at(-1)?.result,
        changes: [
          ...ledger.told(id, 'event', 'vistter.event.config.*', 50),
          ...ledger.told(id, 'event', 'vistter.event.settings.*', 50),
        ],
      },
    ]
  }

  private async send(id: string, request: IncomingMessage): Promise<[number, unknown?]> {
    const asked = await wanted(request)
    if (!asked || typeof asked.type !== 'string') return [400, { detail: 'A JSON object with `type` and `data`.' }]
    const { type, data = {}, ...envelope } = asked
    if (!this.studio.ledger.appliances().some(one => one.id === id)) return [404, {}]
    const command = await this.studio.send(
      id,
      String(type).replace(/^vistter\.command\./, ''),
      data as object,
      envelope,
    )
    return [201, { id: command }]
  }

  private async revoke(id: string): Promise<[number]> {
    this.studio.revoke(id)
    return [204]
  }

  private async command(id: string): Promise<[number, unknown]> {
    const found = this.studio.ledger.command(id)
    return found ? [200, found] : [404, {}]
  }

  /** The very same message: an appliance that has it already does nothing. */
  private async resend(id: string): Promise<[number, unknown?]> {
    const found = this.studio.ledger.command(id)
    if (!found) return [404, {}]
    const { appliance, type, data, acks: _, ...envelope } = found
    await this.studio.send(appliance, type.replace(/^vistter\.command\./, ''), data, envelope)
    return [200, { id }]
  }

  private async setClock(request: IncomingMessage): Promise<[number, unknown?]> {
    const { ahead } = (await wanted(request)) ?? {}
    if (typeof ahead !== 'number') return [400, { detail: '`ahead`: by how many ms the clock is to be ahead.' }]
    this.studio.ahead = ahead
    return [204]
  }

  private async upload(request: IncomingMessage): Promise<[number, unknown?]> {
    if (request.headers['content-type'] !== 'application/octet-stream') return [415, {}]
    if (Number(request.headers['content-length'] ?? LARGEST + 1) > LARGEST) return [413, {}]
    const bytes = await buffer(request)
    const sha256 = createHash('sha256').update(bytes).digest('hex')
    this.files.set(sha256, bytes)
    return [201, { url: `${this.studio.url}/files/${sha256}`, sha256 }]
  }

  private listen(response: ServerResponse): true {
    response.writeHead(200, { ...SAFE, 'content-type': 'text/event-stream' }).write(': here\n\n')
    this.listeners.add(response)
    response.once('close', () => this.listeners.delete(response))
    return true
  }

  /** Twice a second at most: the page asks for what it shows. */
  private changed(): void {
    this.telling ??= setTimeout(() => {
      this.telling = undefined
      for (const listener of this.listeners) listener.write('data: changed\n\n')
    }, 500).unref()
  }
}

const isConfiguration = ({ type, acks }: SentCommand): boolean =>
  type.startsWith('vistter.command.config.') && acks.at(-1)?.result !== undefined

function newCode(): string {
  const letters = Array.from(randomBytes(8), byte => CODE_LETTERS[byte % CODE_LETTERS.length]).join('')
  return `${letters.slice(0, 4)}-${letters.slice(4)}`
}

async function wanted(request: IncomingMessage): Promise<Record<string, unknown> | undefined> {
  if (!/^application\/json\b/.test(request.headers['content-type'] ?? '')) return undefined
  const body = await jsonOf(request)
  return typeof body === 'number' ? undefined : body
}
