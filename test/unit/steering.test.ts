import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { TimelineBody } from '../../runtime/control/show/timeline/run.ts'
import { rfc3339 } from '../../runtime/lib/clock.ts'
import { memoryShelf } from '../peers/shelf.ts'
import { anna, clock, ShowStage, useVirtualTime } from './show-stage.ts'
import { cue, SINGLE, stage, started, without } from './timeline-stage.ts'

/** What people do to a timeline that runs. */
beforeEach(() => void useVirtualTime())
afterEach(() => void vi.useRealTimers())

const THREE = [
  cue('a', 0, 4_000, { camera: 'quay', overlay: 'words' }),
  cue('b', 4_000, 4_000, { camera: 'nave', overlay: 'clock' }),
  cue('c', 8_000, 4_000, { camera: 'slate' }),
]

/** When each line was said, in ms since the timeline began. */
const times = (show: ShowStage) => {
  const all = show.lines.map(line => [Number.parseInt(line, 10), line.replace(/^\d+ /, '')] as const)
  return all.map(([at, line]) => `${at - (all[0]?.[0] ?? 0)} ${line}`)
}
const events = (show: ShowStage, type: string) => show.events.filter(event => event.type === type)

test('skip: the next cue within 200 ms, its overlay with it, the one before leaves; the loop goes on from there', async () => {
  const show = await stage()
  const id = await started(show, { loop: true, cues: THREE })
  await show.pass(1_300)
  const asked = clock.now() - show.begun
  const { state } = await show.cue('skip', { reason: 'rain on the lens' }, id)
  expect(state).toMatchObject({ status: 'running', cue: { id: 'b' }, next: { id: 'c' } })
  await show.pass(8_500)
  const cut = show.lines.find(line => line.endsWith(' nave')) ?? ''
  const at = Number.parseInt(cut, 10)
  expect(at - asked).toBeLessThan(200)
  const after = show.lines
    .filter(line => Number.parseInt(line, 10) >= at)
    .map(line => {
      const [ms, ...what] = line.split(' ')
      return `${Number(ms) - at} ${what.join(' ')}`
    })
  expect(after.toSorted()).toEqual(
    [
      '0 nave',
      '0 words ends',
      '0 clock begins',
      '4000 slate',
      '4000 clock ends',
      '8000 quay',
      '8000 words begins',
    ].toSorted(),
  )
  expect(events(show, 'timeline.skipped')).toMatchObject([
    { actor: 'anna', data: { from: 'a', reason: 'rain on the lens' }, message: expect.stringContaining('rain') },
  ])
})

test('a skip just before the next cue passes that one over; from the last cue it is the end', async () => {
  const show = await stage()
  const id = await started(show, { cues: THREE })
  await show.pass(3_900)
  await show.cue('skip', {}, id)
  await show.pass(1_000)
  expect(without(show.lines).filter(line => /^(quay|nave|slate)$/.test(line))).not.toContain('quay quay')
  expect((await show.timeline('get', {}, id)).state.cue?.id).toBe('c')
  await show.cue('skip', {}, id)
  await show.pass(500)
  expect((await show.timeline('get', {}, id)).state).toEqual({ status: 'idle' })
  expect(events(show, 'timeline.ended')).toHaveLength(1)
})

test('jump: to a cue or a position of the present round, also back; what is under way there is joined half way', async () => {
  const show = await stage()
  const id = await started(show, { loop: true, cues: THREE })
  await show.pass(13_000)
  await show.timeline('jump', { position: 5_000 }, id)
  await show.pass(1_000)
  expect(without(show.lines).slice(-3).toSorted()).toEqual(['clock begins at 1000', 'nave', 'words ends'])
  expect((await show.timeline('get', {}, id)).state).toMatchObject({ round: 1, cue: { id: 'b' } })
  await show.timeline('jump', { cue: 'a' }, id)
  await show.pass(4_300)
  expect(
    without(show.lines)
      .filter(line => /^(quay|nave)$/.test(line))
      .slice(-3),
  ).toEqual(['nave', 'quay', 'nave'])
  await expect(show.timeline('jump', {}, id)).rejects.toMatchObject({ code: 'BAD_REQUEST' })
  await expect(show.timeline('jump', { cue: 'z' }, id)).rejects.toMatchObject({ code: 'UNKNOWN_REFERENCE' })
  await expect(show.timeline('jump', { position: 12_000 }, id)).rejects.toMatchObject({ code: 'BAD_REQUEST' })
})

