import type { EngineEvent } from '../../contract/generated/engine.v1.ts'
import type { Log } from '../../lib/log.ts'
import type { Sql } from '../ports.ts'

/** One element of an overlay on air, as the mixer counted it. Times in UTC ms, of frames. */
export interface Airing {
  program: string
  overlay: string
  cue: string
  /** Of what has an asset: its id and the content that was shown. */
  asset: string | null
  sha256: string | null
  firstAt: number
  lastAt: number
  frames: number
  /** Whether it has left the air. One that has not and never will be told again ended with the engine. */
  ended: boolean
}

/** How the engine's events of it are called. */
export const AIRED = 'overlay.aired'

/** At some 200 bytes about 200 MB; the oldest go first. */
const KEPT = 1_000_000
const PRUNE_EVERY = 1_000
/** What could not be written waits here for the disk to have room. */
const MOST_WAITING = 10_000
const TRY_AGAIN = 1_000

interface Deps {
  sql: Sql
  log: Log
  /** Of the store. */
  kept?: number
}

/** What was on air: facts that proof of play rests on, kept apart from the activity log that people read. */
export class Airings {
  private waiting: Airing[] = []
  private writing: Promise<void> | undefined
  private again: NodeJS.Timeout | undefined
  private written = 0
  private readonly deps: Deps

  constructor(deps: Deps) {
    this.deps = deps
  }

  /** An event of the engine; one that lasts is told more than once, and its last word counts. */
  heard({ data }: Pick<EngineEvent, 'data'>): void {
    const airing = airingOf(data ?? {})
    if (airing && this.waiting.length < MOST_WAITING) this.waiting.push(airing)
    else this.deps.log.error({ data }, 'what was on air is not kept')
    this.flush()
  }

  /** Those that were on air in [from, to), UTC ms, the oldest first. */
  async list(from: number, to: number, limit = 1_000): Promise<Airing[]> {
    const rows = await this.deps.sql.all<Omit<Airing, 'ended'> & { ended: number }>(
      `SELECT program, overlay, cue, nullif(asset, '') AS asset, nullif(sha256, '') AS sha256, first_at AS firstAt,
         last_at AS lastAt, frames, ended
       FROM airings WHERE last_at >= ? AND first_at < ? ORDER BY first_at, overlay, cue LIMIT ?`,
      from,
      to,
      limit,
    )
    return rows.map(row => ({ ...row, ended: row.ended === 1 }))
  }

  /** Resolves when all that was heard is written, or waits for room. */
  async settled(): Promise<void> {
    await this.writing
  }

  stop(): Promise<void> {
    clearTimeout(this.again)
    return this.settled()
  }

  private flush(): void {
    this.writing ??= this.write().finally(() => {
      this.writing = undefined
    })
  }

  private async write(): Promise<void> {
    clearTimeout(this.again)
    for (let next = this.waiting[0]; next; next = this.waiting[0]) {
      try {
        await this.put(next)
        this.waiting.shift()
      } catch (error) {
        this.deps.log.error({ err: error }, 'what was on air is not written yet')
        this.again = setTimeout(() => this.flush(), TRY_AGAIN).unref()
        return
      }
    }
  }

  private async put({ program, overlay, cue, asset, sha256, firstAt, lastAt, frames, ended }: Airing): Promise<void> {
    const { sql, kept = KEPT } = this.deps
    await sql.run(
      `INSERT INTO airings (program, overlay, cue, asset, sha256, first_at, last_at, frames, ended)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
       ON CONFLICT (first_at, program, overlay, cue, asset, sha256)
       DO UPDATE SET last_at = excluded.last_at, frames = excluded.frames, ended = excluded.ended`,
      ...[program, overlay, cue, asset ?? '', sha256 ?? '', firstAt, lastAt, frames, ended ? 1 : 0],
    )
    if (this.written++ % PRUNE_EVERY === 0)
      await sql.run(
        `DELETE FROM airings WHERE first_at <= (SELECT first_at FROM airings ORDER BY first_at DESC LIMIT 1 OFFSET ?)`,
        kept,
      )
  }
}

function airingOf(data: Record<string, unknown>): Airing | undefined {
  const { program, overlay, cue, asset = null, sha256 = null, firstAt, lastAt, frames, ended } = data
  const named = isText(program) && isText(overlay) && isText(cue) && isTextOrNull(asset) && isTextOrNull(sha256)
  if (!named || !isNumber(firstAt) || !isNumber(lastAt) || !isNumber(frames)) return undefined
  return { program, overlay, cue, asset, sha256, firstAt, lastAt, frames, ended: ended === true }
}

const isText = (value: unknown): value is string => typeof value === 'string'
const isTextOrNull = (value: unknown): value is string | null => value === null || isText(value)
const isNumber = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value)
