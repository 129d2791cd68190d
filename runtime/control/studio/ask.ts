import { type IncomingMessage, request } from 'node:http'
import { isIP, type Socket } from 'node:net'
import { VistterError } from '../../contract/errors.ts'
import { studioFault } from './faults.ts'
import { secure, type Trust } from './secure.ts'
import { type HttpProxy, reach } from './tunnel.ts'

export interface Answer {
  status: number
  body: Record<string, unknown>
}

export interface Surroundings {
  proxy?: HttpProxy | undefined
  /** Who signs for a Studio of one's own; without it the CAs of the system are trusted. */
  ca?: string | undefined
}

interface Question extends Surroundings, Trust {
  url: string
  method: 'GET' | 'POST'
  body?: object
  timeoutMs?: number
  signal?: AbortSignal
}

const LONGEST_ANSWER = 1_048_576
const TIMEOUT = 15_000

/** One question to Studio's HTTPS. Answers whatever it says; throws where nobody that can be trusted answers. */
export async function ask({
  url,
  method,
  body,
  timeoutMs = TIMEOUT,
  signal,
  proxy,
  ...trust
}: Question): Promise<Answer> {
  const at = addressOf(url)
  const late = AbortSignal.timeout(timeoutMs)
  const ended = signal ? AbortSignal.any([signal, late]) : late
  let raw: Socket | undefined
  try {
    const host = bare(at)
    const isSecure = at.protocol === 'https:'
    raw = await reach({ host, port: Number(at.port) || (isSecure ? 443 : 80) }, isSecure ? proxy : undefined, ended)
    const socket = isSecure ? await secure(raw, host, trust, ended) : raw
    const text = body && JSON.stringify(body)
    const response = await new Promise<IncomingMessage>((resolve, reject) => {
      const asked = request({
        ...{ createConnection: () => socket, method, path: at.pathname + at.search, signal: ended },
        headers: {
          ...{ host: at.host, accept: 'application/json', connection: 'close' },
          ...(text && { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) }),
        },
      })
      asked.once('response', resolve).on('error', reject)
      asked.end(text)
    })
    return { status: response.statusCode ?? 0, body: await jsonOf(response) }
  } catch (error) {
    if (raw && late.aborted) throw new VistterError('STUDIO_UNREACHABLE', `${at.host} did not answer in time.`)
    throw studioFault(error, at.host)
  } finally {
    raw?.on('error', () => {}).destroy()
  }
}

/** Codes and keys go in clear to nobody; a Studio on this very machine is somebody's try-out. */
function addressOf(url: string): URL {
  const at = URL.canParse(url) ? new URL(url) : undefined
  const host = at ? bare(at) : ''
  const here = host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'))
  if (at && (at.protocol === 'https:' || (at.protocol === 'http:' && here)) && !at.username && !at.password) return at
  throw new VistterError('BAD_REQUEST', '/url: The address of Studio begins with https:// and holds no password.')
}

const bare = ({ hostname }: URL): string => hostname.replace(/^\[|\]$/g, '')

async function jsonOf(response: IncomingMessage): Promise<Record<string, unknown>> {
  let text = ''
  for await (const chunk of response.setEncoding('utf8')) {
    text += chunk
    if (text.length > LONGEST_ANSWER) throw new VistterError('STUDIO_BAD_ANSWER', 'Studio answers without end.')
  }
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}
  } catch {
    return {}
  }
}
