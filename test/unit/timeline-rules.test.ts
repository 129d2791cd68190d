import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { useVirtualTime } from './show-stage.ts'
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
