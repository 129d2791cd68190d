import type { Log } from '../../lib/log.ts'
import type { Sql } from '../ports.ts'
import type { LastingKind, Outbox, Telling } from './outbox.ts'

/** Something that is kept elsewhere, row by row, and told to Studio. */
export interface Followed {
  name: string
  kind: Exclude<LastingKind, 'ack'>
  /** Rows after `mark`, the oldest first. */
  after(mark: number, limit: number): Promise<{ mark: number; telling: Telling }[]>
  /** The last row there is. */
  end(): Promise<number>
}

interface Deps {
  sql: Sql
  outbox: Pick<Outbox, 'put' | 'kept' | 'isFull'>
  followed: Followed
  log: Log
}

const PAGE = 500

/**
 * Copies rows into the outbox, each once and none left out, whenever this process ends: how far it is stands in the same
 * transaction as what it put there. Without a mark there is no Studio.
 */
export class Follower {
  private working: Promise<void> | undefined
  private again = false
  private stopped = false
  private readonly deps: Deps

  constructor(deps: Deps) {
    this.deps = deps
  }

  /** A Studio is there: it hears of everything from the first time on that this is called. What was before is none of its business. */
  async begin(): Promise<void> {
    const { sql, followed } = this.deps
    const end = String(await followed.end())
    await sql.run('INSERT INTO facts (key, value) VALUES (?, ?) ON CONFLICT (key) DO NOTHING', this.key, end)
    this.wake()
  }

  async forget(): Promise<void> {
    await this.deps.sql.run('DELETE FROM facts WHERE key = ?', this.key)
  }

  /** There may be more rows. */
  wake(): void {
    if (this.stopped) return
    this.again = true
    this.working ??= this.work()
      .catch(error => this.deps.log.error({ err: error, what: this.key }, 'Studio is told later'))
      .finally(() => {
        this.working = undefined
        if (this.again) this.wake()
      })
  }

  async stop(): Promise<void> {
    this.stopped = true
    await this.working
  }

  private async work(): Promise<void> {
    while (this.again && !this.stopped) {
      this.again = false
      let more = true
      while (more && !this.stopped) more = await this.page()
    }
  }

  /** Answers whether there may be more. */
  private async page(): Promise<boolean> {
    const { sql, outbox, followed } = this.deps
    const known = await this.known(sql)
    // Events of a long absence give way to newer ones; proof is never given up, and stays in its ledger until there is room.
    if (!known || (followed.kind === 'proof' && outbox.isFull)) return false
    const rows = await followed.after(Number(known.value), PAGE)
    const last = rows.at(-1)
    if (!last) return false
    const tellings = rows.map(({ telling }) => telling)
    const isWanted = await sql.transaction(async inside => {
      // Studio may have been left meanwhile.
      if ((await this.known(inside))?.value !== known.value) return false
      await outbox.put(inside, followed.kind, tellings)
      await this.mark(inside, last.mark)
      return true
    })
    if (isWanted) outbox.kept()
    return isWanted && rows.length === PAGE
  }

  private known(sql: Sql): Promise<{ value: string } | undefined> {
    return sql.get<{ value: string }>('SELECT value FROM facts WHERE key = ?', this.key)
  }

  private async mark(sql: Sql, mark: number): Promise<void> {
    await sql.run('INSERT OR REPLACE INTO facts (key, value) VALUES (?, ?)', this.key, String(mark))
  }

  private get key(): string {
    return `studio-told-${this.deps.followed.name}`
  }
}
