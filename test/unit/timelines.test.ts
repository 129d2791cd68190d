import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { TimelineBody } from '../../runtime/control/show/timeline/run.ts'
import { rfc3339 } from '../../runtime/lib/clock.ts'
import { memoryShelf } from '../peers/shelf.ts'
import { clock, ShowStage, useVirtualTime } from './show-stage.ts'
import { apart, cue, ofQuay, SINGLE, stage, started, without } from './timeline-stage.ts'

/** Timelines that run, on a clock of the test's own, with cameras that take their time. */
beforeEach(() => void useVirtualTime())
afterEach(() => void vi.useRealTimers())

test('by the clock each cue begins at its time, and the camera turns within its cue', async () => {
  const show = await stage()
  await started(show, { loop: true, cues: SINGLE })
  await show.pass(16_000)
  expect(apart(show.lines, /still/).slice(1)).toEqual([
    [2_000, 'still of quay'],
    [2_500, 'still of quay'],
    [3_000, 'still of quay'],
    [2_000, 'still of quay'],
    [2_500, 'still of quay'],
  ])
  expect(without(show.lines).slice(0, 5)).toEqual([
    'cue moves quay/a',
    'quay',
    'still of quay',
    'cue moves quay/b',
    'quay by fade',
  ])
})

test('by arrival each cue dwells for exactly its duration, and what follows moves by the journey', async () => {
  const show = await stage()
  const id = await started(show, { loop: true, timing: 'arrival', cues: SINGLE })
  await show.pass(22_000)
  const covers = apart(show.lines, /^\d+ (still of quay|quay)/)
  const dwells = covers.flatMap(([ms, line]) => (line.startsWith('still') ? [ms] : []))
  expect(dwells).toEqual([3_000, 2_000, 2_500, 3_000, 2_000])
  const done = show.events.filter(({ type }) => type === 'cue.done')
  expect(done).toHaveLength(5)
  for (const { data } of done) {
    const { ms } = data as { ms: { journey: number; total: number } }
    expect(ms.journey).toBeGreaterThan(1_400)
    expect(ms.total).toBeLessThan(2_000)
  }
  const { state } = await show.timeline('get', {}, id)
  expect(state).toMatchObject({ status: 'running', program: 'main', round: 1, cue: { id: 'c', moving: true } })
})

test('an overlay begins with the picture of its cue and ends with its cue', async () => {
  const show = await stage()
  const cues = [
    cue('a', 0, 3_000, { ...ofQuay('a'), overlay: 'words' }),
    cue('b', 3_000, 2_000, { camera: 'nave' }),
    cue('over', 3_500, 1_000, { overlay: { id: 'clock', scene: 'short' } }),
  ]
  await started(show, { timing: 'arrival', cues })
  await show.pass(9_000)
  expect(apart(show.lines, /\d (quay|nave|words|clock)/)).toEqual([
    [0, 'quay'],
    [0, 'words begins'],
    [3_000, 'words ends'],
    [0, 'nave'],
    [500, 'clock begins'],
    [1_000, 'clock ends'],
  ])
  expect(show.events.at(-1)).toMatchObject({ type: 'timeline.ended' })
})

test('an overlay of two cues that touch goes on over the cut; one that had no more to show begins again', async () => {
  for (const over of [false, true]) {
    const show = await stage()
    if (over) show.over = 0
    const cues = [
      cue('a', 0, 2_000, { camera: 'quay', overlay: 'words' }),
      cue('b', 2_000, 2_000, { camera: 'nave', overlay: 'words' }),
    ]
    await started(show, { loop: true, cues })
    await show.pass(7_000)
    const told = without(show.lines).filter(line => line.startsWith('words'))
    expect(told).toEqual(over ? ['words begins', 'words begins', 'words begins', 'words begins'] : ['words begins'])
    expect(show.ends.get('words')).toBeUndefined()
  }
})

