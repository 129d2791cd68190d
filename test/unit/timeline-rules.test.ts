import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { TimelineBody } from '../../runtime/control/show/timeline/run.ts'
import { rfc3339 } from '../../runtime/lib/clock.ts'
import { memoryShelf } from '../peers/shelf.ts'
import { clock, ShowStage, useVirtualTime } from './show-stage.ts'
import { apart, cue, SINGLE, stage, started, without } from './timeline-stage.ts'

/** What may run beside what, and what is refused. */
beforeEach(() => void useVirtualTime())
afterEach(() => void vi.useRealTimers())

test('one that is changed while it runs goes on at its position', async () => {
  const show = await stage()
  const id = await started(show, { loop: true, cues: [cue('a', 0, 2_000, { camera: 'quay' })] })
  await show.pass(3_000)
  const cues = [cue('a', 0, 2_000, { camera: 'quay' }), cue('b', 2_000, 2_000, { camera: 'nave' })]
  await show.timeline('change', { cues }, id)
  await show.pass(5_000)
  // It was 3 s in, of rounds that have 4 s now: that is the middle of the new cue.
  expect(apart(show.lines, /quay|nave/).map(([ms, line]) => `${line} ${Math.round(ms / 200) * 200}`)).toEqual([
    'quay 0',
    'quay 2000',
    'nave 800',
    'quay 1200',
    'nave 2000',
  ])
})

test('what is not ready, not wired or running is refused, with why', async () => {
  const show = await stage()
  const { id } = await show.timeline('add', { name: 'Day', cues: [cue('a', 0, 1_000, { preset: 'nowhere' })] })
  await expect(show.timeline('start', {}, id)).rejects.toMatchObject({
    code: 'TIMELINE_NOT_READY',
    extra: { problems: [{ cue: 'a', detail: 'The shot nowhere is mapped to no preset.' }] },
  })
  await show.timeline('change', { cues: [cue('a', 0, 60_000, { preset: 'shot-1' })] }, id)
  await show.timeline('start', {}, id)
  await expect(show.timeline('remove', {}, id)).rejects.toMatchObject({ code: 'CONFLICT' })
  await show.live.setWiring({ programs: [{ id: 'main', sources: [], fallback: [] }], outputs: [] })
  await show.timelines.followWires()
  expect((await show.timeline('get', {}, id)).state.status).toBe('idle')
  await expect(show.timeline('start', {}, id)).rejects.toMatchObject({ code: 'NOT_WIRED' })
  await show.timeline('remove', {}, id)
  await expect(show.timeline('get', {}, id)).rejects.toMatchObject({ code: 'NOT_FOUND' })
})

test('a program has one timeline at a time; a take rules until the next cue', async () => {
  const show = await stage()
  const day = await started(show, { loop: true, cues: [cue('a', 0, 5_000, { camera: 'quay' })] })
  await show.pass(1_000)
  const night = await started(show, { name: 'Night', loop: true, cues: [cue('a', 0, 5_000, { camera: 'nave' })] })
  await show.pass(1_000)
  expect((await show.timeline('get', {}, day)).state.status).toBe('idle')
  expect((await show.timeline('get', {}, night)).state.status).toBe('running')
  await show.take({ source: 'slate' })
  await show.pass(6_000)
  expect(without(show.lines)).toEqual(['quay', 'nave', 'slate', 'nave'])
})

test('one that is started for later lets what runs go on until then, also past a restart of control', async () => {
  const [live, kept] = [memoryShelf<object>(), memoryShelf<TimelineBody>()]
  const show = await stage(live, ['main'], kept)
  const of = (camera: string) => [cue('a', 0, 1_000, { camera, overlay: 'words' }), cue('b', 1_000, 1_000, { camera })]
  const day = await started(show, { loop: true, cues: of('quay') })
  await show.pass(1_000)
  const at = clock.now() + 6_000
  const night = await started(show, { name: 'Night', loop: true, cues: of('nave') }, { at: rfc3339(at) })
  const statuses = async (of: ShowStage) =>
    Promise.all([day, night].map(async id => (await of.timeline('get', {}, id)).state.status))
  await show.pass(2_000)
  expect(await statuses(show)).toEqual(['running', 'waiting'])
  expect(without(show.lines).filter(line => line === 'quay')).toHaveLength(3)
  show.timelines.stop()
  const after = new ShowStage(live, ['main'], kept)
  after.timelines.start()
  await after.pass(at - clock.now() + 4_500)
  expect(await statuses(after)).toEqual(['idle', 'running'])
  const takes = without(after.lines).filter(line => ['quay', 'nave'].includes(line))
  expect(takes.lastIndexOf('quay')).toBeLessThan(takes.indexOf('nave'))
  expect(takes.filter(line => line === 'nave')).toHaveLength(5)
})

test('one that waits for its time lets another one run before it, and leaves the program when it is stopped', async () => {
  const show = await stage()
  const cues = (camera: string) => [cue('a', 0, 1_000, { camera }), cue('b', 1_000, 1_000, { camera })]
  const at = rfc3339(clock.now() + 4_000)
  const later = await started(show, { name: 'Later', loop: true, cues: cues('nave') }, { at })
  const day = await started(show, { loop: true, cues: cues('quay') })
  await show.pass(2_500)
  expect((await show.timeline('get', {}, later)).state.status).toBe('waiting')
  await show.timeline('stop', {}, later)
  await show.pass(4_000)
  expect((await show.timeline('get', {}, day)).state.status).toBe('running')
  expect(new Set(without(show.lines))).toEqual(new Set(['quay']))
  expect(show.lines.length).toBeGreaterThan(5)
})

test('a tour turns its camera off air, needs no wire, and yields to whoever holds it', async () => {
  const show = await stage()
  await show.live.setWiring({ programs: [], outputs: [] })
  await started(show, { offAir: true, loop: true, timing: 'arrival', cues: SINGLE })
  await show.pass(6_000)
  expect(without(show.lines)).toEqual(['tour moves quay/a', 'tour moves quay/b'])
  const { VistterError } = await import('../../runtime/contract/errors.ts')
  vi.spyOn(show.turning, 'go').mockRejectedValueOnce(new VistterError('PTZ_HELD', 'The camera is held by anna.'))
  await show.pass(8_000)
  expect(show.events.find(({ type }) => type === 'cue.failed')?.data).toMatchObject({ cause: 'PTZ_HELD' })
  expect(without(show.lines).slice(2)).toContain('tour moves quay/a')
})
