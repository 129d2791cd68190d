import { Database } from '../../../runtime/control/store/database.ts'
import { migrations } from '../../../runtime/control/store/migrations.ts'
import type { PairingBody } from '../../../runtime/control/studio/pairing.ts'
import type { Order } from '../../../runtime/control/studio/runner.ts'
import { Studio } from '../../../runtime/control/studio/studio.ts'
import { systemClock } from '../../../runtime/lib/clock.ts'
import { createLog } from '../../../runtime/lib/log.ts'
import { memoryShelf } from '../shelf.ts'

type Answer = { metrics?: Record<string, number>; result?: Record<string, unknown> } | undefined

interface Wishes {
  serial: string
  /** PEM: who signs for Studio. */
  ca: string
  carryOut?(order: Order): Promise<Answer>
}

/** An appliance without a show: the product's own channel, inbox and outbox, on a database in memory. */
export class StudioBox {
  /** What was carried out, in its order. */
  readonly orders: Order[] = []
  readonly studio: Studio
  private readonly store: Database
  private readonly shelf = memoryShelf<PairingBody>()

  private constructor(store: Database, { serial, ca, carryOut = async () => undefined }: Wishes) {
    this.store = store
    this.studio = new Studio({
      ...{ sql: store, shelf: this.shelf, software: '1.0.0', pollMs: 50, clock: systemClock },
      log: createLog('box', process.env.TEST_LOG ?? 'silent'),
      record: () => {},
      device: async () => ({ serial, model: 'simulated', software: '1.0.0', capabilities: { ocl: ['1.0'] } }),
      surroundings: () => ({ ca }),
      carryOut: order => {
        this.orders.push(order)
        return carryOut(order)
      },
    })
  }

  static async start(wishes: Wishes): Promise<StudioBox> {
    const store = await Database.open(':memory:')
    for (const { sql } of migrations) await store.script(sql)
    const box = new StudioBox(store, wishes)
    await box.studio.start()
    return box
  }

  /** Its id for Studio; empty while it belongs to none. */
  get appliance(): string {
    return this.shelf.list()[0]?.body.appliance ?? ''
  }

  get isConnected(): boolean {
    return this.studio.state().connected
  }

  /** Without a code: with the one that it shows, which is answered. */
  async pair(url: string, code?: string): Promise<string | undefined> {
    const pairStudio = this.studio.operations().pairStudio
    const actor = { kind: 'user', name: 'ada', role: 'admin' } as const
    const state = await pairStudio?.({ params: {}, query: {}, body: { url, ...(code && { code }) }, actor })
    return (state as { code?: string }).code
  }

  async stop(): Promise<void> {
    await this.studio.stop()
    await this.store.close()
  }
}
