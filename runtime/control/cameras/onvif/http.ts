import { request } from 'node:http'
import { type ErrorCode, VistterError } from '../../../contract/errors.ts'

export interface Post {
  host: string
  port: number
  path: string
  body: string
  headers: Record<string, string>
  /** For everything, from the look-up of the name to the last byte. */
  ms: number
  signal?: AbortSignal | undefined
}

export interface Answer {
  status: number
  text: string
  /** Each WWW-Authenticate header on its own. */
  challenges: string[]
}

/** Far more than any camera has to say; a device that sends without end costs no memory. */
const MOST_BYTES = 512 * 1024

/**
 * One HTTP request to a device that may do anything: hang, drip, hang up in the middle, talk RTSP. Always settles in time;
 * a failure is a VistterError. A connection of its own for each request: cheap firmware mixes up kept ones.
 */
export function post({ host, port, path, body, headers, ms, signal }: Post): Promise<Answer> {
  const where = `${host.includes(':') ? `[${host}]` : host}:${port}`
  const answer = new Promise<Answer>((resolve, reject) => {
    const settle = (how: () => void) => {
      clearTimeout(timer)
      signal?.removeEventListener('abort', aborted)
      how()
      asked.destroy()
    }
    const fail = (code: ErrorCode, detail: string) => settle(() => reject(new VistterError(code, detail)))
    const aborted = () => fail('PTZ_TIMEOUT', `The request to ${where} was given up.`)
    const asked = request({ host, port, path, method: 'POST', agent: false, headers }, response => {
      const pieces: Buffer[] = []
      let length = 0
      response.on('data', (piece: Buffer) => {
        length += piece.length
        if (length > MOST_BYTES) fail('PTZ_BAD_ANSWER', `${where} answers without end.`)
        else pieces.push(piece)
      })
      response.once('error', () => {})
      response.once('close', () => fail('PTZ_BAD_ANSWER', `${where} ended the connection in the middle of its answer.`))
      response.once('end', () => {
        const text = Buffer.concat(pieces).toString('utf8')
        const challenges = response.headersDistinct['www-authenticate'] ?? []
        settle(() => resolve({ status: response.statusCode ?? 0, text, challenges }))
      })
    })
    const timer = setTimeout(() => fail('PTZ_TIMEOUT', `${where} did not answer within ${inSeconds(ms)}.`), ms)
    // It stays: what happens to the socket after the answer is nobody's business, but must not become an exception.
    asked.on('error', (error: NodeJS.ErrnoException) => fail(...words(error, where)))
    signal?.addEventListener('abort', aborted)
    if (signal?.aborted) aborted()
    asked.end(body)
  })
  // Node refuses some addresses and paths by throwing.
  return answer.catch(error => {
    throw error instanceof VistterError ? error : new VistterError('PTZ_UNREACHABLE', `${where} is not an address.`)
  })
}

const inSeconds = (ms: number): string => `${Math.max(0.1, Math.round(ms / 100) / 10)} s`

function words({ code = '' }: NodeJS.ErrnoException, where: string): [ErrorCode, string] {
  if (code.startsWith('HPE_')) return ['PTZ_NOT_ONVIF', `${where} answers, but not as a web service.`]
  switch (code) {
    case 'ECONNREFUSED':
      return ['PTZ_UNREACHABLE', `${where} refused the connection: nothing listens on this port.`]
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return ['PTZ_UNREACHABLE', `The name in ${where} is not known in this network.`]
    case 'ECONNRESET':
    case 'EPIPE':
      return ['PTZ_BAD_ANSWER', `${where} hung up without an answer.`]
    case 'ETIMEDOUT':
      return ['PTZ_TIMEOUT', `${where} did not answer.`]
    default:
      return ['PTZ_UNREACHABLE', `${where} cannot be reached${code && ` (${code})`}.`]
  }
}
