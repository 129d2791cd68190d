import type { LookupAddress } from 'node:dns'
import { lookup as lookUp } from 'node:dns/promises'
import { isIP, type LookupFunction } from 'node:net'
import { VistterError } from '../../../contract/errors.ts'
import type { HttpProxy } from '../../../contract/generated/engine.v1.ts'
import { hostOf, isPublic } from './address.ts'

/** What an administrator lets assets be fetched from besides the internet, and what tests bring along. */
export interface Rules {
  /** Hosts that may be private, and may speak http. */
  privateHosts: readonly string[]
  /** Where the network has no other way out. Hosts of private networks are asked without it. */
  proxy?: HttpProxy | undefined
  /** Certificates of authorities to trust instead of the system's. */
  ca?: string
  resolve?: (name: string) => Promise<LookupAddress[]>
}

/** Throws ASSET_ADDRESS where this address, as it is written, is not to be asked. Names are looked at when they are resolved. */
export function checkUrl(url: URL, { privateHosts }: Rules): void {
  const host = hostOf(url.hostname)
  if (isPrivate(host, privateHosts)) {
    if (/^https?:$/.test(url.protocol)) return
  } else {
    if (isIP(host) && !isPublic(host)) throw closed(host)
    if (url.protocol === 'https:') return
  }
  throw new VistterError('ASSET_ADDRESS', `${shownUrl(url.href)} is no https address.`)
}

/**
 * Resolves names for sockets. What it answers is what the socket connects to, so a name that changes its mind between a
 * look and the connection gains nothing.
 */
export function guardedLookup({ privateHosts, resolve = resolveByName }: Rules): LookupFunction {
  return (name, options, done) => {
    const answer = async () => {
      const found = await resolve(name)
      const allowed = isPrivate(name, privateHosts) ? found : found.filter(({ address }) => isPublic(address))
      const [first] = allowed
      if (!first) throw found.length > 0 ? closed(name) : new VistterError('ASSET_UNREACHABLE', `${name} is not known.`)
      return { first, allowed }
    }
    answer().then(
      ({ first, allowed }) => (options.all ? done(null, allowed) : done(null, first.address, first.family)),
      (error: NodeJS.ErrnoException) => done(error, []),
    )
  }
}

/**
 * Through a proxy it is the proxy that resolves names. What can be told here is told here: a name that leads nowhere but
 * into private networks is refused. One that is unknown here is left to the proxy.
 */
export async function checkForProxy(url: URL, { resolve = resolveByName }: Rules): Promise<void> {
  const host = hostOf(url.hostname)
  if (isIP(host)) return
  const found = await resolve(host).catch(() => [])
  if (found.length > 0 && !found.some(({ address }) => isPublic(address))) throw closed(host)
}

export const isPrivate = (name: string, hosts: readonly string[]): boolean => {
  const host = hostOf(name)
  return hosts.some(allowed => hostOf(allowed) === host)
}

const resolveByName = (name: string): Promise<LookupAddress[]> => lookUp(name, { all: true })

const closed = (host: string) =>
  new VistterError('ASSET_ADDRESS', `${host} is in a private network, where no assets are fetched from.`)

/** An address for people: what may be a secret in it (a login, a signature) is left out. */
export function shownUrl(url: string): string {
  if (url.startsWith('data:')) return 'its data: address'
  if (!URL.canParse(url)) return 'an address that is none'
  const { protocol, host, pathname } = new URL(url)
  return `${protocol}//${host}${pathname}`
}
