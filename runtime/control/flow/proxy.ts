import { Agent, type IncomingMessage, ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import { createProxyServer } from 'http-proxy-3'
import type { Log } from '../../lib/log.ts'
import { restartingPage } from './restarting-page.ts'

/** Who asks, as control's log-in check found out. `session` ties open sockets to a log-in that may end. */
export interface FlowUser {
  username: string
  role: 'viewer' | 'operator' | 'admin'
  session?: string
}

const USER_HEADER = 'x-vistter-user'

/**
 * Passes editor and dashboard through to Node-RED's socket after the log-in check, with the user in a header that no
 * browser can set, and ends the web sockets of a log-in that has ended.
 */
export class FlowProxy {
  private readonly proxy
  private readonly agent: Agent
  private readonly sockets = new Map<string, Set<Duplex>>()

  constructor(socketPath: string, log: Pick<Log, 'debug'>) {
    // Kept connections: with one connection a request, Node-RED's quick close could meet a body still on its way (EPIPE).
    this.agent = new Agent({ keepAlive: true })
    // The host name is never resolved: Node's http client takes the socket.
    this.proxy = createProxyServer({
      target: { socketPath, host: 'localhost', port: 80, protocol: 'http:' },
      ws: true,
      agent: this.agent,
    })
    this.proxy.on('error', (error, request, response) => {
      log.debug({ err: error, url: request.url }, 'Node-RED did not answer')
      if (response instanceof ServerResponse) restarting(response)
      else response?.destroy()
    })
  }

  handle(request: IncomingMessage, response: ServerResponse, user: FlowUser): void {
    identify(request, user)
    this.proxy.web(request, response)
  }

  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer, user: FlowUser): void {
    if (!sameOrigin(request)) {
      socket.end('HTTP/1.1 403 Forbidden\r\nConnection: close\r\n\r\n')
      return
    }
    identify(request, user)
    this.remember(socket, user.session)
    this.proxy.ws(request, socket, head)
  }

  closeSession(session: string): void {
    for (const socket of this.sockets.get(session) ?? []) socket.destroy()
    this.sockets.delete(session)
  }

  closeAll(): void {
    for (const session of [...this.sockets.keys()]) this.closeSession(session)
    this.proxy.close()
    this.agent.destroy()
  }

  private remember(socket: Duplex, session = ''): void {
    const open = this.sockets.get(session) ?? new Set()
    this.sockets.set(session, open.add(socket))
    socket.once('close', () => {
      open.delete(socket)
      if (open.size === 0 && this.sockets.get(session) === open) this.sockets.delete(session)
    })
  }
}

/** Replaces whatever a client sent under the header's name, and keeps the log-in's own secrets from flows. */
function identify(request: IncomingMessage, user: FlowUser): void {
  delete request.headers.cookie
  delete request.headers.authorization
  request.headers[USER_HEADER] = inAscii(JSON.stringify({ username: user.username, role: user.role }))
}

/** Headers carry Latin-1 only; the same JSON carries the names of all people (RFC 8259, 7). */
const inAscii = (json: string): string =>
  json.replaceAll(/[^ -~]/g, unit => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)

/** A page of another site may open a web socket with our cookie, but cannot lie about where it comes from (RFC 6455, 10.2). */
function sameOrigin(request: IncomingMessage): boolean {
  const { origin, host } = request.headers
  if (!origin || !host) return false
  try {
    return new URL(origin).host === host
  } catch {
    return false
  }
}

function restarting(response: ServerResponse): void {
  if (response.headersSent) {
    response.destroy()
    return
  }
  response.writeHead(503, {
    'content-type': 'text/html; charset=utf-8',
    'retry-after': '2',
    'cache-control': 'no-store',
  })
  response.end(restartingPage)
}