test('a jump has the sound that playing to there has: of cues that were skipped, and not of those that are to come', async () => {
  const show = await stage()
  await show.live.changeSound('main', { loudness: -16, bed: { asset: 'sea', gain: -6 } })
  const cues = [
    cue('a', 0, 4_000, { camera: 'quay' }),
    cue('down', 1_000, 500, { audio: { bed: { gain: -20 } } }),
    cue('b', 4_000, 4_000, { camera: 'nave', audio: { mute: true } }),
    cue('c', 8_000, 4_000, { camera: 'slate', audio: { mute: null, bed: { gain: -3 } } }),
  ]
  const id = await started(show, { loop: true, cues })
  const heard = async (position: number) => {
    await show.timeline('jump', { position }, id)
    await show.pass(300)
    return show.live.sounds.main
  }
  await show.pass(500)
  const sea = { asset: 'sea', gain: -6 }
  expect(await heard(5_000)).toEqual({ loudness: -16, bed: { ...sea, gain: -20 }, mute: true })
  expect(await heard(500)).toEqual({ loudness: -16, bed: sea })
  expect(await heard(9_000)).toEqual({ loudness: -16, bed: { ...sea, gain: -3 } })
  // What no cue says is as people have it.
  await show.live.changeSound('main', { loudness: -20 })
  expect(await heard(2_000)).toEqual({ loudness: -20, bed: { ...sea, gain: -20 } })
  // A round that is over has had its say.
  await show.pass(10_500)
  expect(await heard(100)).toEqual({ loudness: -20, bed: { ...sea, gain: -3 } })
  const times = show.lines.filter(line => /sound|nave/.test(line)).map(line => Number.parseInt(line, 10))
  expect(times[1]).toBe(times[0])
})

test('a jump: overlays and the picture in one instant, those that go on as far as they would be', async () => {
  const show = await stage()
  const long = [cue('w', 0, 4_000, { overlay: 'words' }), cue('x', 4_000, 8_000, { overlay: 'words' })]
  const id = await started(show, { cues: [...THREE.map(each => ({ ...each, overlay: undefined })), ...long] })
  await show.pass(1_000)
  await show.timeline('jump', { position: 5_000 }, id)
  await show.pass(500)
  show.lasts = 3_000
  await show.timeline('jump', { position: 6_000 }, id)
  await show.pass(500)
  const seen = show.lines.slice(-4).map(line => line.split(' '))
  expect(seen.map(([, ...what]) => what.join(' '))).toEqual([
    ...['words begins at 5000', 'nave'],
    ...['words begins at 2000', 'nave'],
  ])
  expect(seen[0]?.[0]).toBe(seen[1]?.[0])
  expect(seen[2]?.[0]).toBe(seen[3]?.[0])
})

test('extend: the cue stays so much longer, its overlay too, and all that follows is so much later', async () => {
  const show = await stage()
  const id = await started(show, { cues: THREE })
  await show.pass(1_000)
  const before = show.ends.get('words') ?? 0
  await show.cue('extend', { ms: 2_500, reason: 'applause' }, id)
  expect(show.ends.get('words')).toBe(before + 2_500)
  await show.pass(14_000)
  // In one instant overlays change before the picture does.
  expect(times(show)).toEqual([
    '0 words begins',
    '0 quay',
    '6500 words ends',
    ...['6500 clock begins', '6500 nave', '10500 clock ends', '10500 slate'],
  ])
  expect(events(show, 'timeline.extended')[0]).toMatchObject({ actor: 'anna', data: { ms: 2_500, reason: 'applause' } })
})

test('hold: the cue stays until it is released or its time is over, whoever asks is told; then it goes on as long as was left', async () => {
  const show = await stage()
  const id = await started(show, { cues: THREE })
  await show.pass(2_000)
  const held = await show.cue('hold', { reason: 'interview' }, id)
  expect(held.state).toMatchObject({
    status: 'running',
    cue: { id: 'a' },
    held: { by: 'anna', why: 'interview', position: expect.any(Number) },
  })
  // It would be another one in each report.
  expect(held.state.zeroAt).toBeUndefined()
  expect(held.state.next).toBeUndefined()
  expect(held.state.cue?.until).toBeUndefined()
  expect(show.ends.get('words')).toBeUndefined()
  await show.pass(60_000)
  expect(without(show.lines)).toEqual(['words begins', 'quay'])
  await show.cue('release', {}, id)
  await show.pass(1_000)
  await show.cue('hold', { until: rfc3339(clock.now() + 5_000) }, id)
  expect((await show.timeline('get', {}, id)).state.next?.id).toBe('b')
  await show.pass(7_500)
  const [ms, what] = times(show)[2]?.split(' ') ?? []
  expect(what).toBe('words')
  // Two of its four seconds before, 60 held, one, 5 held, the last one.
  expect(Math.abs(Number(ms) - (60_000 + 5_000 + 4_000))).toBeLessThan(40)
  expect(show.events.filter(({ type }) => /held|released/.test(type)).map(({ type }) => type)).toEqual([
    'timeline.held',
    'timeline.released',
    'timeline.held',
  ])
})

