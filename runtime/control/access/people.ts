import type { Clock } from '../../lib/clock.ts'
import { mayReadSignIns, type Operations, type Recorder, type Role, type Sql, withCodeFor } from '../ports.ts'
import { Access, fromOwnPage, mayActAs, SESSION_COOKIE } from './access.ts'
import { SESSION_LASTS, Sessions } from './sessions.ts'
import { Setup } from './setup.ts'
import { SignIn } from './sign-in.ts'
import { Tokens } from './tokens.ts'
import { Users } from './users.ts'

interface Deps {
  sql: Sql
  clock: Clock
  record: Recorder
  settings: { change(patch: { timezone: string; locationName: string }, actor: string): Promise<unknown> }
}

/** Everyone who may come in, and how: set-up, users, sessions, tokens. */
export class People {
  private readonly sessions: Sessions
  private readonly users: Users
  private readonly tokens: Tokens
  private readonly setup: Setup
  private readonly door: SignIn
  private readonly access: Access

  constructor({ sql, clock, record, settings }: Deps) {
    this.sessions = new Sessions(sql, clock)
    this.users = new Users({ sql, clock, record, endSessionsOf: id => this.sessions.endOf(id) })
    this.tokens = new Tokens({ sql, clock, record })
    this.setup = new Setup({ users: this.users, settings, record })
    this.door = new SignIn({
      verify: (username, password) => this.users.verify(username, password),
      begin: userId => this.sessions.begin(userId),
      record,
    })
    this.access = new Access(this.sessions, this.tokens)
  }

  readonly sessionCookie = SESSION_COOKIE

  /** s */
  readonly sessionLasts = SESSION_LASTS / 1_000

  readonly gate = {
    identify: (headers: Parameters<Access['identify']>[0]) => this.access.identify(headers),
    mayActAs,
    fromOwnPage,
    onSessionEnd: (sessionId: string, close: () => void) => this.sessions.onEnd(sessionId, close),
  }

  readonly signIn = (username: string, password: string, address: string): Promise<string> =>
    this.door.with(username, password, address)

  readonly signOut = (sessionId: string): Promise<void> => this.sessions.end(sessionId)

  readonly isSetUp = (): Promise<boolean> => this.setup.isDone()

  /** What of the live stream is for whom: sign-ins and the code of a pairing for administrators, everything else for all. */
  readonly heardBy = (role: Role, event: string, data: object): object | undefined => {
    const isSignIn = event === 'event' && 'type' in data && String(data.type).startsWith('auth.')
    if (isSignIn && !mayReadSignIns(role)) return undefined
    return event === 'studio' ? withCodeFor(role, data) : data
  }

  operations(): Operations {
    return { ...this.setup.operations(), ...this.users.operations(), ...this.tokens.operations() }
  }
}
