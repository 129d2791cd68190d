import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { TimelineState } from '../../runtime/contract/generated/openapi.v1.ts'
import type { Operations } from '../../runtime/control/ports.ts'
import { openStore } from '../../runtime/control/store/open.ts'
import { Desk } from '../../runtime/control/studio/acts/desk.ts'
import { Capabilities, type Facts } from '../../runtime/control/studio/capabilities.ts'
import { driftOf } from '../../runtime/control/studio/drift.ts'
import { Follower } from '../../runtime/control/studio/follower.ts'
import { type Limits, Outbox, type Telling } from '../../runtime/control/studio/outbox.ts'
import { StudioClock } from '../../runtime/control/studio/studio-clock.ts'
import { Tally } from '../../runtime/control/studio/tally.ts'
import { Teller } from '../../runtime/control/studio/telemetry.ts'
import { rfc3339, systemClock } from '../../runtime/lib/clock.ts'
import { log, scratch } from './studio-stage.ts'

const NOON = Date.parse('2026-03-01T12:00:00Z')

describe('journals', () => {
  /** A journal with so many rows, and what Studio would hear of it. */
  async function journal(folder = scratch(), kind: 'event' | 'proof' = 'event', limits?: Limits) {
    const store = await openStore(join(folder, 'vistter.db'), systemClock)
    const clock = { now: () => NOON }
    const outbox = await new Outbox({ sql: store, clock, added: () => {}, ...(limits && { limits }) }).load()
    const rows = { count: 0, breakAt: Infinity }
    const after = async (mark: number, limit: number) =>
      Array.from({ length: Math.min(limit, rows.count - mark) }, (_, n) => {
        if (mark + n + 1 === rows.breakAt) throw new Error('the disk is gone')
        const telling = { type: 'vistter.event.test.row', time: NOON + mark + n, data: { n: mark + n + 1 } }
        return { mark: mark + n + 1, telling }
      })
    const followed = { name: 'test', kind, after, end: async () => rows.count }
    const follower = new Follower({ sql: store, outbox, log, followed })
    const heard = async () => (await outbox.next(10_000)).map(({ data }) => Number(data.n))
    return { store, outbox, rows, follower, heard, folder }
  }
  const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, n) => from + n)

  test('what was before the pairing is not told; afterwards each row is, once and in order', async () => {
    const { store, rows, follower, heard } = await journal()
    rows.count = 7
    follower.wake()
    await follower.begin()
    rows.count = 1_600
    for (let n = 0; n < 5; n++) follower.wake()
    await expect.poll(async () => (await heard()).length, { timeout: 5_000 }).toBe(1_593)
    expect(await heard()).toEqual(range(8, 1_600))
    await follower.stop()
    await store.close()
  })

  test('what is copied when Studio is left goes nowhere', async () => {
    const { store, rows, follower, outbox, heard } = await journal()
    await follower.begin()
    rows.count = 1_600
    follower.wake()
    await follower.forget()
    await outbox.clear()
    await follower.stop()
    expect(await heard()).toEqual([])
    expect(await store.all("SELECT * FROM facts WHERE key LIKE 'studio-told-%'")).toEqual([])
    await store.close()
  })

  test('proof of play that finds the outbox full stays where it is kept, and follows when there is room', async () => {
    const { store, rows, follower, outbox, heard } = await journal(scratch(), 'proof', { lasting: 600, samples: 9 })
    await follower.begin()
    rows.count = 2_300
    const told: number[] = []
    while (told.length < rows.count) {
      follower.wake()
      await expect
        .poll(() => outbox.size, { timeout: 5_000 })
        .toBeGreaterThanOrEqual(Math.min(600, 2_300 - told.length))
      expect(outbox.size).toBeLessThan(600 + 500)
      told.push(...(await heard()))
      await outbox.sent((await outbox.next(10_000)).map(({ key }) => key))
    }
    expect(told).toEqual(range(1, 2_300))
    await follower.stop()
    await store.close()
  })

  test('a process that ends in the middle leaves no gap and tells nothing twice', async () => {
    const first = await journal()
    await first.follower.begin()
    first.rows.count = 1_200
    first.rows.breakAt = 700
    first.follower.wake()
    await expect.poll(async () => (await first.heard()).length, { timeout: 3_000 }).toBe(500)
    await first.follower.stop()
    await first.store.close()
    const second = await journal(first.folder)
    second.rows.count = 1_200
    await second.follower.begin()
    await expect.poll(async () => (await second.heard()).length, { timeout: 3_000 }).toBe(1_200)
    expect((await second.heard()).toSorted((a, b) => a - b)).toEqual(range(1, 1_200))
    await second.follower.stop()
    await second.store.close()
  })
})

