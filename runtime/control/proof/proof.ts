import { VistterError } from '../../contract/errors.ts'
import type { EngineEvent } from '../../contract/generated/engine.v1.ts'
import type { AdvertiserReport, ProofRow } from '../../contract/generated/openapi.v1.ts'
import type { Clock } from '../../lib/clock.ts'
import type { Log } from '../../lib/log.ts'
import { inSlices } from '../../lib/slices.ts'
import { type Operations, operation, type PlannedCue, type SpotFact, type Sql } from '../ports.ts'
import { AIRED, type Aired, entryOf, type Known, kindOf, type Told, toldBy } from './aired.ts'
import { Airtimes } from './airtimes.ts'
import { Catalogue } from './catalogue.ts'
import type { Row } from './chain.ts'
import { CSV_HEAD, csvLine, reportCsv } from './csv.ts'
import { inherited } from './inherited.ts'
import { Ledger, type Range } from './ledger.ts'
import { OpenBook } from './open-book.ts'
import { EvidencePictures } from './pictures.ts'
import { type Facts, type Planned, reportOf, spotFacts } from './report.ts'
import { glimpseOf, shownEntry, shownRow } from './shown.ts'
import { HELD, type Present, Surroundings } from './surroundings.ts'

/** A day. */
const UNASKED = 86_400_000
const MOST_IN_A_FILE = 100_000

const PLANNED = 'planned'
/** The engine's: it had no room for all that nobody heard. */
const LOST = 'proof.lost'
const KINDS: readonly string[] = Object.values(AIRED)
/** A flow that was away for a moment finds all of it. */
const MOST_GLIMPSES = 30

type FlowFact = ReturnType<typeof glimpseOf>

type Documents = Parameters<Catalogue['note']>[0]

interface Deps {
  sql: Sql
  /** For reports, which may take long. */
  reads?: Pick<Sql, 'all' | 'get'>
  clock: Clock
  log: Log
  /** With which rows are sealed. */
  key: string
  /** Folder of the engine's pictures of what is on air. */
  pictures: string
  show: Shown
}

interface Shown {
  /** What there is, and what is the case; `heard`: the engine is there to say so. */
  scene(): { documents: Documents; present: Present; heard: boolean }
  /** There is news for the flow. */
  touch(): void
  program: { nameIn(program: string, source: string): string }
  /** The segment that an overlay came with. */
  segmentOf?(overlay: string): Aired['segment']
}

interface Query {
  from?: string
  to?: string
  format?: 'json' | 'csv'
  before?: number
  limit: number
}

/** What was on air, to be believed: counted by the engine, told with all that was the case, written in rows that no hand can change unseen. */
export class Proof {
  private readonly ledger: Ledger
  private readonly surroundings: Surroundings
  private readonly catalogue = new Catalogue()
  private readonly book: OpenBook
  readonly pictures: EvidencePictures
  private carrying: Promise<void> = Promise.resolve()
  private stopped = false
  private began = false
  private glimpses: FlowFact[] = []
  private readonly deps: Deps

  constructor(deps: Deps) {
    this.deps = deps
    this.ledger = new Ledger({ ...deps, now: () => deps.clock.now(), written: rows => this.told(rows) })
    this.pictures = new EvidencePictures({ folder: deps.pictures, log: deps.log })
    this.surroundings = new Surroundings(entry => this.ledger.add(entry))
    this.book = new OpenBook({
      ...deps,
      mono: () => deps.clock.mono(),
      write: entry => this.ledger.add(entry),
      knows: entry => this.ledger.knows(entry),
    })
  }

  async start(): Promise<void> {
    const to = Number.MAX_SAFE_INTEGER
    this.surroundings.recall(await this.ledger.list({ kinds: HELD, from: 0, to, limit: 1_000 }))
    await this.book.start()
    this.pictures.start()
    // Of a large file it takes a while, and nobody waits for it.
    this.carrying = this.carryOver()
  }

  async stop(): Promise<void> {
    this.stopped = true
    await this.carrying
    await this.pictures.stop()
    await this.book.stop()
    await this.ledger.stop()
  }

  /** What the release before has counted is proof, too. */
  private async carryOver(): Promise<void> {
    this.catalogue.note(this.deps.show.scene().documents)
    const take = (tx: Sql) => inherited(tx, (asset, sha256) => this.catalogue.tagsOf(asset, sha256))
    try {
      while (!this.stopped && (await this.ledger.adopt(take)));
    } catch (error) {
      this.deps.log.error({ err: error }, 'what an earlier release has counted is carried over at the next start')
    }
  }

  /** What was written last, the oldest first: for the flow. */
  get latest(): FlowFact[] {
    return this.glimpses
  }

  /** What was written after row `mark`, the oldest first: whoever keeps a copy goes on from there. */
  async after(mark: number, limit: number): Promise<ProofRow[]> {
    return (await this.ledger.after(mark, KINDS, limit)).map(shownRow)
  }

