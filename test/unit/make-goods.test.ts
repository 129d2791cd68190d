import { join } from 'node:path'
import { afterAll, afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { MakeGood } from '../../runtime/contract/generated/openapi.v1.ts'
import type { Actor } from '../../runtime/control/ports.ts'
import { MakeGoods, type MissedCue } from '../../runtime/control/show/make-goods.ts'
import type { TimelineBody } from '../../runtime/control/show/timeline/run.ts'
import { openStore } from '../../runtime/control/store/open.ts'
import { rfc3339, systemClock } from '../../runtime/lib/clock.ts'
import { createLog } from '../../runtime/lib/log.ts'
import { scratch } from '../peers/run.ts'
import { memoryShelf } from '../peers/shelf.ts'
import { clock, ShowStage, useVirtualTime } from './show-stage.ts'
import { cue, ofQuay, SINGLE, stage, started } from './timeline-stage.ts'

/** What was missed, and that it can be asked for. */
const folder = scratch('make-goods')
afterAll(() => folder.remove())
beforeEach(() => void useVirtualTime())
afterEach(() => void vi.useRealTimers())
const anna: Actor = { kind: 'user', name: 'anna', role: 'viewer' }

test('are kept on the disk, newest first, and no more than fit', async () => {
  vi.useRealTimers()
  const store = await openStore(join(folder.path, 'goods.db'), systemClock)
  const goods = new MakeGoods({ sql: store, log: createLog('test', 'silent'), kept: 300 })
  const at = Date.parse('2026-07-01T08:00:00Z')
  for (let n = 0; n < 450; n++) {
    const timeline = { id: n % 2 ? 'odd' : 'even', name: 'Day' }
    goods.add({
      timeline,
      program: 'main',
      cue: `c${n}`,
      overlay: undefined,
      at: at + n * 1_000,
      duration: 500,
      why: 'An outage.',
    })
  }
  await goods.stop()
  const list = (query: object) =>
    goods
      .operations()
      .listMakeGoods?.({ params: {}, query: { limit: 1_000, ...query }, body: undefined, actor: anna }) as Promise<
      MakeGood[]
    >
  const all = await list({})
  expect([all.length, all[0]?.cue, all.at(-1)?.cue]).toEqual([300, 'c449', 'c150'])
  expect(all[0]).toMatchObject({
    at: rfc3339(at + 449_000),
    timeline: 'odd',
    program: 'main',
    overlay: null,
    why: 'An outage.',
  })
  expect((await list({ timeline: 'even', limit: 2 })).map(each => each.cue)).toEqual(['c448', 'c446'])
  const span = { from: rfc3339(at + 200_000), to: rfc3339(at + 203_000) }
  expect((await list(span)).map(each => each.cue)).toEqual(['c202', 'c201', 'c200'])
  expect((await list({ before: all[0]?.id, limit: 1 })).map(each => each.cue)).toEqual(['c448'])
  await store.close()
})

const told = ({ cue, at, why }: MissedCue, zero: number) => `${cue} ${at - zero} ${why}`

test('after an outage each cue that had begun meanwhile is owed; the show goes on with the one that is due', async () => {
  const shelves = [memoryShelf<object>(), memoryShelf<TimelineBody>()] as const
  const before = await stage(shelves[0], ['main'], shelves[1])
  const zero = clock.now() + 300
  await started(before, { loop: true, cues: SINGLE })
  await before.pass(1_000)
  before.timelines.stop()
  await vi.advanceTimersByTimeAsync(10_000)
  const after = new ShowStage(shelves[0], ['main'], shelves[1])
  after.timelines.start()
  await after.pass(1_000)
  expect(after.missed.map(each => told(each, zero))).toEqual([
    'b 3000 The appliance did not run.',
    'c 5000 The appliance did not run.',
    'a 7500 The appliance did not run.',
  ])
  after.timelines.stop()
})

test('a cue that could not be shown is owed, with why', async () => {
  const show = await stage()
  const { id } = await show.timeline('add', {
    name: 'Day',
    loop: true,
    cues: [cue('a', 0, 1_000, ofQuay('a')), cue('b', 1_000, 1_000, { camera: 'nave' })],
  })
  await show.timeline('start', {}, id)
  const zero = clock.now() + 300
  vi.spyOn(show.shots, 'plain').mockRejectedValueOnce(new Error('the engine is away'))
  await show.pass(3_000)
  expect(
    show.missed.map(each => told(each, zero).replace(/\d+/, n => String(Math.round(Number(n) / 100) * 100))),
  ).toEqual(['b 1000 Something unexpected happened inside the appliance.'])
  await show.timeline('stop', {}, id)
})
