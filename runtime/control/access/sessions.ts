import type { Clock } from '../../lib/clock.ts'
import type { Actor, Role, Sql } from '../ports.ts'
import { hashBearer, newBearer } from './bearer.ts'

/** A session ends this long after its last use (ms). */
export const SESSION_LASTS = 7 * 24 * 3_600_000

/** The last use is written at most this often (ms): a page full of thumbnails must not write at each of them. */
const NOTE_USE_EVERY = 60_000

export interface Session {
  /** Hash of the cookie: names the session without being able to open it. */
  id: string
  actor: Actor
}

interface Row {
  username: string
  role: Role
  used_at: number
}

/** A session that the database does not have yet: its user, and when it began (UTC ms). */
interface Unsaved {
  user: string
  began: number
}

/**
 * Who is signed in, by cookie. Kept in the database, so that a restart of control signs nobody out. A database that takes
 * nothing shuts nobody out either: on a full disk those who could make room have to come in.
 */
export class Sessions {
  private readonly unsaved = new Map<string, Unsaved>()
  /** Ended, but still in the database: nobody gets in by them. */
  private readonly undeleted = new Set<string>()
  private readonly ended = new Map<string, Set<() => void>>()
  private readonly sql: Sql
  private readonly clock: Clock

  constructor(sql: Sql, clock: Clock) {
    this.sql = sql
    this.clock = clock
  }

  /** Answers the cookie's value. */
  async begin(userId: string): Promise<string> {
    const bearer = newBearer()
    const now = this.clock.now()
    await this.sql.run('DELETE FROM sessions WHERE used_at < ?', now - SESSION_LASTS).catch(() => {})
    await this.endExpired()
    await this.save(hashBearer(bearer), { user: userId, began: now })
    return bearer
  }

  async find(bearer: string): Promise<Session | undefined> {
    const id = hashBearer(bearer)
    if (this.undeleted.has(id)) {
      await this.remove(id)
      return undefined
    }
    const now = this.clock.now()
    const unsaved = this.unsaved.get(id)
    if (unsaved) await this.save(id, unsaved)
    const row = await this.row(id, now)
    if (!row) return undefined
    // Only a note: that it cannot be written must not end what it is about.
    if (now - row.used_at > NOTE_USE_EVERY)
      await this.sql.run('UPDATE sessions SET used_at = ? WHERE hash = ?', now, id).catch(() => {})
    return { id, actor: { kind: 'user', name: row.username, role: row.role } }
  }

  async end(id: string): Promise<void> {
    this.unsaved.delete(id)
    await this.remove(id)
    this.tell(id)
  }

  async endOf(userId: string): Promise<void> {
    for (const [id, { user }] of this.unsaved) if (user === userId) this.unsaved.delete(id)
    await this.sql.run('DELETE FROM sessions WHERE user = ?', userId)
    await this.endExpired()
  }

  /** Tells every long-lived connection whose session has run out, at each sign-in. */
  private async endExpired(): Promise<void> {
    for (const id of [...this.undeleted]) await this.remove(id)
    for (const id of [...this.ended.keys()]) if (!(await this.row(id, this.clock.now()))) this.tell(id)
  }

  /** `close` runs once when the session ends: what is open under a session must not outlive it. Answers how to forget. */
  onEnd(id: string, close: () => void): () => void {
    const closes = this.ended.get(id) ?? new Set()
    this.ended.set(id, closes.add(close))
    return () => {
      closes.delete(close)
      if (closes.size === 0 && this.ended.get(id) === closes) this.ended.delete(id)
    }
  }

  private async remove(id: string): Promise<void> {
    this.undeleted.add(id)
    await this.sql
      .run('DELETE FROM sessions WHERE hash = ?', id)
      .then(() => this.undeleted.delete(id))
      .catch(() => {}) // it is tried again with the next sign-in
  }

  private async save(id: string, session: Unsaved): Promise<void> {
    this.unsaved.set(id, session)
    const { user, began } = session
    const values = [id, user, began, began]
    await this.sql
      .run('INSERT INTO sessions (hash, user, created_at, used_at) VALUES (?, ?, ?, ?)', ...values)
      .then(() => this.unsaved.delete(id))
      .catch(() => {}) // it is tried again with the next request
  }

  private async row(id: string, now: number): Promise<Row | undefined> {
    const oldest = now - SESSION_LASTS
    const unsaved = this.unsaved.get(id)
    if (!unsaved)
      return this.sql.get<Row>(
        `SELECT username, role, used_at FROM sessions JOIN users ON users.id = sessions.user
         WHERE hash = ? AND used_at >= ?`,
        id,
        oldest,
      )
    if (unsaved.began < oldest) this.unsaved.delete(id)
    return this.sql.get<Row>(
      'SELECT username, role, ? AS used_at FROM users WHERE id = ? AND ? >= ?',
      ...[unsaved.began, unsaved.user, unsaved.began, oldest],
    )
  }

  private tell(id: string): void {
    const closes = this.ended.get(id)
    this.ended.delete(id)
    for (const close of closes ?? []) close()
  }
}
