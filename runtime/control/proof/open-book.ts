import type { Log } from '../../lib/log.ts'
import type { Sql } from '../ports.ts'
import type { Entry } from './chain.ts'

/** The engine tells what is on air every 5 s; what it tells no more ended with it (ms). */
const SILENT = 8_000
/** What lasts is a row so often (ms): a row cannot be changed unseen, and the book could be. */
const ROW_EVERY = 600_000
const LOOK_EVERY = 2_000
/** At most so often the book goes to the disk (ms); that is what a power cut may cost beside the engine's 5 s. */
const SAVE_EVERY = 1_000
const BOOK = 'proof-open'

interface Deps {
  sql: Sql
  log: Log
  /** ms that do not step. */
  mono(): number
  /** It is to be a row. */
  write(entry: Entry): void
  /** Whether a later word on it is a row already. */
  knows(entry: Entry): Promise<boolean>
}

interface Open {
  entry: Entry
  heardAt: number
  rowAt: number
}

/** What is on air now: not in rows yet, because it grows, but on the disk all the same. */
export class OpenBook {
  private readonly open = new Map<string, Open>()
  private looking: NodeJS.Timeout | undefined
  private saving: NodeJS.Timeout | undefined
  private saved: Promise<unknown> = Promise.resolve()
  private readonly deps: Deps

  constructor(deps: Deps) {
    this.deps = deps
  }

  /** What an earlier life has left, unless the engine is heard of it again. */
  async start(): Promise<void> {
    const row = await this.deps.sql.get<{ value: string }>('SELECT value FROM facts WHERE key = ?', BOOK)
    for (const entry of row ? (JSON.parse(row.value) as Entry[]) : [])
      if (!(await this.deps.knows(entry))) this.keep(entry)
    this.looking = setInterval(() => this.look(), LOOK_EVERY).unref()
  }

  async stop(): Promise<void> {
    clearInterval(this.looking)
    clearTimeout(this.saving)
    this.saving = undefined
    await this.saved
    await this.save()
  }

  /** It goes on. */
  keep(entry: Entry): void {
    const key = keyOf(entry)
    const now = this.deps.mono()
    const { rowAt = now } = this.open.get(key) ?? {}
    const due = now - rowAt >= ROW_EVERY
    if (due) this.deps.write(entry)
    this.open.set(key, { entry, heardAt: now, rowAt: due ? now : rowAt })
    this.touch()
  }

  /** It has ended, and is a row. */
  close(entry: Entry): void {
    if (this.open.delete(keyOf(entry))) this.touch()
  }

  /** What is on air, as far as it was told. */
  entries(): Entry[] {
    return [...this.open.values()].map(({ entry }) => entry)
  }

  /** Resolves when what is being saved is. */
  async settled(): Promise<void> {
    await this.saved
  }

  private look(): void {
    const now = this.deps.mono()
    for (const [key, { entry, heardAt }] of this.open) {
      if (now - heardAt < SILENT) continue
      this.open.delete(key)
      this.deps.write(entry)
      this.touch()
    }
  }

  private touch(): void {
    this.saving ??= setTimeout(() => {
      this.saving = undefined
      this.saved = this.save()
    }, SAVE_EVERY).unref()
  }

  /** Never throws: on a disk that is full the next one may succeed. */
  private async save(): Promise<void> {
    const text = JSON.stringify(this.entries())
    const put = 'INSERT OR REPLACE INTO facts (key, value) VALUES (?, ?)'
    try {
      await this.deps.sql.transaction(tx => tx.run(put, BOOK, text), 'durable')
    } catch (error) {
      this.deps.log.error({ err: error }, 'what is on air now is not kept yet')
    }
  }
}

const keyOf = ({ kind, subject, firstAt }: Entry): string => `${kind} ${firstAt} ${subject}`
