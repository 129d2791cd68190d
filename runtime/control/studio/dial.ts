import type { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import type { TLSSocket } from 'node:tls'
import { createWebSocketStream, WebSocket } from 'ws'
import { VistterError } from '../../contract/errors.ts'
import { studioFault } from './faults.ts'
import { secure } from './secure.ts'
import { type HttpProxy, reach } from './tunnel.ts'

/** Who this box is, and whom it trusts. PEM. */
export interface Credentials {
  key: string
  certificate: string
  ca: string
}

const PORTS: Record<string, number> = { 'mqtts:': 8_883, 'wss:': 443 }

export interface Target {
  broker: string
  credentials: Credentials
  proxy: HttpProxy | undefined
}

/**
 * A stream to a broker on which MQTT can be spoken: TLS with our certificate, the broker's checked against the CA of the pairing
 * and nobody else's; over WebSocket where its address says so. Throws STUDIO_….
 */
export async function dial({ broker, credentials, proxy }: Target, signal: AbortSignal): Promise<Duplex> {
  const at = new URL(broker)
  const host = at.hostname.replace(/^\[|\]$/g, '')
  const port = Number(at.port) || PORTS[at.protocol]
  if (!port)
    throw new VistterError('STUDIO_BAD_ANSWER', `Studio names a broker that this box cannot speak to: ${broker}`)
  let raw: Socket | undefined
  try {
    raw = await reach({ host, port }, proxy, signal)
    const { key, certificate: cert, ca } = credentials
    const secured = await secure(raw, host, { key, cert, ca }, signal)
    return at.protocol === 'wss:' ? await upgrade(secured, at, signal) : secured
  } catch (error) {
    raw?.on('error', () => {}).destroy()
    throw studioFault(error, `${host}:${port}`)
  }
}

/** MQTT over WebSocket (MQTT 3.1.1, 6), on a connection that is there already. */
function upgrade(secured: TLSSocket, { href }: URL, signal: AbortSignal): Promise<Duplex> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(href, 'mqtt', { createConnection: () => secured, perMessageDeflate: false })
    const fail = (error: unknown) => {
      signal.removeEventListener('abort', late)
      socket.on('error', () => {}).terminate()
      reject(error)
    }
    const late = () => fail(new VistterError('STUDIO_UNREACHABLE', 'The broker did not answer in time.'))
    signal.addEventListener('abort', late)
    socket.once('error', fail)
    socket.once('unexpected-response', (_, { statusCode }) =>
      fail(new VistterError('STUDIO_REFUSED', `The broker answers with ${statusCode} instead of speaking MQTT.`)),
    )
    socket.once('open', () => {
      signal.removeEventListener('abort', late)
      socket.off('error', fail)
      resolve(createWebSocketStream(socket))
    })
    if (signal.aborted) late()
  })
}
