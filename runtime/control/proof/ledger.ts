import type { Log } from '../../lib/log.ts'
import type { Sql } from '../ports.ts'
import { type Entry, endSeal, GENESIS, type Link, type Row, rowAfter } from './chain.ts'
import { type Verdict, Verifier } from './verify.ts'

/** At some 600 bytes about 600 MB; the oldest go first, and what they were is still part of every later hash. */
const KEPT = 1_000_000
const PRUNE_EVERY = 1_000
/** What could not be written waits here for the disk to have room. */
const MOST_WAITING = 10_000
const MOST_AT_ONCE = 200
const TRY_AGAIN = 1_000
/** So many are read at a time: some 5 ms of the thread that also carries out cues. */
const PAGE = 500
const END = 'proof-end'
const COLUMNS = 'n, kind, subject, first_at AS firstAt, last_at AS lastAt, body, hash, seal'

interface Deps {
  sql: Sql
  /** For what may take long, beside it. */
  reads?: Pick<Sql, 'all' | 'get'>
  log: Log
  /** With which rows are sealed: of the appliance, not in the database. */
  key: string
  now(): number
  /** These are on the disk now. */
  written(rows: readonly Row[]): void
  kept?: number
}

interface End extends Link {
  seal: string
}

/** Which entries are asked for: those of a kind that touch [from, to), UTC ms. */
export interface Range {
  kinds: readonly string[]
  from: number
  to: number
  /** Only of these overlays. */
  overlays?: readonly string[]
  /** Only cues that were spots of campaigns. */
  booked?: boolean
  /** Only rows with smaller numbers. */
  before?: number
  limit: number
}

/** Rows that are only ever added, each chained to the one before. What is written has reached the disk. */
export class Ledger {
  private waiting: Entry[] = []
  private lost = 0
  private writing: Promise<void> | undefined
  private again: NodeJS.Timeout | undefined
  private written = 0
  /** While somebody reads from the beginning, nothing there is let go. */
  private verifying = 0
  private readonly deps: Deps

  constructor(deps: Deps) {
    this.deps = deps
  }

  /** Never throws, never waits: a disk that is full must not stop the show. */
  add(entry: Entry): void {
    if (this.waiting.length < MOST_WAITING) this.waiting.push(entry)
    else if (this.lost++ === 0) this.deps.log.error({ kind: entry.kind }, 'proof is lost: nothing can be written')
    this.flush()
  }

  /** So many entries never came here: that something is missing is a fact like any other. */
  lose(count: number): void {
    this.add(this.loss(count))
  }

  /** The last word on each, the newest first. */
  async list(range: Range): Promise<Row[]> {
    const rows: Row[] = []
    for await (const page of this.pages(range)) rows.push(...page)
    return rows
  }

  /** The same page by page: cues are carried out between two of them. */
  async *pages({ kinds, from, to, overlays, booked, before = Number.MAX_SAFE_INTEGER, limit }: Range) {
    const some = kinds.map(() => '?').join(', ')
    const about = overlays ? "AND json_extract(subject, '$[1]') IN (SELECT value FROM json_each(?))" : ''
    const spots = booked ? "AND json_extract(body, '$.facts.spot') IS NOT NULL" : ''
    const found = await this.reads.get<{ numbers: string }>(
      `SELECT json_group_array(n) AS numbers FROM (
         SELECT max(n) AS n FROM proof WHERE last_at >= ? AND first_at < ? AND kind IN (${some}) ${about} ${spots}
         GROUP BY kind, subject, first_at HAVING max(n) < ? ORDER BY 1 DESC LIMIT ?)`,
      ...[from, to, ...kinds, ...(overlays ? [JSON.stringify(overlays)] : []), before, limit],
    )
    const numbers = found ? (JSON.parse(found.numbers) as number[]) : []
    for (let n = 0; n < numbers.length; n += PAGE) yield await this.rows(numbers.slice(n, n + PAGE))
  }

  /** The oldest first. */
  after(n: number, kinds: readonly string[], limit: number): Promise<Row[]> {
    const some = kinds.map(() => '?').join(', ')
    const rows = `SELECT ${COLUMNS} FROM proof WHERE n > ? AND kind IN (${some}) ORDER BY n LIMIT ?`
    return this.deps.sql.all<Row>(rows, n, ...kinds, limit)
  }

  /** The number of the last row. */
  async end(): Promise<number> {
    return (await endOf(this.deps.sql))?.n ?? 0
  }

  find(n: number): Promise<Row | undefined> {
    return this.deps.sql.get<Row>(`SELECT ${COLUMNS} FROM proof WHERE n = ?`, n)
  }

  /** Whether every row is as it was written, and none is missing. */
  async verify(): Promise<Verdict> {
    await this.settled()
    const { sql, key } = this.deps
    const verifier = new Verifier(key)
    this.verifying++
    try {
      // What is written meanwhile is the next one's affair.
      const { end, last } = await sql.transaction(async tx => {
        const { n } = (await tx.get<{ n: number | null }>('SELECT max(n) AS n FROM proof')) ?? {}
        return { end: await endOf(tx), last: n ?? 0 }
      })
      let rows = await this.page(Number.MIN_SAFE_INTEGER, last)
      for (; rows.length > 0; rows = await this.page(rows.at(-1)?.n ?? last, last))
        for (const row of rows) verifier.see(row)
      return verifier.verdict(end)
    } finally {
      this.verifying--
    }
  }

