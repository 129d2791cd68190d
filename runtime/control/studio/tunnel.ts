import { once } from 'node:events'
import { request } from 'node:http'
import { connect, type Socket } from 'node:net'
import { VistterError } from '../../contract/errors.ts'

/** An HTTP proxy that opens tunnels. */
export interface HttpProxy {
  url: string
  username?: string
  password?: string
}

interface Place {
  host: string
  port: number
}

/** A TCP connection to a server, through the proxy where there is one. Throws STUDIO_PROXY…, and errors of the network. */
export function reach(to: Place, proxy: HttpProxy | undefined, signal: AbortSignal): Promise<Socket> {
  return proxy ? tunnel(to, proxy, signal) : direct(to, signal)
}

/** The signal counts until it is open: one that is given to node:net would end the connection later, too. */
async function direct(to: Place, signal: AbortSignal): Promise<Socket> {
  const socket = connect({ ...to, noDelay: true })
  try {
    await once(socket, 'connect', { signal })
    return socket
  } catch (error) {
    socket.on('error', () => {}).destroy()
    throw error
  }
}

/** RFC 9110, 9.3.6. The words of a failure come from the status alone: an answer's text may repeat the password. */
function tunnel(
  { host, port }: Place,
  { url, username, password = '' }: HttpProxy,
  signal: AbortSignal,
): Promise<Socket> {
  const place = `${host.includes(':') ? `[${host}]` : host}:${port}`
  const login = username && `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`
  return new Promise((resolve, reject) => {
    const fail = (why: string) => reject(new VistterError('STUDIO_PROXY', `The proxy ${why}.`))
    const asked = request(url, {
      ...{ method: 'CONNECT', path: place, agent: false, signal },
      headers: { host: place, ...(login && { 'proxy-authorization': login }) },
    })
    asked.once('connect', ({ statusCode = 0 }, socket: Socket, head: Buffer) => {
      if (statusCode >= 200 && statusCode < 300) {
        if (head.length > 0) socket.unshift(head)
        return resolve(socket.setNoDelay(true))
      }
      socket.destroy()
      return reject(refused(statusCode, place))
    })
    // An answer that is no tunnel: it does not do this.
    asked.once('response', ({ statusCode = 0 }) => {
      asked.destroy()
      reject(refused(statusCode, place))
    })
    asked.on('error', ({ code }: NodeJS.ErrnoException) =>
      fail(signal.aborted ? 'did not answer in time' : `could not be reached (${code ?? 'no answer'})`),
    )
    asked.end()
  })
}

const refused = (status: number, place: string): VistterError =>
  status === 407
    ? new VistterError('STUDIO_PROXY_LOGIN', 'The proxy wants another user name or password.')
    : new VistterError('STUDIO_PROXY_REFUSED', `The proxy opens no way to ${place} (${status}).`)
