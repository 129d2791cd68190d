import { beforeEach, expect, test } from 'vitest'
import type { FlowTransition } from '../../runtime/contract/flow.ts'
import type { ProgramState } from '../../runtime/contract/generated/engine.v1.ts'
import type { Operation } from '../../runtime/control/ports.ts'
import { flowRequests } from '../../runtime/control/show/flow-requests.ts'
import { Live } from '../../runtime/control/show/live.ts'
import { Program } from '../../runtime/control/show/program.ts'
import { Shots } from '../../runtime/control/show/shots.ts'
import { HouseClock } from '../../runtime/lib/house-clock.ts'
import { memoryShelf } from '../peers/shelf.ts'

const CLIP = { kind: 'clip', file: '/media/intro.mp4', loop: false } as const
const state: ProgramState = {
  ...{ id: 'main', source: 'slate', wanted: 'slate', overlays: [], fallback: false },
  frames: { produced: 0, dropped: 0, repeated: 0 },
  time: 0,
}

const nothing = {
  destinations: () => [],
  timelines: () => [],
  presets: { go: async () => ({}) },
  cues: { take: async () => ({ taken: true }) },
}
let live: Live
const take = (source: string, transition?: object) => {
  const clock = new HouseClock({ now: () => 1_000, mono: () => 1_000 })
  const program = new Program({
    live,
    overrides: { of: () => null, set: async () => {}, release: async () => {} },
    control: { ask: () => {}, of: () => null },
    clock,
    cameras: () => [{ id: 'c1', name: 'Pier' }],
    states: () => [{ ...state, take: live.takes.main?.id }],
    refresh: async () => {},
    standsAt: () => undefined,
    changed: async () => {},
    record: () => {},
  })
  const turning = { preset: () => undefined, standsAt: () => undefined, go: async () => ({ arrived: false, ms: 0 }) }
  const shots = new Shots({
    ...{ live, program, turning, clock, control: { ask: () => {} } },
    ...{ seenIn: () => [], seen: () => false, record: () => {} },
  })
  const operations = { ...program.operations(), ...shots.operations() }
  const requests = flowRequests({ operations, ...nothing })
  // It comes as whatever JSON there is.
  return requests['program.take']({
    program: 'main',
    source,
    ...(transition && { transition: transition as FlowTransition }),
  })
}

beforeEach(async () => {
  live = new Live(memoryShelf())
  const sources = [{ kind: 'camera', camera: '*' }, { kind: 'bars', tone: true }, CLIP] as const
  await live.setWiring({ programs: [{ id: 'main', sources: [...sources], fallback: [] }], outputs: [] })
})

test.each([
  [{ type: 'sparkle' }, '/transition/type'],
  [{ type: 'wipe', direction: 'sideways' }, '/transition/direction'],
  [{ type: 'fade', duration: ['1s'] }, '/transition/duration'],
  [{}, '/transition lacks "type"'],
])('a take with the transition %j is refused, and not kept', async (transition, why) => {
  await expect(take('c1', transition)).rejects.toMatchObject({
    code: 'BAD_REQUEST',
    message: expect.stringContaining(why),
  })
  expect(live.takes).toEqual({})
})

test.each([
  ['c1', 'c1'],
  ['Pier', 'c1'],
  ['slate', 'slate'],
  ['bars', 'bars'],
  ['Colour bars', 'bars'],
  ['intro.mp4', expect.stringMatching(/^clip-/)],
])('a message takes %s', async (source, taken) => {
  await take(source, { type: 'wipe', duration: '1s', direction: 'left' })
  expect(live.takes.main).toMatchObject({
    source: taken,
    transition: { type: 'wipe', durationMs: 1_000, direction: 'left' },
  })
})

test('what is neither camera nor clip is named', async () => {
  await expect(take('Nowhere')).rejects.toMatchObject({ code: 'UNKNOWN_REFERENCE' })
})

test('a message keeps a timeline under its name: made, then changed; nonsense is refused', async () => {
  const asked: unknown[] = []
  const answer =
    (name: string): Operation =>
    async call =>
      void asked.push([name, call.params, call.body])
  const operations = { addTimeline: answer('add'), changeTimeline: answer('change') }
  const put = (known: { id: string; name: string }[]) =>
    flowRequests({ operations, ...nothing, timelines: () => known })['timeline.put']
  const cues = [{ preset: 'shot-1', start: 0, duration: 1_000, swing: { cutaway: 'Bar' } }]
  await put([])({ name: 'Day', timeline: { cues } })
  await put([{ id: 't1', name: 'Day' }])({ name: 'Day', timeline: { loop: true, cues } })
  expect(asked).toEqual([
    ['add', {}, { name: 'Day', cues }],
    ['change', { id: 't1' }, { name: 'Day', loop: true, cues }],
  ])
  const wrong = { name: 'Day', timeline: { cues: [{ start: 0, duration: 'long' }] } }
  await expect(put([])(wrong)).rejects.toMatchObject({
    code: 'BAD_REQUEST',
    message: expect.stringContaining('/duration'),
  })
})

test('a play or a stop of an overlay at a moment that is none is refused', async () => {
  const asked: unknown[] = []
  const operate = async ({ body }: { body: unknown }) => asked.push(body)
  const requests = flowRequests({ operations: { playOverlay: operate, stopOverlay: operate }, ...nothing })
  await expect(requests['overlay.play']({ id: 'o', at: 'soon' })).rejects.toMatchObject({ code: 'BAD_REQUEST' })
  await expect(requests['overlay.stop']({ id: 'o', at: 'soon' })).rejects.toMatchObject({ code: 'BAD_REQUEST' })
  const at = '2100-01-01T00:00:00.000Z'
  await requests['overlay.play']({ id: 'o', scene: 's', at })
  await requests['overlay.stop']({ id: 'o' })
  expect(asked).toEqual([{ scene: 's', at }, {}])
})
