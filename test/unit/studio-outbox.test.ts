import { expect, test } from 'vitest'
import { type LastingKind, OVERFLOWED } from '../../runtime/control/studio/outbox.ts'
import { message } from '../peers/studio/messages.ts'
import { StudioStage, scratch } from './studio-stage.ts'

const telling = (time: number, data: object = {}) => ({ type: 'vistter.test', time, data })
const tell = (stage: StudioStage, kind: LastingKind, n: number) =>
  stage.outbox.tell(kind, telling(stage.now + n, { n }))
const line = ({ kind, data, sequence }: { kind: string; data: Record<string, unknown>; sequence?: number }) =>
  `${sequence ?? '-'} ${kind} ${data.n ?? data.command ?? ''}`.trim()

test('what happens goes before what happened: newest state, acks, now, the past from its end, proof, old telemetry', async () => {
  const stage = await StudioStage.open(scratch())
  for (let n = 1; n <= 3; n++) {
    await tell(stage, 'event', n)
    await stage.outbox.sample(telling(n, { n }))
  }
  await tell(stage, 'proof', 4)
  await tell(stage, 'ack', 5)
  await stage.outbox.connected()
  await tell(stage, 'event', 6)
  await tell(stage, 'event', 7)
  await tell(stage, 'ack', 8)
  expect((await stage.outbox.next(100)).map(line)).toEqual([
    ...['- sample 3', '5 ack 5', '8 ack 8', '6 event 6', '7 event 7', '3 event 3', '2 event 2', '1 event 1'],
    ...['4 proof 4', '- sample 2', '- sample 1'],
  ])
  expect((await stage.outbox.next(3)).map(line)).toEqual(['- sample 3', '5 ack 5', '8 ack 8'])
  await stage.end()
})

test('a day offline leaves without a gap and with its own times, also through the end of the process', async () => {
  const folder = scratch()
  const first = await StudioStage.open(folder)
  const times: number[] = []
  for (let n = 0; n < 240; n++) {
    await tell(first, n % 3 === 0 ? 'ack' : n % 3 === 1 ? 'event' : 'proof', n * 360_000)
    times.push(first.now + n * 360_000)
  }
  await first.end()

  const stage = await StudioStage.open(folder)
  expect(stage.outbox.size).toBe(240)
  await stage.outbox.connected()
  const got = new Map<number, number>()
  while (stage.outbox.size > 0) {
    const batch = await stage.outbox.next(50)
    for (const { sequence = 0, time } of batch) got.set(sequence, time)
    // The line breaks: the broker has half of it, and is given the rest again.
    await stage.outbox.sent(batch.slice(0, 25).map(({ key }) => key))
  }
  expect([...got.keys()].sort((a, b) => a - b)).toEqual(Array.from({ length: 240 }, (_, n) => n + 1))
  expect([...got].sort(([a], [b]) => a - b).map(([, time]) => time)).toEqual(times)
  // Numbers go on where they were, although the table is empty.
  await tell(stage, 'ack', 1)
  expect((await stage.outbox.next(1))[0]?.sequence).toBe(241)
  await stage.end()
})

test('telemetry thins out, the older the more; the first and the newest stay', async () => {
  const stage = await StudioStage.open(scratch(), { limits: { lasting: 10, samples: 64 } })
  for (let n = 0; n < 1_000; n++) await stage.outbox.sample(telling(n, { n }))
  const kept = (await stage.outbox.next(1_000)).map(({ time }) => time).reverse()
  expect(kept.length).toBeLessThanOrEqual(64)
  expect(kept.length).toBe(stage.outbox.size)
  expect(kept[0]).toBe(0)
  expect(kept.at(-1)).toBe(999)
  const gaps = kept.slice(1).map((time, n) => time - (kept[n] ?? 0))
  const mean = (some: number[]) => some.reduce((sum, gap) => sum + gap, 0) / some.length
  expect(mean(gaps.slice(0, 16))).toBeGreaterThan(4 * mean(gaps.slice(-16)))
  await stage.end()
})

test('at the limit the oldest events give way, one event says which; acks and proof stay', async () => {
  const stage = await StudioStage.open(scratch(), { limits: { lasting: 100, samples: 10 } })
  for (let n = 0; n < 20; n++) await tell(stage, n % 2 ? 'ack' : 'proof', n)
  for (let n = 0; n < 300; n++) await tell(stage, 'event', n)
  const all = await stage.outbox.next(1_000)
  expect(all.length).toBe(stage.outbox.size)
  expect(all.length).toBeLessThanOrEqual(101)
  expect(all.filter(({ kind }) => kind !== 'event').length).toBe(20)
  const gaps = all.filter(({ type }) => type === OVERFLOWED).map(({ data }) => data.details)
  const lost = gaps.reduce<number>((sum, gap) => sum + Number((gap as { count: number }).count), 0)
  expect(all.filter(({ kind, type }) => kind === 'event' && type !== OVERFLOWED).length + lost).toBe(300)
  await stage.end()
})

test('where only acks and proof are left none of them gives way, and events do once there are some', async () => {
  const stage = await StudioStage.open(scratch(), { limits: { lasting: 20, samples: 10 } })
  for (let n = 0; n < 40; n++) await tell(stage, n % 2 ? 'ack' : 'proof', n)
  expect(stage.outbox.size).toBe(40)
  for (let n = 0; n < 9; n++) await tell(stage, 'event', n)
  const events = (await stage.outbox.next(1_000)).filter(({ kind }) => kind === 'event')
  expect(events.length).toBeLessThan(4)
  expect(events.map(({ type }) => type)).toContain(OVERFLOWED)
  expect(stage.outbox.size).toBe(40 + events.length)
  await stage.end()
})

test('a number whose transaction was undone is given again', async () => {
  const stage = await StudioStage.open(scratch())
  await tell(stage, 'event', 1)
  const undone = stage.store.transaction(async sql => {
    await stage.outbox.put(sql, 'event', [telling(2)])
    throw new Error('no room')
  })
  await expect(undone).rejects.toThrow('no room')
  await tell(stage, 'event', 3)
  expect((await stage.outbox.next(9)).map(({ sequence }) => sequence)).toEqual([1, 2])
  await stage.end()
})

test('the outbox of one Studio is not told to another', async () => {
  const stage = await StudioStage.open(scratch())
  await stage.hear(message('config.get', {}, { time: new Date(stage.now).toISOString() }))
  await stage.outbox.sample(telling(1))
  await stage.runner.stop()
  await stage.outbox.clear()
  expect(await stage.outbox.next(9)).toEqual([])
  expect(stage.outbox.size).toBe(0)
  await stage.end()
})
