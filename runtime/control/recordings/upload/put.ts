import { type ClientRequest, type Agent as HttpAgent, request as httpRequest, type IncomingMessage } from 'node:http'
import { request as httpsRequest } from 'node:https'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { VistterError } from '../../../contract/errors.ts'
import { brokenOff, refusal } from './trouble.ts'

/** A connection on which nothing moves for this long is dead (ms). */
const STALLED = 30_000
/** A server that knows nothing of "100 Continue" gets the body after this long (ms). */
const CONTINUE = 1_000
/** As much of an answer is read: reasons are short. */
const MOST_OF_ANSWER = 4_096

interface Put {
  method: 'PUT' | 'MKCOL'
  url: URL
  headers: Record<string, string>
  size: number
  body: AsyncIterable<Buffer>
  agent: HttpAgent
  signal: AbortSignal
}

/**
 * One request with a body, however long it takes as long as it moves. Resolves when the server has acknowledged all of it,
 * else rejects with a VistterError. The body is sent once the server wants it, so a refusal costs no uplink.
 */
export async function put({ method, url, headers, size, body, agent, signal }: Put): Promise<void> {
  const { host } = url
  const open = url.protocol === 'https:' ? httpsRequest : httpRequest
  const request = open(url, {
    method,
    agent,
    signal,
    timeout: STALLED,
    headers: { ...headers, 'content-length': size, ...(size > 0 && { expect: '100-continue' }) },
  })
  request.once('timeout', () => request.destroy(new VistterError('UPLOAD_STALLED', `${host} takes nothing any more.`)))
  try {
    const response = await answered(request, body, size)
    const said = await beginning(response)
    // Where the answer came before the body was out, the rest of it must not follow.
    if (!request.writableFinished) request.destroy()
    const { statusCode = 0 } = response
    if (statusCode < 200 || statusCode > 299) throw refusal(statusCode, said, host)
  } catch (error) {
    throw brokenOff(error, host)
  }
}

function answered(request: ClientRequest, body: AsyncIterable<Buffer>, size: number): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    let begun = false
    const begin = () => {
      clearTimeout(timer)
      if (begun || request.destroyed) return
      begun = true
      pipeline(Readable.from(body), request).catch(reject)
    }
    const timer = setTimeout(begin, size > 0 ? CONTINUE : 0)
    request.once('continue', begin)
    request.once('response', response => {
      begun = true
      clearTimeout(timer)
      resolve(response)
    })
    request.on('error', error => {
      clearTimeout(timer)
      reject(error)
    })
  })
}

async function beginning(response: IncomingMessage): Promise<string> {
  let said = ''
  for await (const chunk of response) {
    said += chunk
    if (said.length > MOST_OF_ANSWER) break
  }
  return said.slice(0, MOST_OF_ANSWER)
}
