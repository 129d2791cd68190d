import { copyFileSync, existsSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { Courier } from '../../runtime/control/studio/courier.ts'
import { rfc3339 } from '../../runtime/lib/clock.ts'
import { message } from '../peers/studio/messages.ts'
import { log, StudioStage, scratch } from './studio-stage.ts'

const FILE = 'vistter.db'

/** A disk that keeps what it was made to wait for, and nothing else: each picture is what a power cut would leave from then on. */
class Disk {
  readonly pictures: string[] = []
  private readonly folder = scratch()

  watch({ store }: StudioStage, folder: string): void {
    const transaction = store.transaction.bind(store)
    const copy = () => {
      const picture = join(this.folder, String(this.pictures.length))
      mkdirSync(picture)
      for (const file of [FILE, `${FILE}-wal`])
        if (existsSync(join(folder, file))) copyFileSync(join(folder, file), join(picture, file))
      this.pictures.push(picture)
    }
    store.transaction = async (work, kept) => {
      const result = await transaction(work, kept)
      if (kept === 'durable') copy()
      return result
    }
    copy()
  }
}

/** The last number that was given, as this disk has it. */
async function numbered({ store }: StudioStage): Promise<number> {
  const row = await store.get<{ seq: number }>("SELECT seq FROM sqlite_sequence WHERE name = 'studio_outbox'")
  return row?.seq ?? 0
}

test('the power goes: nothing that was told is taken back, no number is given twice, nothing is done twice', async () => {
  const folder = scratch()
  const first = await StudioStage.open(folder)
  const disk = new Disk()
  disk.watch(first, folder)
  const told: { id: string; number: number; picture: number; ack?: string }[] = []
  const courier = new Courier({
    ...{ outbox: first.outbox, source: 'vistter://t/a', log },
    publish: async (_, sent) => {
      const { id, sequence, data } = sent as {
        id: string
        sequence: string
        data: { command?: string; status?: string }
      }
      const picture = disk.pictures.length - 1
      told.push({ id, number: Number(sequence), picture, ack: `${data.command} ${data.status}` })
    },
  })
  first.onAdded = () => courier.wake()
  const commands = Array.from({ length: 5 }, (_, n) =>
    message('timeline.start', { timeline: `t${n % 2}` }, { id: `c${n}`, time: rfc3339(first.now) }),
  )
  for (const command of commands) {
    await first.hear(command)
    await first.outbox.tell('event', { type: 'vistter.event.test.tick', time: first.now, data: {} })
  }
  await expect.poll(() => first.inbox.waiting).toBe(0)
  await expect.poll(() => first.outbox.size).toBe(0)
  await courier.stop()
  await first.end()
  expect(told.length).toBe(5 * 4)

  // Whenever it went: as the disk was when each of them left.
  for (const picture of new Set(told.map(one => one.picture))) {
    const next = await StudioStage.open(disk.pictures[picture] ?? '')
    const before = told.filter(one => one.picture <= picture)
    expect(await numbered(next)).toBeGreaterThanOrEqual(Math.max(...before.map(({ number }) => number)))
    await next.resume()
    for (const command of commands) await next.hear(command)
    await expect.poll(() => next.inbox.waiting).toBe(0)
    const done = before.flatMap(({ ack = '' }) => (ack.endsWith(' done') ? [ack.split(' ')[0]] : []))
    expect(next.orders.filter(({ id }) => done.includes(id))).toEqual([])
    await next.end()
  }
})

test('the disk is waited for once for many that leave together', async () => {
  const stage = await StudioStage.open(scratch())
  let waits = 0
  const transaction = stage.store.transaction.bind(stage.store)
  stage.store.transaction = (work, kept) => {
    if (kept === 'durable') waits++
    return transaction(work, kept)
  }
  for (let n = 0; n < 200; n++) await stage.outbox.tell('event', { type: 'vistter.event.test.tick', time: n, data: {} })
  const left: object[] = []
  const courier = new Courier({
    ...{ outbox: stage.outbox, source: 'vistter://t/a', log },
    publish: async (_, sent) => void left.push(sent),
  })
  courier.wake()
  await expect.poll(() => stage.outbox.size).toBe(0)
  expect({ left: left.length, waits }).toEqual({ left: 200, waits: 1 })
  await courier.stop()
  await stage.end()
})
