import { VistterError } from '../../contract/errors.ts'
import type { EngineEvent } from '../../contract/generated/engine.v1.ts'
import type { ProofRow } from '../../contract/generated/openapi.v1.ts'
import type { Clock } from '../../lib/clock.ts'
import type { Log } from '../../lib/log.ts'
import { type Operations, operation, type Sql } from '../ports.ts'
import { AIRED, type Aired, entryOf, type Known, kindOf, type Told, toldBy } from './aired.ts'
import { Catalogue } from './catalogue.ts'
import type { Row } from './chain.ts'
import { csvOf } from './csv.ts'
import { Ledger } from './ledger.ts'
import { shownRow } from './shown.ts'
import { HELD, type Present, Surroundings } from './surroundings.ts'

/** A day. */
const UNASKED = 86_400_000
const MOST_IN_A_FILE = 100_000

type Documents = Parameters<Catalogue['note']>[0]

interface Deps {
  sql: Sql
  clock: Clock
  log: Log
  /** With which rows are sealed. */
  key: string
  show: Shown
}

interface Shown {
  /** What there is, and what is the case; `heard`: the engine is there to say so. */
  scene(): { documents: Documents; present: Present; heard: boolean }
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
  private began = false
  private readonly deps: Deps

  constructor(deps: Deps) {
    this.deps = deps
    this.ledger = new Ledger({ ...deps, now: () => deps.clock.now() })
    this.surroundings = new Surroundings(entry => this.ledger.add(entry))
  }

  async start(): Promise<void> {
    const to = Number.MAX_SAFE_INTEGER
    this.surroundings.recall(await this.ledger.list({ kinds: HELD, from: 0, to, limit: 1_000 }))
  }

  stop(): Promise<void> {
    return this.ledger.stop()
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
    if (!kind) return false
    const told = toldBy(event)
    if (!told) this.deps.log.error({ data: event.data }, 'what was on air is not kept')
    else {
      this.note()
      this.ledger.add(entryOf(kind, told, { ...this.known(told), ...this.circumstances(told) }))
    }
    return true
  }

  /** What is heard is written. */
  settled(): Promise<void> {
    return this.ledger.settled()
  }

  operations(): Operations {
    return {
      listProof: operation<undefined, Query>(({ query }) => this.list(query)),
      verifyProof: operation(() => this.ledger.verify()),
    }
  }

  private async list({ format, before, limit, ...asked }: Query): Promise<ProofRow[] | string> {
    const csv = format === 'csv'
    const range = { ...this.range(asked), ...(before !== undefined && { before }), limit: csv ? MOST_IN_A_FILE : limit }
    const rows = (await this.rows(range)).map(shownRow)
    return csv ? csvOf(rows) : rows
  }

  private rows(range: { from: number; to: number; before?: number; limit: number }): Promise<Row[]> {
    return this.ledger.list({ kinds: Object.values(AIRED), ...range })
  }

  /** UTC ms; what is left out is the day until now. */
  private range(asked: Pick<Query, 'from' | 'to'>): { from: number; to: number } {
    const to = asked.to === undefined ? this.deps.clock.now() : Date.parse(asked.to)
    const from = asked.from === undefined ? to - UNASKED : Date.parse(asked.from)
    if (from >= to) throw new VistterError('BAD_REQUEST', '/query/from: this is not before `to`.')
    return { from, to }
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
