import { expect, test } from 'vitest'
import { Courier } from '../../runtime/control/studio/courier.ts'
import { log, StudioStage, scratch } from './studio-stage.ts'

/** A courier whose broker confirms when the test says so. */
async function stage() {
  const stage = await StudioStage.open(scratch())
  const left: { n: number; confirm(): void; lose(): void }[] = []
  const courier = new Courier({
    ...{ outbox: stage.outbox, source: 'vistter://t/a', log },
    publish: (_, message) =>
      new Promise((confirm, reject) => {
        const { n } = (message as { data: { n: number } }).data
        left.push({ n, confirm, lose: () => reject(new Error('the line broke')) })
      }),
  })
  const tell = async (n: number) => {
    await stage.outbox.tell('event', { type: 'vistter.event.test.tick', time: stage.now, data: { n } })
    courier.wake()
  }
  const numbers = () => left.map(({ n }) => n)
  return { stage, courier, left, tell, numbers }
}

test('what is new leaves although what left before is not confirmed yet', async () => {
  const { stage: box, courier, left, tell, numbers } = await stage()
  await box.outbox.connected()
  for (const n of [1, 2, 3]) {
    await tell(n)
    await expect.poll(numbers).toContain(n)
  }
  expect(numbers()).toEqual([1, 2, 3])
  for (const { confirm } of left) confirm()
  await courier.settled()
  expect(box.outbox.size).toBe(0)
  await box.end()
})

test('hundreds leave, so many at once, each but once', async () => {
  const { stage: box, courier, left, tell, numbers } = await stage()
  const all = Array.from({ length: 450 }, (_, n) => n)
  await box.store.transaction(sql =>
    box.outbox.put(
      sql,
      'proof',
      all.map(n => ({ type: 'vistter.proof', time: box.now, data: { n } })),
    ),
  )
  await tell(450)
  for (let n = 0; n < 4; n++) courier.wake()
  await expect.poll(() => left.length).toBeGreaterThan(100)
  expect(left.length).toBeLessThanOrEqual(200)
  let confirmed = 0
  const confirm = () => {
    for (const { confirm } of left.slice(confirmed)) confirm()
    confirmed = left.length
    return box.outbox.size
  }
  await expect.poll(confirm, { timeout: 10_000 }).toBe(0)
  expect(numbers().toSorted((a, b) => a - b)).toEqual([...all, 450])
  await box.end()
})

test('the line breaks: what was confirmed is gone, the rest stays and nothing more leaves', async () => {
  const { stage: box, courier, left, tell } = await stage()
  await box.outbox.connected()
  for (const n of [1, 2]) {
    await tell(n)
    await expect.poll(() => left.length).toBe(n)
  }
  left[0]?.confirm()
  left[1]?.lose()
  await courier.settled()
  await tell(3)
  await courier.stop()
  expect(left.length).toBe(2)
  expect((await box.outbox.next(9)).map(({ data }) => data.n)).toEqual([2, 3])
  await box.end()
})
