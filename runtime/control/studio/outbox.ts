import { newId } from '../../lib/ids.ts'
import type { Sql } from '../ports.ts'

/** What is told for good: it leaves in the end, whatever happens, each with a number that counts without a gap. */
export type LastingKind = 'ack' | 'event' | 'proof'

/** Something to tell Studio. `time`: UTC ms of when it happened, which it keeps however late it leaves. */
export interface Telling {
  type: string
  time: number
  data: object
}

/** A message that waits to leave. */
export interface Waiting {
  key: string
  kind: LastingKind | 'sample'
  id: string
  type: string
  time: number
  data: Record<string, unknown>
  sequence?: number
}

export interface Limits {
  /** Lasting ones; some 500 bytes each. Acks and proof are kept beyond it. */
  lasting: number
  samples: number
}

interface Row {
  kind: Waiting['kind']
  seq: number
  id: string
  type: string
  time: number
  data: string
}

interface Deps {
  sql: Sql
  clock: { now(): number }
  /** Something waits. */
  added(): void
  limits?: Limits
}

/** Two weeks of events of a lively show, and a day of telemetry, while nobody listens. */
const LIMITS: Limits = { lasting: 200_000, samples: 8_640 }
/** Of the limit, what is given up at once when it is reached. */
const GIVEN_UP = 0.02
/** The number up to which all was on the disk for good: something has to be written for the disk to be waited for. */
const HELD = 'studio-outbox-held'
/** How the gap of events that were given up is told. */
export const OVERFLOWED = 'vistter.event.studio.outbox-overflowed'

/**
 * What Studio has still to be told, on the disk until it has it. Acks, events and proof of play are never thinned out;
 * telemetry is, the older the more. Where even that is not enough the oldest events give way, and one event says so.
 */
export class Outbox {
  private lasting = 0
  private samples = 0
  /** Nothing can give way before there are more than these. */
  private lookAgain = 0
  /** Up to which numbers it is the past: what came while nobody listened. */
  private past = 0
  private pastSample = 0
  /** Up to which numbers they are on the disk for good. */
  private firm = 0
  private readonly limits: Limits
  private readonly deps: Deps

  constructor(deps: Deps) {
    this.deps = deps
    this.limits = deps.limits ?? LIMITS
  }

  async load(): Promise<this> {
    this.lasting = await this.count('studio_outbox')
    this.samples = await this.count('studio_samples')
    return this
  }

  /** What is kept elsewhere, too, waits there until there is room. */
  get isFull(): boolean {
    return this.lasting >= this.limits.lasting
  }

  get size(): number {
    return this.lasting + this.samples
  }

  /** Kept when it answers; before it leaves, also against a power cut. */
  async tell(kind: LastingKind, telling: Telling): Promise<void> {
    await this.deps.sql.transaction(sql => this.put(sql, kind, [telling]))
    this.deps.added()
  }

  /** Together with other statements; the caller calls `kept` once they are committed. Answers the last of their numbers. */
  async put(sql: Sql, kind: LastingKind, tellings: readonly Telling[]): Promise<number> {
    if (tellings.length === 0) return 0
    const rows = await sql.all<{ seq: number }>(
      `INSERT INTO studio_outbox (kind, id, type, time, data) VALUES ${tellings.map(() => '(?, ?, ?, ?, ?)').join(', ')} RETURNING seq`,
      ...tellings.flatMap(({ type, time, data }) => [kind, newId(), type, time, JSON.stringify(data)]),
    )
    this.lasting += tellings.length
    if (this.lasting > this.limits.lasting && this.lasting > this.lookAgain) await this.giveUp(sql)
    return Math.max(...rows.map(({ seq }) => seq))
  }

  /** `firm`: the last number of a transaction that was durable. */
  kept(firm = 0): void {
    this.firm = Math.max(this.firm, firm)
    this.deps.added()
  }

  /**
   * What leaves is on the disk for good before: a power cut would take it back, and give its numbers to something else. The disk
   * is waited for once for all that is there, not for each.
   */
  async hold(leaving: readonly Waiting[]): Promise<void> {
    const last = Math.max(0, ...leaving.map(({ sequence = 0 }) => sequence))
    if (last <= this.firm) return
    const firm = await this.deps.sql.transaction(async sql => {
      // Another one may have waited for the same.
      if (last <= this.firm) return 0
      const { all } = (await sql.get<{ all: number }>('SELECT max(seq) AS "all" FROM studio_outbox')) ?? { all: 0 }
      await sql.run('INSERT OR REPLACE INTO facts (key, value) VALUES (?, ?)', HELD, String(all))
      return all
    }, 'durable')
    this.firm = Math.max(this.firm, firm)
  }

  /** Telemetry. */
  async sample({ type, time, data }: Telling): Promise<void> {
    const { sql, added } = this.deps
    await sql.run(
      'INSERT INTO studio_samples (id, type, time, data) VALUES (?, ?, ?, ?)',
      ...[newId(), type, time, JSON.stringify(data)],
    )
    if (++this.samples > this.limits.samples) await this.thin()
    added()
  }

  /** Studio listens from now on: what happens goes before what happened. */
  async connected(): Promise<void> {
    const last = async (table: string) =>
      (await this.deps.sql.get<{ last: number }>(`SELECT coalesce(max(seq), 0) AS last FROM ${table}`))?.last ?? 0
    this.past = await last('studio_outbox')
    this.pastSample = (await last('studio_samples')) - 1
  }

