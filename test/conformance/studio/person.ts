import { type IncomingHttpHeaders, type RequestOptions, request } from 'node:http'
import { Agent, request as requestSecurely } from 'node:https'
import { text } from 'node:stream/consumers'

export interface Said {
  status: number
  headers: IncomingHttpHeaders
  body: Record<string, unknown>
}

export interface Asking {
  method?: string
  /** A string is sent as it is. */
  body?: object | string
  key?: string
  cert?: string
  headers?: Record<string, string>
  /** Whose connections are used again; left out: a new one. */
  agent?: Agent
}

/** One request, whatever comes of it; throws where nobody answers. */
export async function asked(url: string, ca: string | undefined, asking: Asking = {}): Promise<Said> {
  const { method = 'GET', body, key, cert, headers = {}, agent = false } = asking
  const sent = typeof body === 'object' ? JSON.stringify(body) : body
  const options: RequestOptions & { ca?: string; key?: string; cert?: string } = {
    ...{
      method,
      agent,
      timeout: 10_000,
      ...(ca !== undefined && { ca }),
      ...(key && { key }),
      ...(cert && { cert }),
    },
    headers: { ...(sent !== undefined && { 'content-type': 'application/json' }), ...headers },
  }
  return new Promise((resolve, reject) => {
    const open = url.startsWith('https:') ? requestSecurely : request
    const going = open(url, options, response => {
      text(response)
        .then(said => resolve({ status: response.statusCode ?? 0, headers: response.headers, body: bodyOf(said) }))
        .catch(reject)
    })
    going.on('timeout', () => going.destroy(new Error('no answer within 10 s')))
    going.on('error', reject)
    going.end(sent)
  })
}

/** What is no JSON (the page of a proxy) is no answer of a Studio; its status says why. */
function bodyOf(said: string): Record<string, unknown> {
  try {
    return said ? JSON.parse(said) : {}
  } catch {
    return {}
  }
}

export interface Sent {
  id: string
  time: string
  acks: { status: string; [more: string]: unknown }[]
}

/** Who works at Studio: makes codes, sends commands, looks what came. A Studio under test offers these few calls (docs/studio/conformance.md). */
export class Person {
  private readonly url: string
  private readonly ca: string | undefined
  private readonly login: string
  /** Handshakes are no part of what is tried here, and would be most of its time. */
  private readonly agent: Agent | undefined

  constructor(url: string, ca: string | undefined, user: string, password: string) {
    this.url = url
    this.ca = ca
    this.agent = url.startsWith('https:') ? new Agent({ keepAlive: true }) : undefined
    this.login = `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`
  }

  /** Throws, in words for whoever started the suite, where a Studio cannot be asked at all. */
  async ready(): Promise<void> {
    const said = await this.call('POST', 'codes').catch(error => {
      const { code, message } = error as NodeJS.ErrnoException
      const untrusted = /CERT|SIGNED|SIGNATURE|ISSUER/.test(String(code))
      const hint = untrusted ? ' Give the CA that signed its certificate with --ca FILE.' : ''
      throw new Error(`${this.url} cannot be asked: ${message || code}.${hint}`)
    })
    if (said.status === 401 || said.status === 403)
      throw new Error(`${this.url} does not take this user and password (VISTTER_STUDIO_PASSWORD).`)
    if (said.status !== 201)
      throw new Error(
        `${this.url}/desk/v1/codes answers with ${said.status}: docs/studio/conformance.md says what a Studio has to offer.`,
      )
  }

  async code(): Promise<string> {
    return String((await this.wanted('POST', 'codes')).code)
  }

  /** Types in a code that an appliance shows. Answers whether Studio took it. */
  async accept(code: string): Promise<boolean> {
    return (await this.call('POST', `offers/${encodeURIComponent(code)}`)).status < 300
  }

  /** Answers the id of the command. */
  async send(appliance: string, type: string, data: object, more: object = {}): Promise<string> {
    return String((await this.wanted('POST', `appliances/${appliance}/commands`, { type, data, ...more })).id)
  }

  async resend(command: string): Promise<void> {
    await this.wanted('POST', `commands/${command}/resend`)
  }

  async sent(command: string): Promise<Sent> {
    return (await this.wanted('GET', `commands/${command}`)) as unknown as Sent
  }

  /** What Studio knows of an appliance: status, telemetry, summary, capabilities, events, proof. */
  knows(appliance: string): Promise<Record<string, unknown>> {
    return this.wanted('GET', `appliances/${appliance}`)
  }

  async revoke(appliance: string): Promise<void> {
    await this.wanted('POST', `appliances/${appliance}/revoke`)
  }

  /** Studio's clock, by so many ms ahead of what is right. */
  async setClock(ahead: number): Promise<void> {
    await this.wanted('POST', 'clock', { ahead })
  }

  private async wanted(method: string, path: string, body?: object): Promise<Record<string, unknown>> {
    const said = await this.call(method, path, body)
    if (said.status >= 300) throw new Error(`the adapter's ${method} ${path} answers with ${said.status}`)
    return said.body
  }

  private call(method: string, path: string, body?: object): Promise<Said> {
    return asked(`${this.url}/desk/v1/${path}`, this.ca, {
      ...{ method, headers: { authorization: this.login } },
      ...(body && { body }),
      ...(this.agent && { agent: this.agent }),
    })
  }
}