  /** What stands elsewhere in the database: `take` removes it there and answers it; both happen, or neither. False: there is no more. */
  adopt(take: (tx: Sql) => Promise<Entry[]>): Promise<boolean> {
    return this.deps.sql.transaction(async tx => {
      const entries = await take(tx)
      if (entries.length > 0) await this.append(tx, entries)
      return entries.length > 0
    }, 'durable')
  }

  /** Whether a later word on the same than this one is written already. */
  async knows({ kind, subject, firstAt, lastAt }: Entry): Promise<boolean> {
    const rows = 'SELECT n FROM proof WHERE kind = ? AND last_at >= ? AND first_at = ? AND subject = ?'
    return (await this.deps.sql.get(rows, kind, lastAt, firstAt, subject)) !== undefined
  }

  /** Resolves when all that was heard is written, or waits for room. */
  async settled(): Promise<void> {
    await this.writing
  }

  stop(): Promise<void> {
    clearTimeout(this.again)
    return this.settled()
  }

  private page(after: number, last: number): Promise<Row[]> {
    const rows = `SELECT ${COLUMNS} FROM proof WHERE n > ? AND n <= ? ORDER BY n LIMIT ?`
    return this.reads.all<Row>(rows, after, last, PAGE)
  }

  private rows(numbers: readonly number[]): Promise<Row[]> {
    const rows = `SELECT ${COLUMNS} FROM proof WHERE n IN (SELECT value FROM json_each(?)) ORDER BY n DESC`
    return this.reads.all<Row>(rows, JSON.stringify(numbers))
  }

  private get reads(): Pick<Sql, 'all' | 'get'> {
    return this.deps.reads ?? this.deps.sql
  }

  private flush(): void {
    this.writing ??= this.write().finally(() => {
      this.writing = undefined
    })
  }

  private async write(): Promise<void> {
    clearTimeout(this.again)
    while (this.waiting.length > 0) {
      const some = this.waiting.slice(0, MOST_AT_ONCE)
      const { lost } = this
      try {
        await this.put(lost > 0 ? [...some, this.loss(lost)] : some)
        this.waiting.splice(0, some.length)
        this.lost -= lost
      } catch (error) {
        this.deps.log.error({ err: error }, 'proof is not written yet')
        this.again = setTimeout(() => this.flush(), TRY_AGAIN).unref()
        return
      }
    }
  }

  private loss(lost: number): Entry {
    const now = this.deps.now()
    return { kind: 'lost', subject: '', firstAt: now, lastAt: now, facts: { lost } }
  }

  private async put(entries: readonly Entry[]): Promise<void> {
    this.deps.written(await this.deps.sql.transaction(tx => this.append(tx, entries), 'durable'))
  }

  private async append(tx: Sql, entries: readonly Entry[]): Promise<Row[]> {
    const { key } = this.deps
    const rows: Row[] = []
    let before: Link = (await endOf(tx)) ?? { n: 0, hash: GENESIS }
    for (const entry of entries) {
      const row = rowAfter(before, entry, key)
      before = await insert(tx, row)
      rows.push(row)
    }
    if (this.verifying === 0 && this.isTimeToPrune(entries.length)) before = await this.prune(tx, before)
    const end: End = { ...before, seal: endSeal(before, key) }
    await tx.run('INSERT OR REPLACE INTO facts (key, value) VALUES (?, ?)', END, JSON.stringify(end))
    this.written += entries.length
    return rows
  }

  private isTimeToPrune(adding: number): boolean {
    const rounds = (written: number) => Math.ceil(written / PRUNE_EVERY)
    return rounds(this.written) < rounds(this.written + adding)
  }

  private async prune(sql: Sql, before: Link): Promise<Link> {
    const { kept = KEPT, key, now } = this.deps
    const last = await sql.get<Link>('SELECT n, hash FROM proof WHERE n = ?', before.n - kept)
    if (!last) return before
    const at = now()
    const facts = { through: last.n, hash: last.hash }
    const pruned = { kind: 'pruned', subject: '', firstAt: at, lastAt: at, facts }
    const link = await insert(sql, rowAfter(before, pruned, key))
    await sql.run('DELETE FROM proof WHERE n <= ?', last.n)
    return link
  }
}

async function insert(sql: Sql, { n, kind, subject, firstAt, lastAt, body, hash, seal }: Row): Promise<Link> {
  await sql.run(
    'INSERT INTO proof (n, kind, subject, first_at, last_at, body, hash, seal) VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
    ...[n, kind, subject, firstAt, lastAt, body, hash, seal],
  )
  return { n, hash }
}

async function endOf(sql: Sql): Promise<End | undefined> {
  const row = await sql.get<{ value: string }>('SELECT value FROM facts WHERE key = ?', END)
  return row && (JSON.parse(row.value) as End)
}
