import { once } from 'node:events'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { Worker } from 'node:worker_threads'
import { beforeAll, expect, test } from 'vitest'
import { openStore } from '../../runtime/control/store/open.ts'
import { messageOf } from '../../runtime/control/studio/courier.ts'
import { Outbox } from '../../runtime/control/studio/outbox.ts'
import { systemClock } from '../../runtime/lib/clock.ts'
import { scratch } from '../peers/run.ts'
import { Ledger } from '../peers/studio/ledger.ts'

const COUNT = 120
const folder = scratch('merge')
const NOON = Date.parse('2026-03-01T12:00:00Z')
const DIARY = new URL('../peers/studio/diary.ts', import.meta.url)
const TOPICS = { ack: 'ack', event: 'event', proof: 'event', sample: 'telemetry' } as const

/** Two appliances' stores on the disk, filled in the same millisecond. */
let files: string[] = []
beforeAll(async () => {
  files = ['a', 'b'].map(name => join(folder.path, `${name}.db`))
  await Promise.all(
    files.map(async file => {
      const worker = new Worker(DIARY, { workerData: { file, count: COUNT, now: NOON } })
      const failed = once(worker, 'error').then(([error]) => Promise.reject(error))
      await Promise.race([once(worker, 'exit'), failed])
    }),
  )
  return folder.remove
})

test('the stores of two appliances merge: no id that one made is an id of the other', async () => {
  const merged = new DatabaseSync(':memory:')
  for (const [n, file] of files.entries()) merged.prepare(`ATTACH ? AS box${n}`).run(file)
  for (const table of ['cameras', 'events', 'studio_outbox']) {
    merged.exec(`CREATE TABLE ${table} (id TEXT PRIMARY KEY)`)
    for (const n of files.keys()) merged.exec(`INSERT INTO ${table} SELECT id FROM box${n}.${table}`)
    expect(merged.prepare(`SELECT count(*) AS all_of FROM ${table}`).get(), table).toEqual({ all_of: 2 * COUNT })
  }
  merged.close()
})

test('what two appliances told stands in one Studio side by side, each with its own numbers', async () => {
  const ledger = new Ledger()
  for (const [n, file] of files.entries()) {
    const store = await openStore(file, systemClock)
    const outbox = await new Outbox({ sql: store, clock: systemClock, added: () => {} }).load()
    for (const waiting of await outbox.next(10_000))
      expect(ledger.heard(`box${n}`, TOPICS[waiting.kind], { ...messageOf(waiting, `vistter://tenant/box${n}`) })).toBe(
        true,
      )
    await store.close()
  }
  const told = [...ledger.heardOn('ack'), ...ledger.heardOn('event')]
  const numbers = (box: string) =>
    told.filter(({ source }) => source === `vistter://tenant/${box}`).map(({ sequence }) => Number(sequence))
  const whole = Array.from({ length: COUNT }, (_, n) => n + 1)
  for (const box of ['box0', 'box1']) expect(numbers(box).sort((a, b) => a - b)).toEqual(whole)
  expect(ledger.told('box0', 'event', 'vistter.proof', 1_000).map(({ source }) => source)).toEqual(
    Array.from({ length: COUNT / 3 }, () => 'vistter://tenant/box0'),
  )
  ledger.close()
})
