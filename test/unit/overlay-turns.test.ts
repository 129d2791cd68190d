import { beforeEach, expect, test } from 'vitest'
import type { OverlaySummary, Timeline } from '../../runtime/contract/generated/openapi.v1.ts'
import { type ClockStage, clockStageForEach } from './clock-stage.ts'
import { documentOf } from './ocl-arbitrary.ts'
import { cue } from './timeline-stage.ts'

let stage: ClockStage
clockStageForEach(made => {
  stage = made
})
beforeEach(async () => {
  const element = { id: 'c', start: 0, duration: 600_000, layer: 0, text: { value: 'x' } }
  await stage.ask('putOverlay', { id: 'title' }, documentOf([element], {}))
})

/** Since when (ms after `zero`) the overlay that viewers see at a moment plays; undefined: they see none. */
function seenAt(now: number, zero: number): number | undefined {
  const { playing, next } = stage.desired?.overlays.find(({ program }) => program === 'main') ?? {}
  const turned = next !== undefined && next.at <= now
  // It is stopped then.
  if (turned && next.document && JSON.stringify(next.document).includes('"scenes":[]')) return undefined
  const play = (turned ? next.playing : undefined) ?? playing
  if (!play || now < (play.firstAt ?? play.startedAt) || now >= (play.endsAt ?? Number.POSITIVE_INFINITY))
    return undefined
  return play.startedAt - zero
}

/** What is not as it should be, by its moment (ms after `zero`). */
async function wrongIn(zero: number, length: number, wanted: (position: number) => number | undefined) {
  const wrong: string[] = []
  await stage.pass(zero - stage.wall)
  for (let position = 10; position < length; position += 20) {
    await stage.pass(zero + position - stage.wall)
    const seen = seenAt(zero + position, zero)
    if (seen !== wanted(position)) wrong.push(`${position}: ${seen} instead of ${wanted(position)}`)
  }
  return wrong
}

const overlay = async () => (await stage.ask<OverlaySummary[]>('listOverlays', {})).find(({ id }) => id === 'title')
const view = (length: number) => cue('view', 0, length, { camera: 'quay' })
const begin = async (cues: object[]) => {
  const { id } = await stage.ask<Timeline>('addTimeline', {}, { name: 'Day', cues })
  const zero = stage.wall + 1_000
  await stage.ask('startTimeline', { id }, { at: new Date(zero).toISOString() })
  return { id, zero }
}

const GAPS = Array.from({ length: 21 }, (_, n) => n * 50)
test.each([300, 1_000])(
  'cues of one overlay (%i ms), however soon after one another, are each on air for their time',
  async each => {
    const starts = GAPS.map((_, n) => n * each + GAPS.slice(0, n).reduce((sum, gap) => sum + gap, 0))
    const titles = starts.map((start, n) => cue(`${n}`, start, each, { overlay: 'title' }))
    const length = (starts.at(-1) ?? 0) + each
    const { id, zero } = await begin([view(length + 2_000), ...titles])
    // The first two touch: it goes on.
    const since = starts.map((start, n) => (n === 1 ? 0 : start))
    const wrong = await wrongIn(zero, length + 1_000, position => {
      const n = starts.findIndex(start => position >= start && position < start + each)
      return since[n]
    })
    expect(wrong).toEqual([])
    expect((await overlay())?.playing).toBeNull()
    await stage.ask('stopTimeline', { id })
  },
)

async function spots(cues: object[]) {
  const booked = { name: 'Cafe', advertiser: 'Cafe', spots: 1_000, perBreak: 4, creatives: [{ overlay: 'title' }] }
  await stage.ask('addCampaign', {}, booked)
  return begin(cues)
}
const spotsOf = (id: string, start: number, count: number) => cue(id, start, count * 2_000, { ads: { spot: 2_000 } })

test.each([0, 300, 500, 700, 1_000])(
  'spots of one overlay, the next break %i ms later, are each on air for their time',
  async gap => {
    const second = 4_000 + gap
    const { zero } = await spots([view(20_000), spotsOf('a', 2_000, 2), spotsOf('b', 2_000 + second, 1)])
    const starts = [2_000, 4_000, 2_000 + second]
    const wrong = await wrongIn(zero, 10_000, position => starts.find(at => position >= at && position < at + 2_000))
    expect(wrong).toEqual([])
    expect((await overlay())?.playing).toBeNull()
  },
)

test('a timeline that is stopped takes the spot on air off, which began when one of the same overlay ended', async () => {
  const { id, zero } = await spots([view(20_000), spotsOf('a', 2_000, 3)])
  await stage.pass(zero + 5_000 - stage.wall)
  expect(seenAt(zero + 5_000, zero)).toBe(4_000)
  await stage.ask('stopTimeline', { id })
  expect((await overlay())?.playing).toBeNull()
  await stage.pass(40)
  expect(seenAt(zero + 5_040, zero)).toBeUndefined()
})

test('a spot is taken off when it is over, though the clock of people was set meanwhile', async () => {
  const { zero } = await spots([view(20_000), spotsOf('a', 4_000, 1)])
  await stage.pass(zero + 2_000 - stage.wall)
  stage.wrong = 3_600_000
  await stage.pass(3_000)
  expect((await overlay())?.playing).not.toBeNull()
  await stage.pass(2_000)
  expect((await overlay())?.playing).toBeNull()
})

test.each([
  ['is stopped', (id: string) => stage.ask('stopTimeline', { id })],
  ['goes on elsewhere', (id: string) => stage.ask('jumpTimeline', { id }, { position: 12_000 })],
])('what waits for its files does not come on air any more when its timeline %s', async (_, leave) => {
  const files = Promise.withResolvers<void>()
  const { id, zero } = await begin([view(20_000), cue('title', 2_000, 5_000, { overlay: 'title' })])
  stage.files = () => files.promise
  await stage.pass(zero + 3_000 - stage.wall)
  await leave(id)
  await stage.pass(400)
  files.resolve()
  await stage.pass(400)
  expect((await overlay())?.playing).toBeNull()
})

test('an overlay whose files come while its cue is under way joins it', async () => {
  const files = Promise.withResolvers<void>()
  const { zero } = await begin([view(20_000), cue('title', 2_000, 5_000, { overlay: 'title' })])
  stage.files = () => files.promise
  await stage.pass(zero + 3_000 - stage.wall)
  files.resolve()
  await stage.pass(400)
  expect(seenAt(stage.wall, zero)).toBe(2_000)
  await stage.pass(zero + 7_400 - stage.wall)
  expect((await overlay())?.playing).toBeNull()
})