  end(): Promise<number> {
    return this.ledger.end()
  }

  /** Something may have changed. */
  note(): void {
    const { documents, present, heard } = this.deps.show.scene()
    this.catalogue.note(documents)
    // Before the engine is heard for the first time nobody knows what has ended meanwhile.
    this.began ||= heard
    if (this.began) this.surroundings.note(present, this.deps.clock.now())
  }

  /** Whether it is an event for here: of what was on air. */
  heard(event: Pick<EngineEvent, 'type' | 'data'>): boolean {
    const kind = kindOf(event.type)
    if (!kind) {
      if (event.type === LOST) this.ledger.lose(Number((event.data as { lost?: unknown } | undefined)?.lost))
      return false
    }
    const told = toldBy(event)
    if (!told) this.deps.log.error({ data: event.data }, 'what was on air is not kept')
    else {
      this.note()
      const entry = entryOf(kind, told, { ...this.known(told), ...this.circumstances(told) })
      if (!told.ended) this.book.keep(entry)
      else {
        this.book.close(entry)
        this.ledger.add(entry)
      }
    }
    return true
  }

  /** A cue's time has come, or why it was not shown is known: the last word counts. */
  planned(cue: PlannedCue): void {
    this.note()
    const { at, timeline, overlay, scene, duration } = cue
    const own = cue.spot && [{ asset: null, sha256: null, advertisers: [cue.spot.advertiser] }]
    const facts: Planned = { ...cue, spots: own ?? this.catalogue.spots(overlay, scene) }
    const subject = JSON.stringify([timeline.id, cue.cue])
    this.ledger.add({ kind: PLANNED, subject, firstAt: at, lastAt: at + duration, facts })
  }

  /** What is heard is written. */
  async settled(): Promise<void> {
    await this.carrying
    await this.book.settled()
    await this.ledger.settled()
  }

  operations(): Operations {
    return {
      listProof: operation<undefined, Query>(({ query }) => this.list(query)),
      reportProof: operation<undefined, Omit<Query, 'limit'>>(({ query }) => this.report(query)),
      verifyProof: operation(() => this.ledger.verify()),
    }
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

  /** What became of the spots of campaigns in [from, to), UTC ms. */
  async spots(from: number, to: number): Promise<SpotFact[]> {
    const { clock } = this.deps
    return inSlices(spotFacts(await this.facts({ from, to }, true), clock.now()), clock)
  }

  /** `booked`: what concerns spots of campaigns. */
  private async facts({ from, to }: Pick<Range, 'from' | 'to'>, booked = false): Promise<Facts> {
    await this.ledger.settled()
    const range = { from, to, limit: MOST_IN_A_FILE }
    const all = await this.each({ ...range, kinds: [PLANNED], booked }, row => factsOf<Planned>(row))
    const planned = all.filter(({ at }) => at >= from)
    const overlays = booked ? { overlays: [...new Set(planned.map(({ overlay }) => overlay))] } : {}
    const aired = new Airtimes()
    for await (const rows of this.ledger.pages({ ...range, ...overlays, kinds: ['overlay'] }))
      aired.add(rows.map(shownRow))
    const now = this.book.entries().filter(({ kind, firstAt }) => kind === 'overlay' && firstAt < to)
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
    for await (const rows of this.ledger.pages(range)) all.push(...rows.map(made))
    return all
  }

  /** UTC ms; what is left out is the day until now. */
  private range(asked: Pick<Query, 'from' | 'to'>): { from: number; to: number } {
    const to = asked.to === undefined ? this.deps.clock.now() : Date.parse(asked.to)
    const from = asked.from === undefined ? to - UNASKED : Date.parse(asked.from)
    if (!(from < to)) throw new VistterError('BAD_REQUEST', '/query/from: this is not before `to`.')
    return { from, to }
  }

  private told(rows: readonly Row[]): void {
    const fresh = rows.filter(({ kind }) => KINDS.includes(kind)).map(row => glimpseOf(shownRow(row)))
    if (fresh.length === 0) return
    this.glimpses = [...this.glimpses, ...fresh].slice(-MOST_GLIMPSES)
    this.deps.show.touch()
  }

  private known({ program, source, overlay, asset, sha256 }: Told): Known {
    if (source !== null) return { name: this.deps.show.program.nameIn(program, source), tags: [], version: null }
    return this.catalogue.of(overlay ?? '', asset, sha256)
  }

  private circumstances({ program, overlay, firstAt, lastAt }: Told) {
    const segment = (overlay !== null && this.deps.show.segmentOf?.(overlay)) || null
    return { ...this.surroundings.during(program, firstAt, lastAt), segment }
  }
}

const factsOf = <Facts>({ body }: Row): Facts => (JSON.parse(body) as { facts: Facts }).facts
