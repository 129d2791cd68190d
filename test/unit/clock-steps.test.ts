import { describe, expect, test } from 'vitest'
import type { OverlaySummary, Preview, Timeline } from '../../runtime/contract/generated/openapi.v1.ts'
import { type ClockStage, clockStageForEach, type Seen } from './clock-stage.ts'
import { documentOf } from './ocl-arbitrary.ts'

const HOUR = 3_600_000
/** A frame of 30 a second, ms. */
const FRAME = 1_000 / 30

let stage: ClockStage
clockStageForEach(made => {
  stage = made
})

const cues = [
  { id: 'a', start: 0, duration: 2_000, camera: 'quay' },
  { id: 'b', start: 2_000, duration: 2_000, camera: 'nave', overlay: 'bar' },
]
const rfc = (ms: number) => new Date(ms).toISOString()

async function started(at: number): Promise<string> {
  const bar = documentOf([{ id: 'c', start: 0, duration: 60_000, layer: 0, text: { value: 'x' } }], {})
  await stage.ask('putOverlay', { id: 'bar' }, { ...bar })
  const { id } = await stage.ask<Timeline>('addTimeline', {}, { name: 'Day', loop: true, cues })
  await stage.ask('startTimeline', { id }, { at: rfc(at) })
  return id
}

/** Cues by the monotonic clock, since the first: pictures and overlays. */
function shown(zero: number): Seen[] {
  return stage.seen.filter(({ what }) => what !== 'slate').map(({ what, at }) => ({ what, at: Math.round(at - zero) }))
}

/** Each cue of so many (ms) once and within a frame, but for those that were due while nobody was there. */
function expectWhole(zero: number, until: number, away: [number, number] = [0, 0]): void {
  const missed = (at: number) => at >= away[0] && at < away[1]
  const due = Array.from({ length: Math.floor(until / 2_000) }, (_, n) => n * 2_000).filter(at => !missed(at))
  const all = shown(zero).filter(({ at }) => !missed(at) && at < until)
  const pictures = all.filter(({ what }) => what !== 'bar')
  expect(pictures.map(({ what }) => what)).toEqual(due.map(at => (at % 4_000 === 0 ? 'quay' : 'nave')))
  for (const [n, { at }] of pictures.entries()) expect(Math.abs(at - (due[n] ?? 0))).toBeLessThan(FRAME)
  const bars = all.filter(({ what }) => what === 'bar').map(({ at }) => at)
  expect(bars).toEqual(due.filter(at => at % 4_000 === 2_000))
}

describe.each([HOUR, -HOUR, 5_000, -5_000])('the wall clock is set by %i ms', by => {
  test('no cue is replayed, skipped or off; people read their own clock', async () => {
    const zero = stage.mono + 1_000
    const id = await started(stage.wall + 1_000)
    await stage.pass(7_500)
    stage.wrong = by
    await stage.pass(4_000)
    expectWhole(zero, 10_000)
    const { state } = await stage.timeline(id)
    const zeroByWall = stage.wall - (stage.mono - zero)
    expect(state.zeroAt).toBe(rfc(zeroByWall))
    expect(Date.parse(state.next?.at ?? '') - zeroByWall).toBe(12_000)
    const [bar] = await stage.ask<OverlaySummary[]>('listOverlays', {})
    expect(Date.parse(bar?.playing?.startedAt ?? '') - zeroByWall).toBe(10_000)
    expect(Math.abs(Date.parse((await stage.program()).time) - stage.wall)).toBeLessThan(2)
    // What is planned is told once, and by the clock of then.
    expect(stage.planned.map(({ at }) => at).slice(0, 2)).toEqual([2_000, 6_000].map(each => zeroByWall - by + each))
    expect(stage.planned.at(-1)?.at).toBe(zeroByWall + 10_000)
  })

  test.each([
    ['control', () => stage.controlAgain()],
    ['the engine', () => stage.engineAgain()],
    ['both', () => Promise.all([stage.engineAgain(), stage.controlAgain()])],
  ])('and %s is started anew: likewise', async (_, again) => {
    const zero = stage.mono + 1_000
    await started(stage.wall + 1_000)
    await stage.pass(5_500)
    stage.wrong = by
    await again()
    await stage.pass(15_000 - (stage.mono - zero))
    expectWhole(zero, 14_000)
  })

  test('and the machine dies for a while: on air where it is by now', async () => {
    const zero = stage.mono + 1_000
    await started(stage.wall + 1_000)
    await stage.pass(5_500)
    stage.wrong = by
    await stage.pass(2_000)
    const from = stage.mono - zero
    stage.boot = 'second'
    await stage.controlAgain(10_000)
    await stage.pass(28_000 - (stage.mono - zero))
    expectWhole(zero, 26_000, [from - 600, from + 12_000])
  })

  test('what people ask for a time of theirs comes then: a take, an overlay, a start, a hold, a preview', async () => {
    const other = documentOf([{ id: 'c', start: 0, duration: 60_000, layer: 0, text: { value: 'y' } }], {})
    await stage.ask('putOverlay', { id: 'other' }, { ...other })
    const id = await started(stage.wall + 500)
    await stage.pass(3_000)
    stage.wrong = by
    const [mono, at] = [stage.mono, rfc(stage.wall + 3_000)]
    await stage.ask('holdCue', { id }, { until: rfc(stage.wall + 20_000) })
    expect((await stage.timeline(id)).state.held).toMatchObject({ until: rfc(stage.wall + 20_000) })
    stage.seen.length = 0
    await stage.ask('takeById', { id: 'main' }, { source: 'quay', at })
    await stage.ask('playOverlay', { id: 'other' }, { at })
    expect(stage.seen.map(({ what, at }) => `${what} ${Math.round(at - mono)}`).toSorted()).toEqual([
      'other 3000',
      'quay 3000',
    ])
    const { zeroAt } = await stage.ask<Preview>('previewTimeline', { id })
    expect(Math.abs(Date.parse(zeroAt ?? '') - stage.wall - 1_000)).toBeLessThan(50)
    await stage.ask('stopTimeline', { id })
    stage.seen.length = 0
    await stage.ask('startTimeline', { id }, { at: rfc(stage.wall + 4_000) })
    const asked = stage.mono
    await stage.pass(4_000)
    expect(stage.seen.map(({ what, at }) => `${what} ${Math.round(at - asked)}`)).toContain('quay 4000')
  })
})

