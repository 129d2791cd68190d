import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { CueDone, CueOffer } from '../../runtime/contract/cue-offer.ts'
import { DROPPED } from '../../runtime/control/show/timeline/planned.ts'
import { clock, type ShowStage, useVirtualTime } from './show-stage.ts'
import { apart, cue, ofQuay, stage, started, without } from './timeline-stage.ts'

/** Cues that are offered to a flow, on a clock of the test's own. */
beforeEach(() => void useVirtualTime())
afterEach(() => void vi.useRealTimers())

const CUES = [
  cue('a', 0, 5_000, { camera: 'quay' }),
  cue('b', 5_000, 5_000, { camera: 'nave', overlay: 'words' }),
  cue('c', 10_000, 5_000, { camera: 'quay' }),
]
const SHOWN = /^\d+ (quay|nave|slate|words)/

const after = (ms: number, work: () => unknown) => void setTimeout(work, ms)

/** A flow whose program takes up every cue after `ms`, as `change` makes it. Answers what was told of each. */
function flowOf(show: ShowStage, ms = 20, change: (offer: CueOffer) => object | undefined = ({ shows }) => shows) {
  const told: { cue: string; done: CueDone | undefined; why: string | undefined }[] = []
  show.flow = offer => {
    const shows = change(offer)
    after(ms, async () => {
      if (!shows) return show.way.passed(offer.id)
      const { done, why } = await show.way.take({ offer: offer.id, step: 'program', shows: { ...shows } })
      told.push({ cue: offer.cue, done, why })
    })
    return true
  }
  return told
}

test('each cue is offered 2.6 s before its time, is carried out on time, and tells what became of it', async () => {
  const show = await stage()
  const offers: [number, string][] = []
  const told = flowOf(show, 20, ({ cue: id, shows, at }) => {
    offers.push([Math.round(Date.parse(at) - clock.now()), id])
    return shows
  })
  await started(show, { cues: CUES })
  await show.pass(17_000)
  expect(apart(show.lines, SHOWN)).toEqual([
    [0, 'quay'],
    [5_000, 'words begins'],
    [0, 'nave'],
    [5_000, 'words ends'],
    [0, 'quay'],
  ])
  expect(offers.slice(1)).toEqual([
    [2_600, 'b'],
    [2_600, 'c'],
  ])
  expect(show.noted.map(({ cue: id, actual, planned, by }) => [id, by, (actual ?? 0) - planned])).toEqual([
    ['a', 'flow', 0],
    ['b', 'flow', 0],
    ['c', 'flow', 0],
  ])
  // What is started at once is offered, too, if only for a moment.
  expect(offers[0]).toEqual([300, 'a'])
  expect(told.map(({ cue: id, done }) => [id, done?.by, done?.outcome])).toEqual(
    ['a', 'b', 'c'].map(id => [id, 'flow', 'done']),
  )
  expect(told[1]?.done?.steps).toEqual([
    { step: 'overlay', by: 'flow', outcome: 'done', ...times(show, 5_300) },
    { step: 'program', by: 'flow', outcome: 'done', ...times(show, 5_300) },
  ])
  expect(show.events.filter(({ type }) => type.startsWith('cue.unattended'))).toEqual([])
})

function times(show: ShowStage, ms: number) {
  const at = new Date(show.begun + ms).toISOString()
  return { planned: at, actual: at, latencyMs: 0 }
}

test.each([
  ['no flow is there', undefined],
  ['it is taken up too late', 2_500],
])('where %s, control carries out the cue on time, once, and says so', async (_, ms) => {
  const show = await stage()
  const told = ms === undefined ? [] : flowOf(show, ms)
  await started(show, { cues: CUES })
  await show.pass(17_000)
  expect(apart(show.lines, SHOWN)).toHaveLength(5)
  expect(apart(show.lines, /\d (quay|nave)/).map(([at]) => at)).toEqual([0, 5_000, 5_000])
  const unattended = show.events.filter(({ type }) => type === 'cue.unattended')
  expect(unattended).toHaveLength(1)
  expect(unattended[0]?.data).toMatchObject({ cue: 'a', why: ms === undefined ? 'nobody' : 'late' })
  for (const { why, done } of told) {
    expect(why).toContain('by itself')
    expect(done?.by).toBe('control')
  }
  expect(told).toHaveLength(ms === undefined ? 0 : 3)
})

