import type { Event } from '../../contract/generated/openapi.v1.ts'
import { type Clock, rfc3339 } from '../../lib/clock.ts'
import { newId } from '../../lib/ids.ts'
import { type Log, maskUrls } from '../../lib/log.ts'
import {
  mayReadSignIns,
  type NewEvent,
  type Operations,
  operation,
  type Role,
  type Sql,
  type SqlValue,
} from '../ports.ts'

/** As many lines are kept (at some 300 bytes, about 30 MB); the oldest go first. */
const KEPT = 100_000
const PRUNE_EVERY = 1_000

interface Row {
  id: string
  time: number
  type: string
  severity: Event['severity']
  actor: string | null
  message: string
  data: string
}

interface Deps {
  sql: Sql
  clock: Clock
  log: Log
  heard(event: Event): void
  /** It is kept. */
  written?(): void
}

/** The activity log. Writing it is best effort: a full disk must not stop the show. */
export class EventLog {
  private written = 0
  private readonly deps: Deps

  constructor(deps: Deps) {
    this.deps = deps
  }

  /** `time` is UTC ms; left out, it is now. */
  record(event: NewEvent & { time?: number }): void {
    this.write(event).catch(error => this.deps.log.error({ err: error, type: event.type }, 'event was not written'))
  }

  operations(): Operations {
    return {
      listEvents: operation<undefined, Query>(({ query, actor }) => this.list(query, actor.role)),
    }
  }

  /** What was kept after line `mark` (0: the first), the oldest first; without sign-ins, which are this box's own affair. */
  async after(mark: number, limit: number): Promise<{ mark: number; event: Event }[]> {
    const rows = await this.deps.sql.all<Row & { mark: number }>(
      `SELECT rowid AS mark, * FROM events WHERE rowid > ? AND type NOT LIKE 'auth.%' ORDER BY rowid LIMIT ?`,
      ...[mark, limit],
    )
    return rows.map(row => ({ mark: row.mark, event: shown(row) }))
  }

  /** The line that was kept last. */
  async end(): Promise<number> {
    return (await this.deps.sql.get<{ end: number }>('SELECT coalesce(max(rowid), 0) AS end FROM events'))?.end ?? 0
  }

  private async write({ time = this.deps.clock.now(), type, severity, actor, ...rest }: NewEvent & { time?: number }) {
    const { sql, log, heard, written } = this.deps
    const id = newId()
    const message = maskUrls(rest.message)
    const data = maskUrls(JSON.stringify(rest.data ?? {}))
    log[severity === 'warning' ? 'warn' : severity]({ type, actor }, message)
    heard({ id, time: rfc3339(time), type, severity, ...(actor && { actor }), message, data: JSON.parse(data) })
    await sql.run(
      'INSERT INTO events (id, time, type, severity, actor, message, data) VALUES (?, ?, ?, ?, ?, ?, ?)',
      id,
      time,
      type,
      severity,
      actor ?? null,
      message,
      data,
    )
    written?.()
    if (this.written++ % PRUNE_EVERY === 0)
      await sql.run('DELETE FROM events WHERE id <= (SELECT id FROM events ORDER BY id DESC LIMIT 1 OFFSET ?)', KEPT)
  }

  private async list({ limit, before, since, type }: Query, role: Role): Promise<Event[]> {
    const where: [condition: string, ...values: SqlValue[]][] = []
    if (before) where.push(['id < ?', before])
    if (since) where.push(['time >= ?', Date.parse(since)])
    const family = type?.replace(/\.\*$/, '')
    if (family) where.push(["(type = ? OR substr(type, 1, length(?) + 1) = ? || '.')", family, family, family])
    if (!mayReadSignIns(role)) where.push(["type NOT LIKE 'auth.%'"])
    const conditions = where.map(([condition]) => condition).join(' AND ')
    const rows = await this.deps.sql.all<Row>(
      `SELECT * FROM events ${conditions && `WHERE ${conditions}`} ORDER BY id DESC LIMIT ?`,
      ...where.flatMap(([, ...values]) => values),
      limit,
    )
    return rows.map(shown)
  }
}

const shown = ({ id, time, type, severity, actor, message, data }: Row): Event => ({
  ...{ id, time: rfc3339(time), type, severity, ...(actor && { actor }), message },
  data: JSON.parse(data),
})

interface Query {
  limit: number
  before?: string
  since?: string
  type?: string
}