test('a camera that nobody sees turns as soon as it is free, so that its cue begins on time', async () => {
  const show = await stage()
  Object.assign(show.heads.quay ?? {}, { journeyMs: 4_000 })
  const cues = [
    cue('a', 0, 6_000, ofQuay('a')),
    cue('n', 6_000, 6_000, { camera: 'nave', preset: 'altar', transition: { type: 'fade', duration: 500 } }),
    cue('b', 12_000, 6_000, ofQuay('b')),
  ]
  await started(show, { loop: true, cues, timing: 'arrival' })
  await show.pass(20_000)
  const moved = show.lines.map(line => /moves (.*)$/.exec(line)?.[1]).filter(Boolean)
  expect(moved.slice(0, 3)).toEqual(['quay/a', 'nave/altar', 'quay/b'])
  expect(show.lines.filter(line => line.includes('in sight'))).toEqual([])
  expect(apart(show.lines, /^\d+ (quay|nave)/)).toEqual([
    [0, 'quay'],
    [6_000, 'nave by fade'],
    [6_000, 'quay'],
  ])
})

test('between pictures the one before stays, or the slate is shown', async () => {
  for (const gap of ['hold', 'slate']) {
    const show = await stage()
    await started(show, {
      gap,
      cues: [cue('a', 0, 1_000, { camera: 'quay' }), cue('b', 2_000, 1_000, { camera: 'nave' })],
    })
    await show.pass(5_000)
    expect(without(show.lines)).toEqual(gap === 'hold' ? ['quay', 'nave'] : ['quay', 'slate', 'nave', 'slate'])
  }
})

test('it starts at a time and at a position, and stops: its picture stays, its overlay ends', async () => {
  const show = await stage()
  const at = rfc3339(clock.now() + 10_000)
  const cues = [cue('a', 0, 5_000, { camera: 'quay', overlay: 'words' }), cue('b', 5_000, 5_000, { camera: 'nave' })]
  const id = await started(show, { cues }, { at, position: 2_000 })
  const state = async () => (await show.timeline('get', {}, id)).state
  expect(await state()).toMatchObject({ status: 'waiting' })
  await show.pass(11_000)
  expect(await state()).toMatchObject({ status: 'running', cue: { id: 'a' }, next: { id: 'b' } })
  expect(show.lines.map(line => line.replace(/^1000\d/, '10000'))).toEqual(['10000 words begins at 2000', '10000 quay'])
  await show.timeline('stop', {}, id)
  await show.pass(5_000)
  expect(without(show.lines).slice(2)).toEqual(['words ends'])
  expect(await state()).toEqual({ status: 'idle' })
  expect(show.live.runs).toEqual({})
})

test('control that was killed goes on at the right cue, and what it missed is told', async () => {
  const [live, kept] = [memoryShelf<object>(), memoryShelf<TimelineBody>()]
  const before = await stage(live, ['main'], kept)
  const cues = [cue('a', 0, 3_000, { camera: 'quay' }), cue('b', 3_000, 3_000, { camera: 'nave' })]
  await started(before, { loop: true, cues })
  await before.pass(1_500)
  before.timelines.stop()
  const again = new ShowStage(live, ['main'], kept)
  again.timelines.start()
  await again.pass(2_500)
  expect(without(again.lines)).toEqual(['nave'])
  expect(again.events.map(({ type }) => type)).not.toContain('timeline.resumed')
  again.timelines.stop()
  await again.pass(7_000)
  const late = new ShowStage(live, ['main'], kept)
  late.timelines.start()
  await late.pass(1_200)
  expect(without(late.lines)).toEqual(['nave'])
  expect(late.events.find(({ type }) => type === 'timeline.resumed')?.data).toMatchObject({ missed: 2 })
  // In step with the times of its first start.
  const [first] = again.lines.map(line => Number.parseInt(line, 10) + again.begun)
  await late.pass(2_000)
  const next = late.lines.map(line => Number.parseInt(line, 10) + late.begun).at(-1)
  expect(((next ?? 0) - (first ?? 0)) % 3_000).toBe(0)
})

