/** Parameters of addresses that carry a login: cameras by Reolink and others have theirs there. */
const PARAMETER =
  /^(user(name)?|login|pass(word|wd)?|pwd|token|auth|access_?token|api_?key|secret|key|sig(nature)?|stream_?key)$/i
/** Members that are a secret whatever they are of. */
const MEMBER = /^(pass(word|wd)?|pwd|api_?key|secret|client_?secret|access_?token|auth(orization)?|stream_?key)$/i

const ADDRESS = /\b[a-z][a-z0-9+.-]{1,20}:\/\/[^\s"<>]+/gi

export interface Stripped<T> {
  value: T
  /** JSON pointers to what was stripped. */
  found: string[]
}

/** Of cameras and platforms. Addresses of files may be signed, and are of no use without. */
const STREAMS = /^(rtsps?|rtmp[ste]?|srt|rtp|udp):/i

interface Strictness {
  /** Also members that are secrets by their name. */
  members: boolean
  /** Only addresses of streams. */
  streams: boolean
}

/** An address without user name, password and secret parameters; the rest stays as it was written. */
export const withoutLogin = (text: string, only = /^/): string =>
  text.replace(ADDRESS, address => {
    if (!only.test(address)) return address
    const [, scheme = '', rest = ''] = /^([^:]+:\/\/)(.*)$/s.exec(address) ?? []
    const [, authority = '', path = ''] = /^([^/?#]*)(.*)$/s.exec(rest) ?? []
    // A password may hold an @, and even a / or ? that nobody escaped: up to the last @ of what could be the authority.
    const host = authority.slice(authority.lastIndexOf('@') + 1)
    return `${scheme}${host}${withoutParameters(path)}`
  })

function withoutParameters(path: string): string {
  const [, before = '', query, after = ''] = /^([^?#]*)(?:\?([^#]*))?(#.*)?$/s.exec(path) ?? []
  if (query === undefined) return path
  const kept = query.split('&').filter(pair => !PARAMETER.test(pair.split('=', 1)[0] ?? ''))
  return `${before}${kept.length > 0 ? `?${kept.join('&')}` : ''}${after}`
}

/** Leaves out logins in addresses, wherever they stand. Pure. */
export function withoutCredentials<T>(value: T, { members, streams }: Strictness): Stripped<T> {
  const found: string[] = []
  const walk = (part: unknown, path: string): unknown => {
    if (typeof part === 'string') {
      const clean = streams ? withoutLogin(part, STREAMS) : withoutLogin(part)
      if (clean !== part) found.push(path)
      return clean
    }
    if (Array.isArray(part)) return part.map((each, index) => walk(each, `${path}/${index}`))
    if (typeof part !== 'object' || part === null) return part
    return Object.fromEntries(
      Object.entries(part).flatMap(([key, each]) => {
        const at = `${path}/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`
        if (!members || !MEMBER.test(key) || typeof each !== 'string' || each === '') return [[key, walk(each, at)]]
        found.push(at)
        return []
      }),
    )
  }
  return { value: walk(value, '') as T, found }
}