test('an override ends when the clock of people says so, though it was set meanwhile', async () => {
  const until = rfc(stage.wall + HOUR)
  const asked = stage.ask('overrideById', { id: 'main' }, { kind: 'hold', reason: 'storm', until })
  await stage.pass(1_000)
  await asked
  stage.wrong = HOUR - 4_000
  await stage.pass(2_000)
  expect((await stage.program()).override).not.toBeNull()
  await stage.pass(1_500)
  expect((await stage.program()).override).toBeNull()
})

test('where nothing is counted by it, the show follows the wall clock again, and a logo on air keeps it', async () => {
  const bar = documentOf([{ id: 'c', start: 0, duration: 600_000, layer: 0, text: { value: 'x' } }], {})
  await stage.ask('putOverlay', { id: 'logo' }, { ...bar })
  await stage.ask('playOverlay', { id: 'logo' })
  const began = stage.seen.find(({ what }) => what === 'logo')?.at
  stage.wrong = HOUR
  await stage.pass(2_000)
  expect(stage.seen.filter(({ what }) => what === 'logo')).toEqual([{ what: 'logo', at: began }])
  await stage.ask('stopOverlay', { id: 'logo' })
  await stage.pass(2_000)
  stage.seen.length = 0
  // Nothing is off any more, not even inside.
  await stage.ask('playOverlay', { id: 'logo' }, { at: rfc(stage.wall + 1_000) })
  expect(stage.seen.map(({ at }) => Math.round(at - stage.mono))).toEqual([1_000])
})

test("a spot is taken off at its end, whatever people's clock was set to before it began", async () => {
  const plate = documentOf([{ id: 'c', start: 0, duration: 60_000, layer: 0, text: { value: 'x' } }], {})
  await stage.ask('putOverlay', { id: 'plate' }, { ...plate })
  const booked = { name: 'Cafe', advertiser: 'Cafe', spots: 1, creatives: [{ overlay: 'plate' }] }
  await stage.ask('addCampaign', {}, booked)
  const show = [
    { id: 'picture', start: 0, duration: 20_000, camera: 'quay' },
    { id: 'break', start: 4_000, duration: 3_000, ads: { spot: 2_000 } },
  ]
  const { id } = await stage.ask<Timeline>('addTimeline', {}, { name: 'Day', cues: show })
  await stage.ask('startTimeline', { id })
  await stage.pass(1_000)
  stage.wrong = HOUR
  const playing = async () => (await stage.ask<OverlaySummary[]>('listOverlays', {})).filter(each => each.playing)
  await stage.pass(4_500)
  expect(await playing()).toMatchObject([{ id: 'plate' }])
  await stage.pass(2_500)
  expect(await playing()).toEqual([])
})