test('what was planned of overlays is told with its time, and why it was not shown; a cue without an overlay is not', async () => {
  const [live, kept] = [memoryShelf<object>(), memoryShelf<TimelineBody>()]
  const before = await stage(live, ['main'], kept)
  const began = clock.now()
  const cues = [
    cue('a', 0, 3_000, { camera: 'quay', overlay: 'words' }),
    cue('b', 3_000, 1_000, { camera: 'nave' }),
    cue('c', 4_000, 1_000, { overlay: { id: 'clock', scene: 'short' } }),
  ]
  await started(before, { loop: true, cues })
  await before.pass(4_500)
  const told = (show: ShowStage) =>
    show.planned.map(({ cue: id, overlay, scene, at, why }) => [
      id,
      overlay,
      scene,
      Math.round((at - began) / 1_000),
      why,
    ])
  expect(told(before)).toEqual([
    ['a', 'words', undefined, 0, undefined],
    ['c', 'clock', 'short', 4, undefined],
  ])
  expect(before.planned[0]).toMatchObject({ program: 'main', timeline: { name: 'Day' }, duration: 3_000 })
  before.timelines.stop()
  await before.pass(7_000)
  const late = new ShowStage(live, ['main'], kept)
  late.timelines.start()
  await late.pass(300)
  const off = 'The appliance did not run.'
  expect(told(late)).toEqual([
    ['a', 'words', undefined, 5, off],
    ['c', 'clock', 'short', 9, off],
    ['a', 'words', undefined, 10, off],
    // It is still the time of this one, and it is shown after all.
    ['a', 'words', undefined, 10, undefined],
  ])
  expect(late.planned.at(-1)?.at).toBe(late.planned.at(-2)?.at)
})

test('killed while a camera is on its way, by arrival: the cue waits for it in the next life, and dwells as long', async () => {
  const [live, kept] = [memoryShelf<object>(), memoryShelf<TimelineBody>()]
  const before = await stage(live, ['main'], kept)
  await started(before, { loop: true, timing: 'arrival', cues: SINGLE })
  await before.pass(6_000)
  expect(without(before.lines).at(-1)).toBe('cue moves quay/b')
  before.timelines.stop()
  before.shots.stop()
  await before.pass(4_000)
  const after = new ShowStage(live, ['main'], kept)
  after.shots.start()
  after.timelines.start()
  await after.pass(6_000)
  const covers = apart(after.lines, /^\d+ (still of quay|quay)/)
  expect(covers.slice(0, 2)).toEqual([
    [0, 'quay by fade'],
    [2_000, 'still of quay'],
  ])
})

test('a cue that cannot be shown is told, and the others go on', async () => {
  const show = await stage()
  const cues = [cue('a', 0, 1_000, { camera: 'nave' }), cue('b', 1_000, 1_000, { camera: 'quay' })]
  const { id } = await show.timeline('add', { name: 'Day', cues, loop: true })
  await show.timeline('start', {}, id)
  await show.pass(500)
  delete show.heads.nave
  await show.pass(3_000)
  expect(show.events.find(({ type }) => type === 'cue.failed')?.data).toMatchObject({
    cue: 'a',
    cause: 'UNKNOWN_REFERENCE',
  })
  expect(without(show.lines).filter(line => line === 'quay')).toHaveLength(2)
  // A camera that is gone for a day is no news in every round.
  await show.pass(6_000)
  expect(show.events.filter(({ type }) => type === 'cue.failed')).toHaveLength(1)
  show.heads.nave = { journeyMs: 0, stands: null }
  await show.pass(2_000)
  expect(show.events.filter(({ type, data }) => type === 'cue.done' && data?.cue === 'a').length).toBeGreaterThan(1)
})