test('a loop that takes up nothing for a while, and then does again, is told twice', async () => {
  const show = await stage()
  flowOf(show)
  const flow = show.flow
  await started(show, { cues: CUES, loop: true })
  await show.pass(6_000)
  show.flow = undefined
  await show.pass(10_000)
  show.flow = flow
  await show.pass(10_000)
  const told = show.events.map(({ type }) => type).filter(type => /cue\.(un)?attended/.test(type))
  expect(told).toEqual(['cue.unattended', 'cue.attended'])
})

test('the flow changes what a cue shows, its times stay', async () => {
  const show = await stage()
  flowOf(show, 20, ({ cue: id, shows }) => (id === 'b' ? { camera: 'slate', transition: { type: 'fade' } } : shows))
  await started(show, { cues: CUES })
  await show.pass(17_000)
  expect(apart(show.lines, SHOWN)).toEqual([
    [0, 'quay'],
    [5_000, 'slate by fade'],
    [5_000, 'quay'],
  ])
})

test('what the flow lets go is not shown, and that is written down', async () => {
  const show = await stage()
  flowOf(show, 20, ({ cue: id, shows }) => (id === 'b' ? undefined : shows))
  await started(show, { cues: CUES })
  await show.pass(17_000)
  expect(without(show.lines)).toEqual(['quay', 'quay'])
  expect(show.events.filter(({ type }) => type === 'cue.dropped')).toHaveLength(1)
  expect(show.noted.map(({ cue: id, outcome }) => `${id} ${outcome}`)).toEqual(['a done', 'b dropped', 'c done'])
  expect(show.planned.filter(({ why }) => why === DROPPED)).toMatchObject([{ cue: 'b', overlay: 'words' }])
})

test('a cue that a node still holds at its time is no dropped one', async () => {
  const show = await stage()
  show.flow = () => true
  await started(show, { cues: CUES })
  await show.pass(12_000)
  expect(apart(show.lines, /\d (quay|nave)/).map(([at]) => at)).toEqual([0, 5_000, 5_000])
})

test('nodes before the program take up their steps; what the program says of them then does not count', async () => {
  const show = await stage()
  const answers: unknown[] = []
  show.flow = ({ id: offer }) => {
    after(10, async () => {
      const take = (step: 'preset' | 'overlay' | 'program', shows: object) =>
        show.way.take({ offer, step, shows: { ...shows } })
      answers.push(await take('preset', { ...ofQuay('pier'), swing: 'slate' }))
      answers.push(await take('preset', ofQuay('other')))
      answers.push(await take('overlay', { ...ofQuay('pier'), overlay: 'clock' }))
      await take('program', ofQuay('last'))
    })
    return true
  }
  await started(show, { cues: [cue('a', 0, 5_000, { ...ofQuay('first'), overlay: 'words' })] }, { position: 1_000 })
  await show.pass(3_500)
  // By the plan, a camera that nobody sees has turned before.
  expect(without(show.lines)).toEqual(['cue moves quay/first', 'cue moves quay/pier', 'quay', 'clock begins at 1000'])
  expect(answers).toEqual([
    { taken: true },
    { taken: false, why: 'Another message has taken this up already.' },
    { taken: true },
  ])
})

test('what cannot be shown is refused, and the cue is shown as it was planned', async () => {
  const show = await stage()
  const refused: unknown[] = []
  show.flow = ({ id: offer }) => {
    const take = (shows: Record<string, unknown>) => show.way.take({ offer, step: 'program', shows })
    after(10, async () => {
      for (const shows of [{ camera: 'nobody' }, { camera: ['quay'] }, { camera: 'quay', colour: 'red' }, {}])
        refused.push(await take(shows).catch(error => error.code))
    })
    return true
  }
  await started(show, { cues: CUES })
  await show.pass(2_000)
  expect(without(show.lines)).toEqual(['quay'])
  expect(refused).toEqual(['UNKNOWN_REFERENCE', 'BAD_REQUEST', 'BAD_REQUEST', 'TIMELINE_INVALID'])
})

test('a timeline that is stopped takes its cues back: nothing more comes of them', async () => {
  const show = await stage()
  const told = flowOf(show, 20)
  const id = await started(show, { cues: CUES })
  await show.pass(3_500)
  await show.timeline('stop', {}, id)
  await show.pass(5_000)
  expect(without(show.lines)).toEqual(['quay'])
  expect(told.at(-1)).toMatchObject({ cue: 'b', done: { outcome: 'withdrawn' } })
})
