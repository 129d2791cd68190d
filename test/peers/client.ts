import type { IncomingHttpHeaders, IncomingMessage } from 'node:http'
import { Agent, request } from 'node:https'
import { text } from 'node:stream/consumers'

export interface Answer<T = unknown> {
  status: number
  headers: IncomingHttpHeaders
  body: T
}

/** An answer outside 200..299, with its problem document (RFC 9457). */
export class ApiError extends Error {
  readonly status: number
  readonly body: { code?: string; detail?: string; hint?: string }

  constructor(what: string, answer: Answer<unknown>) {
    super(`${what}: ${answer.status} ${JSON.stringify(answer.body)}`)
    this.status = answer.status
    this.body = answer.body as ApiError['body']
  }
}

/** The appliance's API as a browser uses it: HTTPS with a self-signed certificate, JSON, a session cookie. */
export class ApiClient {
  readonly base: URL
  private readonly agent = new Agent({ rejectUnauthorized: false, keepAlive: true })
  private cookie: string | undefined

  constructor(base: string) {
    this.base = new URL(base)
  }

  /** `name=value` of the session, for browsers that are to be signed in already. */
  get session(): string | undefined {
    return this.cookie
  }

  async signIn(username: string, password: string): Promise<void> {
    await this.post('/session', { username, password })
  }

  signOut(): void {
    this.cookie = undefined
  }

  get<T>(path: string): Promise<T> {
    return this.wanted<T>('GET', path)
  }

  post<T>(path: string, body?: unknown): Promise<T> {
    return this.wanted<T>('POST', path, body)
  }

  put<T>(path: string, body: unknown): Promise<T> {
    return this.wanted<T>('PUT', path, body)
  }

  patch<T>(path: string, body: unknown): Promise<T> {
    return this.wanted<T>('PATCH', path, body)
  }

  delete(path: string): Promise<unknown> {
    return this.wanted('DELETE', path)
  }

  /** Any answer, whatever its status. Paths are under /api/v1 unless they are in full (`/healthz`, `/preview/…` with `root`). */
  async call<T = unknown>(method: string, path: string, body?: unknown, root = false): Promise<Answer<T>> {
    const response = await this.open(method, root ? path : `/api/v1${path}`, body)
    const said = await text(response)
    const json = /json/.test(response.headers['content-type'] ?? '')
    return {
      status: response.statusCode ?? 0,
      headers: response.headers,
      body: (json && said ? JSON.parse(said) : said) as T,
    }
  }

  /** The response as a stream (previews, server-sent events); whoever opens it destroys it. */
  open(method: string, path: string, body?: unknown, timeoutMs = 30_000): Promise<IncomingMessage> {
    const sent = body === undefined ? undefined : JSON.stringify(body)
    const headers = {
      ...(this.cookie && { cookie: this.cookie }),
      ...(sent && { 'content-type': 'application/json', 'content-length': Buffer.byteLength(sent) }),
    }
    return new Promise((resolve, reject) => {
      const asking = request(new URL(path, this.base), { method, headers, agent: this.agent }, response => {
        clearTimeout(timer)
        const given = response.headers['set-cookie']?.find(cookie => cookie.startsWith('vistter_session='))
        if (given) this.cookie = given.split(';')[0]
        resolve(response)
      })
      const timer = setTimeout(
        () => asking.destroy(new Error(`${method} ${path}: no answer in ${timeoutMs} ms`)),
        timeoutMs,
      )
      asking.once('error', error => {
        clearTimeout(timer)
        reject(error)
      })
      asking.end(sent)
    })
  }

  close(): void {
    this.agent.destroy()
  }

  private async wanted<T>(method: string, path: string, body?: unknown): Promise<T> {
    const answer = await this.call<T>(method, path, body)
    if (answer.status < 200 || answer.status > 299) throw new ApiError(`${method} ${path}`, answer)
    return answer.body
  }
}