describe('capabilities', () => {
  const facts = (): Facts => ({
    program: { width: 1920, height: 1080, fps: 30 },
    ...{ cameras: [], presets: [], cache: { quotaBytes: 1e9, usedBytes: 0 } },
    speed: { key: 'k', cores: 2, encode: { ultrafast: 207.36, superfast: 103.68, veryfast: 51.84 }, decode: 500 },
  })

  test('are told once, when they change, and after a restart only then', async () => {
    const store = await openStore(join(scratch(), 'vistter.db'), systemClock)
    const told: Telling[] = []
    let now = facts()
    const open = () =>
      new Capabilities({
        ...{ sql: store, clock: { now: () => NOON }, log, facts: () => now, wanted: () => true },
        tell: async telling => void told.push(telling),
      })
    const first = open()
    await first.start()
    await expect.poll(() => told.length, { timeout: 3_000 }).toBe(1)
    expect(told[0]?.data).toMatchObject({
      capabilities: {
        ocl: ['1.0'],
        encoders: [{ preset: 'ultrafast', fps: 100 }, {}, { preset: 'veryfast', fps: 25 }],
      },
    })
    now = { ...facts(), cache: { quotaBytes: 1e9, usedBytes: 1_000 } }
    first.touch()
    first.stop()
    const second = open()
    now = { ...facts(), program: { width: 1280, height: 720, fps: 30 } }
    await second.start()
    await expect.poll(() => told.length, { timeout: 3_000 }).toBe(2)
    second.stop()
    await store.close()
  })
})

describe('time', () => {
  test('with the wall clock 5 s wrong, a moment of Studio is that moment here', () => {
    let mono = 0
    const box = { now: () => NOON - 5_000 + mono, mono: () => mono }
    const clock = new StudioClock(box)
    for (let n = 0; n < 3; n++) {
      mono += 1_000
      const sent = NOON + mono
      mono += 4
      clock.heard({
        studioTime: rfc3339(sent),
        ...(n > 0 && { heard: { command: `${n - 1}`, at: rfc3339(sent - 990) } }),
      })
      clock.answered(`${n}`)
    }
    const desk = new Desk({ operations: () => ({}), clock })
    const studioNow = NOON + mono
    const here = Date.parse(desk.moment(rfc3339(studioNow + 30_000)).at ?? '')
    expect(Math.abs(here - (box.now() + 30_000))).toBeLessThanOrEqual(20)
    expect(Math.abs(desk.until(rfc3339(studioNow + 30_000)) - 30_000)).toBeLessThanOrEqual(20)
  })

  test('a timeline that runs ahead of Studio is told to the ms', () => {
    const state: TimelineState = { status: 'running', zeroAt: rfc3339(NOON - 10_000) }
    const timelines = [{ id: 't', name: 'Evening', state }]
    const beat = { timeline: 't', position: 9_700, studioTime: rfc3339(NOON + 5_000) }
    expect(driftOf(timelines, beat, { here: NOON, studio: NOON + 5_100 })).toBe(200)
    expect(driftOf(timelines, { ...beat, timeline: 'other' }, { here: NOON, studio: NOON })).toBeUndefined()
    expect(
      driftOf([{ id: 't', name: 'Evening', state: { status: 'idle' } }], beat, { here: 0, studio: 0 }),
    ).toBeUndefined()
  })
})

test('a summary adds up what was seen: frames since the last one, and shares of the time', () => {
  const tally = new Tally(NOON)
  const look = (produced: number, status: string) => ({
    program: { fallback: status === 'offline', frames: { produced, dropped: 1, repeated: 0 } },
    ...{ outputs: [{ id: 'yt', status: 'live' }], cameras: [{ id: 'c', status }], health: { load: [0.5] } },
  })
  for (const one of [look(300, 'online'), look(600, 'offline')]) tally.see(one)
  expect(tally.take(NOON + 20_000)).toEqual({ from: rfc3339(NOON), to: rfc3339(NOON + 20_000) })
  expect(tally.last).toMatchObject({ frames: { produced: 300 }, live: { yt: 1 }, online: { c: 0.5 }, fallback: 0.5 })
  tally.see(look(900, 'online'))
  tally.take(NOON + 30_000)
  expect(tally.last).toMatchObject({ frames: { produced: 300 }, online: { c: 1 } })
})

describe('telemetry', () => {
  beforeEach(() => void vi.useFakeTimers())
  afterEach(() => void vi.useRealTimers())

  test('leaves every 10 s, and a summary every 5 minutes; one that Studio asks for begins the next five', async () => {
    const began = Date.now()
    const sampled: { type: string; at: number; data: { looks?: number } }[] = []
    const answers: Operations = {
      getProgramById: async () => undefined,
      listCameras: async () => [],
      listDestinations: async () => [],
      getHealth: async () => ({ status: 'ok', engine: {}, flowHost: {}, system: { load: [0] } }),
    }
    const teller = new Teller({
      ...{ desk: new Desk({ operations: () => answers, clock: { now: Date.now, here: at => at } }), log },
      ...{ clock: { now: Date.now }, wanted: () => true, channel: () => ({}) },
      sample: async ({ type, time, data }) => void sampled.push({ type, at: (time - began) / 1_000, data }),
    })
    const of = (type: string) => sampled.filter(each => each.type === `vistter.${type}`).map(({ at }) => at)
    teller.start()
    await vi.advanceTimersByTimeAsync(600_000)
    expect(of('telemetry')).toEqual(Array.from({ length: 60 }, (_, n) => (n + 1) * 10))
    expect(of('summary')).toEqual([300, 600])
    await vi.advanceTimersByTimeAsync(100_000)
    await teller.summary()
    await vi.advanceTimersByTimeAsync(300_000)
    expect(of('summary')).toEqual([300, 600, 700, 1_000])
    teller.stop()
    await vi.advanceTimersByTimeAsync(60_000)
    expect(of('telemetry').at(-1)).toBe(1_000)
  })
})
