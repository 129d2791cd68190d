import { workerData } from 'node:worker_threads'
import { EventLog } from '../../../runtime/control/health/event-log.ts'
import { Collection } from '../../../runtime/control/store/collection.ts'
import { openStore } from '../../../runtime/control/store/open.ts'
import { Outbox } from '../../../runtime/control/studio/outbox.ts'
import { newId } from '../../../runtime/lib/ids.ts'
import { createLog } from '../../../runtime/lib/log.ts'

/**
 * A worker thread that is an appliance of its own, as far as its ids go: it fills a store on the disk. Its clock stands, so that all ids of all
 * appliances are of one millisecond: nothing but chance tells them apart.
 */
const { file, count, now } = workerData as { file: string; count: number; now: number }
Date.now = () => now
const clock = { now: () => now, mono: () => performance.now() }
const store = await openStore(file, clock)
const log = createLog('diary', 'silent')
const outbox = await new Outbox({ sql: store, clock, added: () => {} }).load()
const cameras = await new Collection<{ name: string }>(store, 'cameras', {
  seal: text => Buffer.from(text),
  open: sealed => sealed.toString(),
}).load()
let kept = 0
const written = () => void kept++
const events = new EventLog({ sql: store, clock, log, heard: () => {}, written })
for (let n = 0; n < count; n++) {
  await cameras.write(newId(), () => ({ body: { name: `Camera ${n}` } }))
  events.record({ type: 'test.row', severity: 'info', message: `Row ${n}.` })
  // As on every appliance: numbers of its own, which are the same on all of them.
  const kind = (['ack', 'event', 'proof'] as const)[n % 3] ?? 'event'
  const type = { ack: 'vistter.ack', event: 'vistter.event.test.row', proof: 'vistter.proof' }[kind]
  await outbox.tell(kind, { type, time: now, data: { id: n, command: `c${n}` } })
}
while (kept < count) await new Promise(resolve => setTimeout(resolve, 5))
await store.close()
