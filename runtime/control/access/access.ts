import type { IncomingHttpHeaders } from 'node:http'
import { parseCookie } from 'cookie'
import type { Actor, Role } from '../ports.ts'
import type { Session, Sessions } from './sessions.ts'
import type { Tokens } from './tokens.ts'

export const SESSION_COOKIE = 'vistter_session'

const RANK: Record<Role, number> = { viewer: 0, operator: 1, admin: 2 }

/** Each role may do what the one before it may. */
export const mayActAs = (role: Role, needed: Role): boolean => RANK[role] >= RANK[needed]

export interface Identity {
  actor: Actor
  /** Present when signed in by cookie: the kind of identity that a browser sends along unasked. */
  sessionId?: string
  /** A token of scope `read`. */
  readOnly: boolean
}

/** Who makes a request: by session cookie or by bearer token. */
export class Access {
  private readonly sessions: Pick<Sessions, 'find'>
  private readonly tokens: Pick<Tokens, 'find'>

  constructor(sessions: Pick<Sessions, 'find'>, tokens: Pick<Tokens, 'find'>) {
    this.sessions = sessions
    this.tokens = tokens
  }

  async identify(headers: IncomingHttpHeaders): Promise<Identity | undefined> {
    const bearer = /^Bearer (\S+)$/i.exec(headers.authorization ?? '')?.[1]
    if (bearer) return this.tokens.find(bearer)
    const session = await this.sessionOf(headers)
    return session && { actor: session.actor, sessionId: session.id, readOnly: false }
  }

  async sessionOf(headers: IncomingHttpHeaders): Promise<Session | undefined> {
    const cookie = parseCookie(headers.cookie ?? '')[SESSION_COOKIE]
    return cookie ? this.sessions.find(cookie) : undefined
  }
}

/**
 * Whether a request with a cookie comes from our own pages. SameSite=Strict already keeps other sites out; this also
 * holds in a browser that does not know it, and for another port of the same host, which counts as the same site.
 */
export function fromOwnPage(headers: IncomingHttpHeaders): boolean {
  const { origin, host } = headers
  if (headers['sec-fetch-site'] === 'cross-site') return false
  if (!origin) return true
  return URL.canParse(origin) && new URL(origin).host === host
}