  /** What leaves next, but for what is under way: the newest state, acks, what happens now, what happened (newest first), proof, older telemetry. */
  async next(most: number, except: ReadonlySet<string> = new Set()): Promise<Waiting[]> {
    const { past, pastSample } = this
    const enough = most + except.size
    // One statement: each would wait its turn behind what is written meanwhile, and an ack must not.
    const parts: [kind: Waiting['kind'], from: string, atMost: number][] = [
      ['sample', `FROM studio_samples WHERE seq > ${pastSample} ORDER BY seq DESC`, 1],
      ['ack', "FROM studio_outbox WHERE kind = 'ack' ORDER BY seq", enough],
      ['event', `FROM studio_outbox WHERE kind = 'event' AND seq > ${past} ORDER BY seq`, enough],
      ['event', `FROM studio_outbox WHERE kind = 'event' AND seq <= ${past} ORDER BY seq DESC`, enough],
      ['proof', "FROM studio_outbox WHERE kind = 'proof' ORDER BY seq", enough],
      ['sample', 'FROM studio_samples ORDER BY seq DESC', enough],
    ]
    const selects = parts.map(
      ([kind, from, atMost]) =>
        `SELECT * FROM (SELECT '${kind}' AS kind, seq, id, type, time, data ${from} LIMIT ${atMost})`,
    )
    const rows = await this.deps.sql.all<Row>(selects.join(' UNION ALL '))
    const found = new Map(rows.map(row => [keyOf(row), row]))
    const free = [...found].filter(([key]) => !except.has(key)).map(([, row]) => row)
    return free.slice(0, most).map(waitingOf)
  }

  /** Studio's broker has them. */
  async sent(keys: string[]): Promise<void> {
    await this.deps.sql.transaction(async sql => {
      for (const [letter, table] of [
        ['L', 'studio_outbox'],
        ['S', 'studio_samples'],
      ] as const) {
        const numbers = keys.filter(key => key.startsWith(letter)).map(key => Number(key.slice(1)))
        if (numbers.length === 0) continue
        const gone = await sql.run(
          `DELETE FROM ${table} WHERE seq IN (SELECT value FROM json_each(?))`,
          JSON.stringify(numbers),
        )
        if (letter === 'L') this.lasting -= gone.changes
        else this.samples -= gone.changes
      }
    })
  }

  /** What was meant for one Studio is no other one's business. */
  async clear(): Promise<void> {
    await this.deps.sql.run('DELETE FROM studio_outbox')
    await this.deps.sql.run('DELETE FROM studio_samples')
    this.lasting = 0
    this.samples = 0
  }

  /** Of the older half every second one goes: so the resolution falls with the age. */
  private async thin(): Promise<void> {
    const { changes } = await this.deps.sql.run(
      `DELETE FROM studio_samples WHERE seq IN (
         SELECT seq FROM (SELECT seq, row_number() OVER (ORDER BY seq) AS n FROM studio_samples)
         WHERE n % 2 = 0 AND n <= ?)`,
      Math.floor(this.samples / 2),
    )
    this.samples -= changes
  }

  private async giveUp(sql: Sql): Promise<void> {
    // What a failed transaction took back was counted nevertheless.
    this.lasting = await this.count('studio_outbox', sql)
    if (this.lasting <= this.limits.lasting) return
    const oldest = await sql.all<{ seq: number; type: string; data: string }>(
      "SELECT seq, type, data FROM studio_outbox WHERE kind = 'event' ORDER BY seq LIMIT ?",
      Math.max(Math.ceil(this.limits.lasting * GIVEN_UP), this.lasting - this.limits.lasting + 1),
    )
    const [first, last] = [oldest[0], oldest.at(-1)]
    this.lookAgain = 0
    if (!first || !last || first === last) {
      // Acks and proof alone: to look each time would cost a count of all of them.
      this.lookAgain = this.lasting * (1 + GIVEN_UP)
      return
    }
    await sql.run("DELETE FROM studio_outbox WHERE kind = 'event' AND seq BETWEEN ? AND ?", first.seq, last.seq)
    this.lasting -= oldest.length
    const before = oldest.filter(({ type }) => type === OVERFLOWED).map(({ data }) => JSON.parse(data).details)
    const count = oldest.length - before.length + before.reduce((sum, { count }) => sum + count, 0)
    const from = Math.min(first.seq, ...before.map(({ from }) => from))
    const data = {
      severity: 'warning',
      message: `Studio was out of reach for so long that ${count} old events had to be given up.`,
      details: { from, to: last.seq, count },
    }
    await this.put(sql, 'event', [{ type: OVERFLOWED, time: this.deps.clock.now(), data }])
  }

  private async count(table: string, sql = this.deps.sql): Promise<number> {
    return (await sql.get<{ n: number }>(`SELECT count(*) AS n FROM ${table}`))?.n ?? 0
  }
}

const keyOf = ({ kind, seq }: Row): string => `${kind === 'sample' ? 'S' : 'L'}${seq}`

const waitingOf = ({ kind, seq, data, ...row }: Row): Waiting => ({
  ...row,
  ...{ kind, key: keyOf({ kind, seq, data, ...row }), data: JSON.parse(data) },
  ...(kind !== 'sample' && { sequence: seq }),
})
