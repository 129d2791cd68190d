import type { CueLogRow, CueLogSummary } from '../../../contract/generated/openapi.v1.ts'
import { type Clock, rfc3339 } from '../../../lib/clock.ts'
import type { Log } from '../../../lib/log.ts'
import { type Operations, operation, type Sql } from '../../ports.ts'

const DAY = 86_400_000
/** Rows are kept for so long (ms), and so many: a cue each second for almost a week. */
const KEPT_FOR = 35 * DAY
const KEPT = 500_000
const PRUNE_EVERY = 500

/** What became of a cue, as it is kept. Times in UTC ms. */
export interface CueEntry {
  timeline: string
  cue: string
  planned: number
  actual?: number | undefined
  outcome: CueLogRow['outcome']
  by: CueLogRow['by']
  facts: Pick<CueLogRow, 'program' | 'camera' | 'preset' | 'overlay' | 'scene' | 'journeyMs' | 'code' | 'why'>
}

interface Row {
  n: number
  cue: string
  planned_at: number
  actual_at: number | null
  outcome: CueLogRow['outcome']
  taken_by: CueLogRow['by']
  facts: string
}

interface Query {
  from?: string
  to?: string
  limit?: number
  before?: number
}

interface Deps {
  sql: Sql
  /** For what may take long, beside it: no take waits for a summary. */
  reads?: Pick<Sql, 'all'> | undefined
  clock: Clock
  log: Log
}

/** When each cue was planned, when it was on air, and what became of it. Writing it is best effort: a full disk must not stop the show. */
export class CueLog {
  private written = 0
  private readonly deps: Deps

  constructor(deps: Deps) {
    this.deps = deps
  }

  operations(): Operations {
    return {
      listCues: operation<undefined, Query>(({ params, query }) => this.list(params.id ?? '', query)),
      summarizeCues: operation<undefined, Query>(({ params, query }) => this.summary(params.id ?? '', query)),
    }
  }

  note(entry: CueEntry): void {
    this.write(entry).catch(error => this.deps.log.error({ err: error, cue: entry.cue }, 'a cue was not written down'))
  }

  private async write({ timeline, cue, planned, actual, outcome, by, facts }: CueEntry): Promise<void> {
    const { sql, clock } = this.deps
    const seen = actual === undefined ? null : Math.round(actual)
    await sql.run(
      'INSERT INTO cue_log (timeline, cue, planned_at, actual_at, outcome, taken_by, facts) VALUES (?, ?, ?, ?, ?, ?, ?)',
      ...[timeline, cue, Math.round(planned), seen, outcome, by, JSON.stringify(facts)],
    )
    if (this.written++ % PRUNE_EVERY !== 0) return
    await sql.run('DELETE FROM cue_log WHERE n <= (SELECT MAX(n) FROM cue_log) - ?', KEPT)
    // They were written in the order of time: this looks no further than to the first that stays.
    await sql.run(
      'DELETE FROM cue_log WHERE n < (SELECT n FROM cue_log WHERE planned_at >= ? ORDER BY n LIMIT 1)',
      Math.round(clock.now()) - KEPT_FOR,
    )
  }

  private async list(timeline: string, query: Query): Promise<CueLogRow[]> {
    const { before = Number.MAX_SAFE_INTEGER, limit = 100 } = query
    const rows = await this.reads.all<Row>(
      `SELECT * FROM cue_log WHERE timeline = ? AND planned_at >= ? AND planned_at < ? AND n < ? ORDER BY n DESC LIMIT ?`,
      ...[timeline, ...this.range(query), before, limit],
    )
    return rows.map(shown)
  }

  private async summary(timeline: string, query: Query): Promise<CueLogSummary> {
    const range = this.range(query)
    const counts = await this.reads.all<{ outcome: Row['outcome']; taken_by: Row['taken_by']; cues: number }>(
      `SELECT outcome, taken_by, COUNT(*) AS cues FROM cue_log WHERE timeline = ? AND planned_at >= ? AND planned_at < ?
       GROUP BY outcome, taken_by`,
      ...[timeline, ...range],
    )
    const late = await this.reads.all<{ ms: number; cues: number }>(
      `SELECT actual_at - planned_at AS ms, COUNT(*) AS cues FROM cue_log
       WHERE timeline = ? AND planned_at >= ? AND planned_at < ? AND actual_at IS NOT NULL GROUP BY ms ORDER BY ms`,
      ...[timeline, ...range],
    )
    const of = (which: (one: (typeof counts)[number]) => boolean) =>
      counts.filter(which).reduce((sum, { cues }) => sum + cues, 0)
    return {
      cues: of(() => true),
      done: of(({ outcome }) => outcome === 'done'),
      failed: of(({ outcome }) => outcome === 'failed'),
      missed: of(({ outcome }) => outcome === 'missed'),
      dropped: of(({ outcome }) => outcome === 'dropped'),
      byControl: of(({ outcome, taken_by }) => outcome !== 'missed' && taken_by === 'control'),
      ...(late.length > 0 && {
        latencyMs: { p50: quantile(late, 0.5), p99: quantile(late, 0.99), max: quantile(late, 1) },
      }),
    }
  }

  private get reads(): Pick<Sql, 'all'> {
    return this.deps.reads ?? this.deps.sql
  }

  /** From and to, UTC ms; left out, the last day. */
  private range({ from, to }: Query): [number, number] {
    const end = to === undefined ? Math.ceil(this.deps.clock.now()) + DAY : Date.parse(to)
    return [from === undefined ? Math.floor(this.deps.clock.now()) - DAY : Date.parse(from), end]
  }
}

/** Of values in rising order, each as often as it is there. Pure. */
function quantile(late: readonly { ms: number; cues: number }[], share: number): number {
  let left = Math.ceil(late.reduce((sum, { cues }) => sum + cues, 0) * share)
  for (const { ms, cues } of late) {
    left -= cues
    if (left <= 0) return ms
  }
  return late.at(-1)?.ms ?? 0
}

function shown({ n, cue, planned_at, actual_at, outcome, taken_by, facts }: Row): CueLogRow {
  const seen = actual_at === null ? {} : { actual: rfc3339(actual_at), latencyMs: actual_at - planned_at }
  return { n, cue, planned: rfc3339(planned_at), ...seen, outcome, by: taken_by, ...JSON.parse(facts) }
}
