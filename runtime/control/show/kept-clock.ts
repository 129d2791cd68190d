import { readFile } from 'node:fs/promises'
import type { Clock } from '../../lib/clock.ts'
import { HouseClock, type KeptHouse } from '../../lib/house-clock.ts'
import type { Log } from '../../lib/log.ts'
import type { Sql } from '../ports.ts'

const KEY = 'house-clock'
/** How soon a step of the wall clock is noticed (ms). */
const EVERY = 500

interface Deps {
  sql: Sql
  clock: Clock
  log: Log
}

interface Hooks {
  /** Nothing that is on air, or to be, is counted by it. */
  free(): boolean
  /** The wall clock was set: what people read is another thing now. */
  stepped(): void
}

/** The clock of the shows, and what of it the next life of control has to know. */
export class KeptClock {
  readonly time: HouseClock
  private timer: NodeJS.Timeout | undefined
  private saved: string
  private readonly deps: Deps

  private constructor(deps: Deps, kept: KeptHouse | undefined, boot: string) {
    this.deps = deps
    this.time = new HouseClock(deps.clock, kept, boot)
    this.saved = JSON.stringify(kept)
  }

  /** Whoever is told of this clock afterwards counts like the next life, too. */
  static async load(deps: Deps, boot?: string): Promise<KeptClock> {
    const row = await deps.sql.get<{ value: string }>('SELECT value FROM facts WHERE key = ?', KEY)
    const kept = new KeptClock(deps, row && (JSON.parse(row.value) as KeptHouse), boot ?? (await bootId()))
    await kept.save()
    return kept
  }

  watch({ free, stepped }: Hooks): void {
    let { kept } = this.time
    this.timer = setInterval(() => {
      if (this.time.off !== 0 && free()) this.time.follow()
      if (this.time.kept !== kept) stepped()
      kept = this.time.kept
      void this.save()
    }, EVERY).unref()
  }

  stop(): void {
    clearInterval(this.timer)
  }

  /** The wall clock is right now; as in HouseClock. */
  settle(free: boolean): void {
    this.time.settle(free)
    void this.save()
  }

  /** Never rejects: on a disk that is full a later one may succeed. */
  private async save(): Promise<void> {
    const text = JSON.stringify(this.time.kept)
    if (text === this.saved) return
    const before = this.saved
    this.saved = text
    try {
      await this.deps.sql.run('INSERT OR REPLACE INTO facts (key, value) VALUES (?, ?)', KEY, text)
    } catch (error) {
      this.saved = before
      this.deps.log.error({ err: error }, 'the time of the shows is not kept yet')
    }
  }
}

/** Which life of the machine this is; empty: nobody knows, and each life of control is one of its own. */
async function bootId(): Promise<string> {
  return readFile('/proc/sys/kernel/random/boot_id', 'utf8').then(
    id => id.trim(),
    () => '',
  )
}
