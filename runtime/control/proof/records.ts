import { VistterError } from '../../contract/errors.ts'
import type { AdvertiserReport, ProofRow } from '../../contract/generated/openapi.v1.ts'
import type { Clock } from '../../lib/clock.ts'
import { inSlices } from '../../lib/slices.ts'
import { type Operations, operation, type SpotFact } from '../ports.ts'
import { AIRED } from './aired.ts'
import { Airtimes } from './airtimes.ts'
import type { Row } from './chain.ts'
import { CSV_HEAD, csvLine, reportCsv } from './csv.ts'
import type { Ledger, Range } from './ledger.ts'
import type { OpenBook } from './open-book.ts'
import { type Facts, type Planned, reportOf, spotFacts } from './report.ts'
import { shownEntry, shownRow } from './shown.ts'

/** Rows of what was on air. */
export const KINDS: readonly string[] = Object.values(AIRED)
/** Rows of cues whose time had come. */
export const PLANNED = 'planned'

/** A day. */
const UNASKED = 86_400_000
const MOST_IN_A_FILE = 100_000

interface Query {
  from?: string
  to?: string
  format?: 'json' | 'csv'
  before?: number
  limit: number
}

interface Deps {
  ledger: Pick<Ledger, 'pages' | 'settled'>
  /** What is on air now, and no row yet. */
  book: Pick<OpenBook, 'entries'>
  clock: Clock
}

/** What is asked of proof of play: lists, reports, and what became of spots. */
export class Records {
  private readonly deps: Deps

  constructor(deps: Deps) {
    this.deps = deps
  }

  operations(): Operations {
    return {
      listProof: operation<undefined, Query>(({ query }) => this.list(query)),
      reportProof: operation<undefined, Omit<Query, 'limit'>>(({ query }) => this.report(query)),
    }
  }

  /** What became of the spots of campaigns in [from, to), UTC ms. */
  async spots(from: number, to: number): Promise<SpotFact[]> {
    const { clock } = this.deps
    return inSlices(spotFacts(await this.facts({ from, to }, true), clock.now()), clock)
  }

  private async list({ format, before, limit, ...asked }: Query): Promise<ProofRow[] | string> {
    const csv = format === 'csv'
    const range = { ...this.range(asked), ...(before !== undefined && { before }), limit: csv ? MOST_IN_A_FILE : limit }
    const all = { kinds: KINDS, ...range }
    if (!csv) return this.each(all, shownRow)
    return [CSV_HEAD, ...(await this.each(all, row => csvLine(shownRow(row))))].join('')
  }

  private async report({ format, ...asked }: Omit<Query, 'limit'>): Promise<AdvertiserReport[] | string> {
    const facts = await this.facts(this.range(asked))
    const report = await inSlices(reportOf(facts), this.deps.clock)
    return format === 'csv' ? reportCsv(report) : report
  }

  /** `booked`: what concerns spots of campaigns. */
  private async facts({ from, to }: Pick<Range, 'from' | 'to'>, booked = false): Promise<Facts> {
    await this.deps.ledger.settled()
    const range = { from, to, limit: MOST_IN_A_FILE }
    const all = await this.each({ ...range, kinds: [PLANNED], booked }, row => factsOf<Planned>(row))
    const planned = all.filter(({ at }) => at >= from)
    const overlays = booked ? { overlays: [...new Set(planned.map(({ overlay }) => overlay))] } : {}
    const aired = new Airtimes()
    for await (const rows of this.deps.ledger.pages({ ...range, ...overlays, kinds: ['overlay'] }))
      aired.add(rows.map(shownRow))
    const now = this.deps.book.entries().filter(({ kind, firstAt }) => kind === 'overlay' && firstAt < to)
    aired.add(now.map(shownEntry))
    // One that is still in force may have begun long ago.
    const overrides = await this.each({ ...range, kinds: ['overrides'], from: 0 }, row => {
      const { ended, ...facts } = factsOf<{ program: string; kind: string; reason: string; ended: boolean }>(row)
      return { ...facts, from: row.firstAt, to: ended ? row.lastAt : Number.POSITIVE_INFINITY }
    })
    return { planned, aired, overrides }
  }

  private async each<T>(range: Range, made: (row: Row) => T): Promise<T[]> {
    const all: T[] = []
    for await (const rows of this.deps.ledger.pages(range)) all.push(...rows.map(made))
    return all
  }

  /** UTC ms; what is left out is the day until now. */
  private range(asked: Pick<Query, 'from' | 'to'>): { from: number; to: number } {
    const to = asked.to === undefined ? this.deps.clock.now() : Date.parse(asked.to)
    const from = asked.from === undefined ? to - UNASKED : Date.parse(asked.from)
    if (!(from < to)) throw new VistterError('BAD_REQUEST', '/query/from: this is not before `to`.')
    return { from, to }
  }
}

const factsOf = <Facts>({ body }: Row): Facts => (JSON.parse(body) as { facts: Facts }).facts
