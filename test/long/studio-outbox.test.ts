import { statSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { openStore } from '../../runtime/control/store/open.ts'
import { type LastingKind, Outbox, OVERFLOWED } from '../../runtime/control/studio/outbox.ts'
import { systemClock } from '../../runtime/lib/clock.ts'
import { scratch } from '../peers/run.ts'
import { TELLINGS } from '../peers/studio/day.ts'

const PAGE = 500
const stops: (() => unknown)[] = []
afterEach(async () => {
  for (const stop of stops.splice(0).reverse()) await stop()
})

test('at its real limit the outbox stays so large, and as quick: the oldest events give way and are owned up to', async () => {
  const folder = scratch('outbox')
  stops.push(() => folder.remove())
  const file = join(folder.path, 'vistter.db')
  const store = await openStore(file, systemClock)
  stops.push(() => store.close())
  const outbox = await new Outbox({ sql: store, clock: systemClock, added: () => {} }).load()
  const events = 260_000
  const put = (kind: LastingKind, first: number, count: number) =>
    store.transaction(sql =>
      outbox.put(
        sql,
        kind,
        Array.from({ length: count }, (_, n) => ({ ...TELLINGS[kind](first + n), time: first + n })),
      ),
    )
  await put('proof', 0, PAGE)
  for (let n = 0; n < events; n += PAGE) await put('event', n, PAGE)
  expect(outbox.size).toBeLessThanOrEqual(200_001)
  expect(outbox.size).toBeGreaterThan(190_000)
  const took: number[] = []
  for (let n = 0; n < 200; n++) {
    const began = performance.now()
    await outbox.tell('ack', { ...TELLINGS.ack(n), time: n })
    took.push(performance.now() - began)
  }
  const gaps = await store.all<{ data: string }>('SELECT data FROM studio_outbox WHERE type = ?', OVERFLOWED)
  const lost = gaps.map(({ data }) => JSON.parse(data).details.count as number).reduce((sum, count) => sum + count, 0)
  const left = await store.all<{ n: number }>("SELECT count(*) AS n FROM studio_outbox WHERE type LIKE '%offline'")
  expect((left[0]?.n ?? 0) + lost).toBe(events)
  const megabytes = statSync(file).size / 1e6
  const sorted = took.toSorted((a, b) => a - b)
  console.log(
    `${outbox.size} in ${megabytes.toFixed(0)} MB; one more: p50 ${sorted[100]?.toFixed(1)} ms, p99 ${sorted[197]?.toFixed(1)} ms`,
  )
  expect(megabytes).toBeLessThan(200)
})
