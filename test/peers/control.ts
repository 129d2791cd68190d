import type { IncomingHttpHeaders, IncomingMessage } from 'node:http'
import { request } from 'node:https'
import { text } from 'node:stream/consumers'
import { Appliance } from '../../runtime/control/appliance.ts'
import { systemClock } from '../../runtime/lib/clock.ts'
import { createLog } from '../../runtime/lib/log.ts'
import { type Paths, pathsFor } from '../../runtime/lib/paths.ts'

export interface Asked {
  method?: string
  path: string
  /** Sent as JSON, but for a Buffer. */
  body?: unknown
  headers?: Record<string, string>
  cookie?: string
  token?: string
  /** A loopback address to come from: sign-in limits count by address. */
  from?: string
}

export interface Told<Body = Record<string, unknown>> {
  status: number
  headers: IncomingHttpHeaders
  body: Body
}

export const ADMIN = { username: 'Ada', password: 'correct horse' }

/** Control inside the test's process, with every answer checked against the OpenAPI document. */
export class Control {
  readonly paths: Paths
  private appliance: Appliance | undefined
  private port = 0

  constructor(data: string) {
    this.paths = pathsFor(data)
  }

  async start(): Promise<void> {
    this.appliance = new Appliance({
      paths: this.paths,
      bind: '127.0.0.1',
      port: this.port,
      clock: systemClock,
      log: createLog('control', process.env.TEST_LOG ?? 'silent'),
      checkAnswers: true,
    })
    this.port = await this.appliance.start()
  }

  async stop(): Promise<void> {
    await this.appliance?.stop()
    this.appliance = undefined
  }

  get origin(): string {
    return `https://127.0.0.1:${this.port}`
  }

  /** Paths are under /api/v1 unless they begin with two slashes. */
  async ask<Body = Record<string, unknown>>(asked: Asked): Promise<Told<Body>> {
    const response = await this.open(asked)
    const said = await text(response)
    const json = /json/.test(response.headers['content-type'] ?? '') && said
    return { status: response.statusCode ?? 0, headers: response.headers, body: json ? JSON.parse(said) : said }
  }

  open({ method = 'GET', path, body, headers, cookie, token, from }: Asked): Promise<IncomingMessage> {
    const url = path.startsWith('//') ? this.origin + path.slice(1) : `${this.origin}/api/v1${path}`
    const sent = body === undefined || body instanceof Buffer ? body : JSON.stringify(body)
    return new Promise((resolve, reject) => {
      request(url, {
        method,
        rejectUnauthorized: false,
        agent: false,
        ...(from && { localAddress: from }),
        headers: {
          ...(sent !== undefined && {
            'content-type': sent instanceof Buffer ? 'application/octet-stream' : 'application/json',
          }),
          ...(cookie && { cookie }),
          ...(token && { authorization: `Bearer ${token}` }),
          ...headers,
        },
      })
        .once('response', resolve)
        .once('error', reject)
        .end(sent)
    })
  }

  setUp(): Promise<Told> {
    const body = { admin: ADMIN, timezone: 'Europe/Berlin', locationName: 'Harbour' }
    return this.ask({ method: 'POST', path: '/setup', body })
  }

  /** Answers the cookie, as `name=value`. */
  async signIn({ username, password } = ADMIN, from?: string): Promise<string> {
    const told = await this.ask({
      method: 'POST',
      path: '/session',
      body: { username, password },
      ...(from && { from }),
    })
    const [cookie = ''] = told.headers['set-cookie'] ?? []
    if (told.status !== 204) throw new Error(`sign-in: ${told.status} ${JSON.stringify(told.body)}`)
    return cookie.split(';')[0] ?? ''
  }
}
