import type { Socket } from 'node:net'
import { VistterError } from '../../../contract/errors.ts'
import type { HttpProxy } from '../../../contract/generated/engine.v1.ts'

/** A proxy's answer is a few lines; more than this is something else. */
const LONGEST_ANSWER = 16_384
const END = '\r\n\r\n'

/** Where the proxy itself listens. Throws OUTPUT_PROXY. */
export function proxyAddress({ url }: HttpProxy): { host: string; port: number } {
  if (!URL.canParse(url)) throw new VistterError('OUTPUT_PROXY', 'The address of the proxy is not one.')
  const { hostname, port } = new URL(url)
  return { host: hostname.replace(/^\[|\]$/g, ''), port: Number(port) || 80 }
}

/**
 * Asks the proxy at the other end of `socket` for a way to the server (RFC 9110, 9.3.6). Afterwards the socket speaks with the
 * server. Rejects with OUTPUT_PROXY, whose words come from the status alone: an answer's text may repeat the password.
 */
export function tunnel(
  socket: Socket,
  to: { host: string; port: number },
  proxy: HttpProxy,
  signal: AbortSignal,
): Promise<void> {
  const place = `${to.host.includes(':') ? `[${to.host}]` : to.host}:${to.port}`
  const lines = [`CONNECT ${place} HTTP/1.1`, `Host: ${place}`]
  if (proxy.username) {
    const login = Buffer.from(`${proxy.username}:${proxy.password ?? ''}`).toString('base64')
    lines.push(`Proxy-Authorization: Basic ${login}`)
  }
  socket.write(lines.join('\r\n') + END)
  return new Promise((resolve, reject) => {
    let got = Buffer.alloc(0)
    const settle = (failed?: string) => {
      socket.off('data', take).off('close', closed).off('error', closed).pause()
      signal.removeEventListener('abort', late)
      if (failed === undefined) return resolve()
      socket.on('error', () => {}).destroy()
      reject(new VistterError('OUTPUT_PROXY', `The proxy ${failed}.`))
    }
    const take = (bytes: Buffer) => {
      got = Buffer.concat([got, bytes])
      const end = got.indexOf(END)
      if (end < 0) return got.length > LONGEST_ANSWER ? settle('does not answer as a proxy does') : undefined
      const status = Number(/^HTTP\/1\.[01] (\d{3})/.exec(got.toString('latin1', 0, 16))?.[1])
      if (status === 407) settle('wants another user name or password')
      else if (!(status >= 200 && status < 300)) settle(`did not open a way to ${place} (${status || 'no HTTP'})`)
      else {
        settle()
        const rest = got.subarray(end + END.length)
        if (rest.length > 0) socket.unshift(rest)
      }
      return undefined
    }
    const closed = () => settle('closed the connection')
    const late = () => settle('did not answer in time')
    socket.on('data', take).once('close', closed).once('error', closed)
    signal.addEventListener('abort', late)
    if (signal.aborted) late()
  })
}