test('a hold outlives control, and a skip or jump ends it', async () => {
  const [live, kept] = [memoryShelf<object>(), memoryShelf<TimelineBody>()]
  const before = await stage(live, ['main'], kept)
  const id = await started(before, { cues: THREE })
  await before.pass(2_000)
  await before.cue('hold', {}, id)
  before.timelines.stop()
  await before.pass(30_000)
  const after = new ShowStage(live, ['main'], kept)
  after.timelines.start()
  await after.pass(5_000)
  expect(after.lines).toEqual([])
  expect((await after.timeline('get', {}, id)).state).toMatchObject({ cue: { id: 'a' }, held: { by: 'anna' } })
  await after.cue('skip', {}, id)
  await after.pass(5_000)
  expect(without(after.lines)).toContain('slate')
  expect((await after.timeline('get', {}, id)).state.held).toBeUndefined()
})

test('a take lasts until the next cue: extended, held, and with a skip over at once', async () => {
  const show = await stage()
  const id = await started(show, { cues: THREE })
  await show.pass(1_000)
  await show.take({ source: 'nave' })
  await show.cue('extend', { ms: 10_000 }, id)
  await show.pass(9_000)
  await show.cue('hold', {}, id)
  await show.pass(20_000)
  expect(show.program.list()[0]?.source).toBe('nave')
  await show.timeline('jump', { cue: 'c' }, id)
  await show.pass(300)
  expect(show.program.list()[0]?.source).toBe('slate')
})

test('what was extended by more than it has lasted is still what is given back, and shown by its new words, for as long', async () => {
  const show = await stage()
  const id = await started(show, { cues: THREE })
  await show.pass(5_000)
  await show.cue('extend', { ms: 10_000 }, id)
  await show.take({ source: 'slate' })
  await show.pass(1_000)
  const before = show.lines.length
  await show.ask('releaseTakeById', {}, 'main', anna)
  await show.pass(200)
  expect(show.program.list()[0]?.source).toBe('nave')
  await show.timeline('change', { cues: THREE.map(each => (each.id === 'b' ? { ...each, camera: 'quay' } : each)) }, id)
  await show.pass(200)
  expect(show.program.list()[0]?.source).toBe('quay')
  await show.pass(15_000)
  expect(
    times(show)
      .slice(before)
      .filter(line => line.endsWith('slate')),
  ).toEqual(['18000 slate'])
  expect(show.ends.get('clock')).toBe((show.ends.get('words') ?? 0) + 14_000)
})

test('by arrival: a jump while a camera turns waits for nothing, and what was on its way is not shown', async () => {
  const show = await stage()
  Object.assign(show.heads.quay ?? {}, { journeyMs: 6_000 })
  const cues = [...SINGLE, cue('n', 7_500, 2_000, { camera: 'nave' })]
  const id = await started(show, { loop: true, timing: 'arrival', cues })
  await show.pass(1_000)
  await show.timeline('jump', { cue: 'n' }, id)
  await show.pass(300)
  expect(without(show.lines).at(-1)).toBe('nave')
  await show.pass(1_000)
  expect(without(show.lines).filter(line => line.startsWith('quay'))).toEqual([])
  expect(events(show, 'cue.failed')).toEqual([])
})

test('what does not run, or has not begun, is not steered', async () => {
  const show = await stage()
  const id = await started(show, { cues: THREE }, { at: rfc3339(clock.now() + 60_000) })
  await expect(show.cue('skip', {}, id)).rejects.toMatchObject({ code: 'CONFLICT' })
  await show.timeline('stop', {}, id)
  for (const name of ['skip', 'hold', 'release'] as const)
    await expect(show.cue(name, {}, id)).rejects.toMatchObject({ code: 'CONFLICT' })
})
