import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import type { Database } from '../../runtime/control/store/database.ts'
import { openStore } from '../../runtime/control/store/open.ts'
import { type Counted, Inbox, type Kept } from '../../runtime/control/studio/inbox.ts'
import { type Limits, Outbox } from '../../runtime/control/studio/outbox.ts'
import { type Order, Runner } from '../../runtime/control/studio/runner.ts'
import { systemClock } from '../../runtime/lib/clock.ts'
import { createLog } from '../../runtime/lib/log.ts'

export const log = createLog('test', process.env.TEST_LOG ?? 'silent')

/** A folder that is gone with the test. */
export function scratch(): string {
  const folder = mkdtempSync(join(tmpdir(), 'studio-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  return folder
}

interface Wishes {
  limits?: Limits
  mostOpen?: number
  longest?: number
  carryOut?(order: Order): Promise<{ metrics?: Record<string, number> } | undefined>
}

/** Inbox, runner and outbox of one life of control, on a real store and a clock of the test's own. */
export class StudioStage {
  now = Date.parse('2026-03-01T12:00:00Z')
  readonly counted: [what: Counted, why: string][] = []
  readonly beats: string[] = []
  /** Something waits in the outbox. */
  onAdded: () => void = () => {}
  readonly orders: Order[] = []
  readonly clock = { now: () => this.now }
  readonly store: Database
  readonly inbox: Inbox
  readonly outbox: Outbox
  readonly runner: Runner

  private constructor(store: Database, inbox: Inbox, outbox: Outbox, runner: Runner) {
    this.store = store
    this.inbox = inbox
    this.outbox = outbox
    this.runner = runner
  }

  static async open(folder: string, wishes: Wishes = {}): Promise<StudioStage> {
    const store = await openStore(join(folder, 'vistter.db'), systemClock)
    const { carryOut = async () => undefined, limits, mostOpen, longest } = wishes
    let made: StudioStage | undefined
    const stage = () => {
      if (!made) throw new Error('too early')
      return made
    }
    const clock = { now: () => stage().now, here: (studio: number) => studio }
    const outbox = new Outbox({ sql: store, clock, added: () => made?.onAdded(), ...(limits && { limits }) })
    const inbox = new Inbox({
      ...{ sql: store, clock, outbox, ...(mostOpen && { mostOpen }) },
      count: (what, why) => void stage().counted.push([what, why]),
      waits: kept => stage().runner.add(kept),
      beat: id => {
        stage().beats.push(id)
        return {}
      },
    })
    const runner = new Runner({
      ...{ inbox, clock, log, ...(longest && { longest }) },
      carryOut: order => {
        stage().orders.push(order)
        return carryOut(order)
      },
    })
    made = new StudioStage(store, inbox, outbox, runner)
    await outbox.load()
    return made
  }

  /** What an earlier life left, which is now carried on with. */
  async resume(): Promise<Kept[]> {
    const left = await this.inbox.load()
    this.runner.start(left)
    return left
  }

  hear(value: unknown): Promise<void> {
    return this.inbox.arrive(Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)))
  }

  /** The acks that wait to leave: `id status`, in order. */
  async acks(): Promise<string[]> {
    const all = await this.outbox.next(100_000)
    return all.filter(({ kind }) => kind === 'ack').map(({ data }) => `${data.command} ${data.status}`)
  }

  /** Like the end of the process: nothing is said any more. */
  async die(): Promise<void> {
    await this.store.close()
  }

  async end(): Promise<void> {
    await this.runner.stop()
    await this.store.close()
  }
}
