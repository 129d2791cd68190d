import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { createServer as createPlainServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { createServer } from 'node:https'
import type { Socket } from 'node:net'
import { generate } from 'selfsigned'

/** One request as it came in. */
interface Seen {
  path: string
  range: string | undefined
  ifRange: string | undefined
  ifNoneMatch: string | undefined
}

type Behaviour = (request: IncomingMessage, response: ServerResponse, serve: (upTo?: number) => void) => void

/** A web server of files, with ranges and ETags, by HTTPS with a certificate of its own; it misbehaves as it is told. */
export class AssetServer {
  static readonly host = 'assets.test'
  /** Made once: it takes longer than most tests. */
  private static pair: ReturnType<typeof makePair> | undefined
  ca = ''
  readonly files = new Map<string, Buffer>()
  readonly requests: Seen[] = []
  connections = 0
  sentBytes = 0
  behave: Behaviour = (_request, _response, serve) => serve()
  private server: Server | undefined
  private readonly sockets = new Set<Socket>()
  private readonly scheme: 'http' | 'https'

  constructor(scheme: 'http' | 'https' = 'https') {
    this.scheme = scheme
  }

  async start(): Promise<void> {
    const listener = (request: IncomingMessage, response: ServerResponse) => this.answer(request, response)
    this.server = this.scheme === 'https' ? await this.secure(listener) : createPlainServer(listener)
    this.server.on('connection', (socket: Socket) => {
      this.connections++
      this.sockets.add(socket)
      socket.once('close', () => this.sockets.delete(socket)).on('error', () => {})
    })
    this.server.listen(0, '127.0.0.1')
    await once(this.server, 'listening')
  }

  async stop(): Promise<void> {
    this.server?.close()
    for (const socket of this.sockets) socket.destroy()
    if (this.server) await once(this.server, 'close')
  }

  get port(): number {
    const address = this.server?.address()
    if (!address || typeof address === 'string') throw new Error('it is not started')
    return address.port
  }

  url(path: string, host = AssetServer.host): string {
    return `${this.scheme}://${host}:${this.port}${path}`
  }

  /** A file that is to be had, as a document names it. */
  put(path: string, content: Buffer, mediaType = 'image/svg+xml') {
    this.files.set(path, content)
    const sha256 = createHash('sha256').update(content).digest('hex')
    return { id: path.slice(1), url: this.url(path), sha256, mediaType }
  }

  private async secure(listener: (request: IncomingMessage, response: ServerResponse) => void): Promise<Server> {
    AssetServer.pair ??= makePair()
    const { private: key, cert } = await AssetServer.pair
    this.ca = cert
    return createServer({ key, cert }, listener)
  }

  private answer(request: IncomingMessage, response: ServerResponse): void {
    const { url: path = '/', headers } = request
    const { range, 'if-range': ifRange, 'if-none-match': ifNoneMatch } = headers
    this.requests.push({ path, range, ifRange: ifRange as string | undefined, ifNoneMatch })
    response.on('error', () => {})
    this.behave(request, response, upTo => this.serve(request, response, upTo))
  }

  /** With `upTo` the line is cut after so many bytes. */
  private serve({ url = '/', headers }: IncomingMessage, response: ServerResponse, upTo?: number): void {
    const content = this.files.get(url.split('?')[0] ?? '')
    if (!content) return void response.writeHead(404).end()
    const etag = `"${createHash('sha1').update(content).digest('hex')}"`
    if (headers['if-none-match'] === etag) return void response.writeHead(304).end()
    const [, from] = /^bytes=(\d+)-$/.exec(headers.range ?? '') ?? []
    const fresh = headers['if-range'] === undefined || headers['if-range'] === etag
    const start = from !== undefined && fresh ? Number(from) : 0
    const part = content.subarray(start)
    if (start > 0)
      response.writeHead(206, { etag, 'content-range': `bytes ${start}-${content.length - 1}/${content.length}` })
    else response.writeHead(200, { etag, 'content-length': content.length })
    const sent = part.subarray(0, upTo)
    this.sentBytes += sent.length
    if (sent.length === part.length) return void response.end(part)
    response.write(sent, () => setTimeout(() => response.destroy(), 20))
  }
}

const makePair = () =>
  generate([{ name: 'commonName', value: AssetServer.host }], {
    keyType: 'ec',
    curve: 'P-256',
    algorithm: 'sha256',
    extensions: [
      { name: 'basicConstraints', cA: true, critical: true },
      { name: 'subjectAltName', altNames: [AssetServer.host, 'localhost'].map(value => ({ type: 2 as const, value })) },
    ],
  })

/** An SVG of about so many bytes; another `name` gives another content. */
export const svgOf = (name: string, bytes = 200): Buffer =>
  Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg"><!-- ${name} ${'.'.repeat(bytes)} --></svg>`)
