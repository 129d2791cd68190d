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

/** Who is signed in, by cookie. Kept in the database, so that a restart of control signs nobody out. */
export class Sessions {
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
    await this.sql.run('DELETE FROM sessions WHERE used_at < ?', now - SESSION_LASTS)
    await this.sql.run(
      'INSERT INTO sessions (hash, user, created_at, used_at) VALUES (?, ?, ?, ?)',
      hashBearer(bearer),
      userId,
      now,
      now,
    )
    return bearer
  }

  async find(bearer: string): Promise<Session | undefined> {
    const id = hashBearer(bearer)
    const now = this.clock.now()
    const row = await this.sql.get<{ username: string; role: Role; used_at: number }>(
      `SELECT username, role, used_at FROM sessions JOIN users ON users.id = sessions.user
       WHERE hash = ? AND used_at >= ?`,
      id,
      now - SESSION_LASTS,
    )
    if (!row) return undefined
    if (now - row.used_at > NOTE_USE_EVERY)
      await this.sql.run('UPDATE sessions SET used_at = ? WHERE hash = ?', now, id)
    return { id, actor: { kind: 'user', name: row.username, role: row.role } }
  }

  async end(id: string): Promise<void> {
    await this.sql.run('DELETE FROM sessions WHERE hash = ?', id)
    this.tell(id)
  }

  async endOf(userId: string): Promise<void> {
    await this.sql.run('DELETE FROM sessions WHERE user = ?', userId)
    await this.endExpired()
  }

  /** Tells every long-lived connection whose session has run out. Called now and then. */
  async endExpired(): Promise<void> {
    for (const id of [...this.ended.keys()]) {
      const alive = await this.sql.get(
        'SELECT 1 FROM sessions WHERE hash = ? AND used_at >= ?',
        id,
        this.clock.now() - SESSION_LASTS,
      )
      if (!alive) this.tell(id)
    }
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

  private tell(id: string): void {
    const closes = this.ended.get(id)
    this.ended.delete(id)
    for (const close of closes ?? []) close()
  }
}
