import { isIP } from 'node:net'
import { VistterError } from '../../../contract/errors.ts'
import type { HttpProxy } from '../../../contract/generated/engine.v1.ts'

/** Where and as what to publish. `key` is a secret: it goes over the wire and nowhere else. */
export interface RtmpTarget {
  secure: boolean
  host: string
  port: number
  /** What the server calls the application: the path without the stream name. */
  app: string
  key: string
  /** What the connect command calls the address: everything but the key. */
  tcUrl: string
  /** The way out of this network, where there is no direct one. */
  proxy?: HttpProxy
}

const PORTS = { 'rtmp:': 1935, 'rtmps:': 443 } as const

/**
 * Splits an address into server, application and stream name. With a stream key the whole path is the application;
 * without one the last part of the path is the stream name, as encoders write it.
 * Throws OUTPUT_UNSUPPORTED when the address is not one of RTMP or names no application.
 */
export function rtmpTarget(url: string, streamKey?: string, proxy?: HttpProxy): RtmpTarget {
  const parsed = URL.canParse(url) ? new URL(url) : undefined
  const port = parsed && portOf(parsed)
  if (!parsed || !port || !parsed.hostname)
    throw new VistterError('OUTPUT_UNSUPPORTED', 'The address is not one of an RTMP server.')
  const parts = parsed.pathname.split('/').filter(part => part !== '')
  const key = streamKey || decode(parts.pop() ?? '') + parsed.search
  const app = parts.map(decode).join('/') + (streamKey ? parsed.search : '')
  if (!app || !key)
    throw new VistterError(
      'OUTPUT_UNSUPPORTED',
      'The address lacks the application or the stream key after the server.',
    )
  const secure = parsed.protocol === 'rtmps:'
  const shownPort = parsed.port ? `:${parsed.port}` : ''
  return {
    secure,
    host: parsed.hostname.replace(/^\[|\]$/g, ''),
    port,
    app,
    key,
    tcUrl: `${parsed.protocol}//${parsed.hostname}${shownPort}/${app}`,
    ...(proxy && { proxy }),
  }
}

/** The name that a certificate must show; an address as numbers has none to send. */
export const serverName = (host: string): string | undefined => (isIP(host) ? undefined : host)

function portOf({ protocol, port }: URL): number | undefined {
  const usual = protocol === 'rtmp:' || protocol === 'rtmps:' ? PORTS[protocol] : undefined
  return usual && (port ? Number(port) : usual)
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    return part
  }
}
