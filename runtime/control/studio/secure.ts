import { isIP, type Socket } from 'node:net'
import { connect, type TLSSocket } from 'node:tls'
import { VistterError } from '../../contract/errors.ts'

/** PEM. Without a `ca` those of the system are trusted. */
export interface Trust {
  key?: string | undefined
  cert?: string | undefined
  ca?: string | undefined
}

/** TLS on a connection; resolves when the server's certificate is found good for its name. */
export function secure(socket: Socket, host: string, trust: Trust, signal: AbortSignal): Promise<TLSSocket> {
  return new Promise((resolve, reject) => {
    const servername = isIP(host) === 0 ? host : ''
    const secured = connect({ socket, host, servername, minVersion: 'TLSv1.2', ...trust })
    const fail = (error: unknown) => {
      signal.removeEventListener('abort', late)
      secured.off('error', fail).off('close', closed)
      secured.on('error', () => {}).destroy()
      reject(error)
    }
    const late = () => fail(new VistterError('STUDIO_UNREACHABLE', `${host} did not answer in time.`))
    const closed = () => fail(new VistterError('STUDIO_UNREACHABLE', `${host} closed the connection at once.`))
    signal.addEventListener('abort', late)
    secured.once('error', fail).once('close', closed)
    secured.once('secureConnect', () => {
      signal.removeEventListener('abort', late)
      secured.off('error', fail).off('close', closed)
      resolve(secured)
    })
    if (signal.aborted) late()
  })
}
