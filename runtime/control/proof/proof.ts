import type { EngineEvent } from '../../contract/generated/engine.v1.ts'
import type { ProofRow } from '../../contract/generated/openapi.v1.ts'
import type { Clock } from '../../lib/clock.ts'
import type { Log } from '../../lib/log.ts'
import { type Operations, operation, type PlannedCue, type SpotFact, type Sql } from '../ports.ts'
import { type Aired, entryOf, type Known, kindOf, type Told, toldBy } from './aired.ts'
import { Catalogue } from './catalogue.ts'
import type { Row } from './chain.ts'
import { inherited } from './inherited.ts'
import { Ledger } from './ledger.ts'
import { OpenBook } from './open-book.ts'
import { EvidencePictures } from './pictures.ts'
import { KINDS, PLANNED, Records } from './records.ts'
import type { Planned } from './report.ts'
import { glimpseOf, shownRow } from './shown.ts'
import { HELD, type Present, Surroundings } from './surroundings.ts'

/** The engine's: it had no room for all that nobody heard. */
const LOST = 'proof.lost'
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

/** What was on air, to be believed: counted by the engine, told with all that was the case, written in rows that no hand can change unseen. */
export class Proof {
  private readonly ledger: Ledger
  private readonly surroundings: Surroundings
  private readonly catalogue = new Catalogue()
  private readonly book: OpenBook
  private readonly records: Records
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
    const { ledger, book } = this
    this.records = new Records({ ledger, book, clock: deps.clock })
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
    return { ...this.records.operations(), verifyProof: operation(() => this.ledger.verify()) }
  }

  /** What became of the spots of campaigns in [from, to), UTC ms. */
  spots(from: number, to: number): Promise<SpotFact[]> {
    return this.records.spots(from, to)
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
