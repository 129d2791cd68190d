import type { MakeGood } from '../../contract/generated/openapi.v1.ts'
import { rfc3339 } from '../../lib/clock.ts'
import type { Log } from '../../lib/log.ts'
import { type Operations, operation, type Sql, type SqlValue } from '../ports.ts'

/** A cue that was to be shown and was not. Times in UTC ms. */
export interface MissedCue {
  timeline: { id: string; name: string }
  /** Undefined off air. */
  program: string | undefined
  cue: string
  overlay: string | undefined
  at: number
  duration: number
  why: string
}

/** At some 300 bytes about 6 MB; the oldest go first. */
const KEPT = 20_000
/** What cannot be written waits for the disk to have room; more than these are lost. */
const MOST_WAITING = 5_000
const AT_ONCE = 200
const TRY_AGAIN = 1_000
const COLUMNS = 'n, at, timeline, name, program, cue, overlay, duration, why'

type Row = Omit<MakeGood, 'id' | 'at'> & { n: number; at: number }

interface Query {
  from?: string
  to?: string
  timeline?: string
  limit: number
  before?: number
}

interface Deps {
  sql: Sql
  log: Log
  kept?: number
}

/** What was missed, cue by cue: what is owed to whoever paid for it. To write it holds up nothing. */
export class MakeGoods {
  private waiting: MissedCue[] = []
  private writing: Promise<void> | undefined
  private again: NodeJS.Timeout | undefined
  private readonly deps: Deps

  constructor(deps: Deps) {
    this.deps = deps
  }

  /** What waits is written, as far as the disk takes it. */
  async stop(): Promise<void> {
    clearTimeout(this.again)
    await this.flush()
    clearTimeout(this.again)
  }

  add(missed: MissedCue): void {
    if (this.waiting.length < MOST_WAITING) this.waiting.push(missed)
    void this.flush()
  }

  operations(): Operations {
    return { listMakeGoods: operation<undefined, Query>(({ query }) => this.list(query)) }
  }

  private flush(): Promise<void> {
    this.writing ??= this.writeAll().finally(() => {
      this.writing = undefined
    })
    return this.writing
  }

  private async writeAll(): Promise<void> {
    try {
      while (this.waiting.length > 0) {
        const rows = this.waiting.slice(0, AT_ONCE)
        await this.write(rows)
        this.waiting = this.waiting.slice(rows.length)
      }
    } catch (thrown) {
      this.deps.log.warn({ err: thrown }, 'what was missed waits for the disk')
      clearTimeout(this.again)
      this.again = setTimeout(() => void this.flush(), TRY_AGAIN)
      this.again.unref()
    }
  }

  private write(rows: readonly MissedCue[]): Promise<void> {
    const { sql, kept = KEPT } = this.deps
    return sql.transaction(async within => {
      for (const { at, timeline, program, cue, overlay, duration, why } of rows) {
        const values = [at, timeline.id, timeline.name, program ?? null, cue, overlay ?? null, duration, why]
        await within.run(
          'INSERT INTO make_goods (at, timeline, name, program, cue, overlay, duration, why) VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
          ...values,
        )
      }
      await within.run('DELETE FROM make_goods WHERE n <= (SELECT max(n) FROM make_goods) - ?', kept)
    })
  }

  private async list({ from, to, timeline, limit, before }: Query): Promise<MakeGood[]> {
    const where: [condition: string, value: SqlValue][] = [
      ['at >= ?', from === undefined ? 0 : Date.parse(from)],
      ['at < ?', to === undefined ? Number.MAX_SAFE_INTEGER : Date.parse(to)],
      ...(timeline === undefined ? [] : [['timeline = ?', timeline] as [string, SqlValue]]),
      ...(before === undefined ? [] : [['n < ?', before] as [string, SqlValue]]),
    ]
    const conditions = where.map(([condition]) => condition).join(' AND ')
    const rows = await this.deps.sql.all<Row>(
      `SELECT ${COLUMNS} FROM make_goods WHERE ${conditions} ORDER BY n DESC LIMIT ?`,
      ...where.map(([, value]) => value),
      limit,
    )
    return rows.map(({ n, at, ...row }) => ({ id: n, at: rfc3339(at), ...row }))
  }
}
