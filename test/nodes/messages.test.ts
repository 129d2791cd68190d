import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { VistterError } from '../../runtime/contract/errors.ts'
import { projectRoot } from '../../runtime/lib/project.ts'
import { dashboardButton, press } from '../peers/dashboard-button.ts'
import { FlowHostRig, type FlowNode } from '../peers/flow-host.ts'
import { FlowStatuses } from '../peers/flow-statuses.ts'
import { messagesFlow } from './messages-flow.ts'

const SOON = '2100-01-01T00:00:00.000Z'
const example = join(projectRoot(), 'flows', 'examples', 'single-camera-show.json')
const single: FlowNode[] = JSON.parse(readFileSync(example, 'utf8'))
const rig = new FlowHostRig([...messagesFlow, ...dashboardButton('breaker'), ...single])
const statuses = new FlowStatuses(rig)

beforeAll(async () => {
  await rig.start()
  await rig.ready()
  await statuses.start()
})
afterAll(async () => {
  statuses.stop()
  await rig.stop()
})
beforeEach(() => {
  rig.calls.length = 0
  rig.answer = async () => ({ ok: true })
})

test('a viewer looks at the dashboard, but only an operator presses its buttons', async () => {
  for (const event of ['widget-action', 'widget-change', 'widget-send'])
    await press(rig, 'viewer', event, 'button', { payload: 'set' })
  await press(rig, 'operator', 'widget-action', 'button', { payload: 'set' })
  await rig.until('the override', () => rig.calls.length > 0, 5_000)
  expect(rig.calls.map(({ method }) => method)).toEqual(['program.override'])
})

async function post(node: string, message: unknown): Promise<{ status: number; body: unknown }> {
  const response = await fetch(`${rig.url}/${node}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(message),
    signal: AbortSignal.timeout(5_000),
  })
  return { status: response.status, body: await response.json() }
}

test("a change of the program's sound goes to control, and its answer goes on", async () => {
  const sound = { bed: { gain: -6 }, mute: false }
  rig.answer = async () => ({ mute: false, bed: null, loudness: null })
  expect(await post('taker', { payload: { sound } })).toMatchObject({ body: { mute: false, bed: null } })
  expect(rig.calls).toEqual([{ method: 'program.sound', params: { program: 'main', sound } }])
})

test('a timeline is wired to its program, started and stopped; its cues are told once, when they are on air', async () => {
  const { timelines } = await rig.until('the wiring', () => rig.wirings.at(-1))
  expect(timelines).toEqual([{ timeline: 'Day', program: 'main' }])
  rig.answer = async () => ({ name: 'Day' })
  expect(await post('day', { payload: 'start' })).toMatchObject({ status: 200, body: { name: 'Day' } })
  await post('any', { timeline: 'Night', payload: { start: { position: 2_000 } } })
  await post('any', { timeline: 'Night', payload: 'stop' })
  expect(rig.calls).toEqual([
    { method: 'timeline.start', params: { timeline: 'Day' } },
    { method: 'timeline.start', params: { timeline: 'Night', position: 2_000 } },
    { method: 'timeline.stop', params: { timeline: 'Night' } },
  ])
  const day = { id: 't1', name: 'Day', status: 'running', program: 'main', round: 0 } as const
  const night = { id: 't2', name: 'Night', status: 'idle' } as const
  rig.publish({ timelines: [{ ...day, status: 'idle' }, night] })
  await statuses.of('day', 'does not run')
  rig.publish({ timelines: [{ ...day, cue: { id: 'a', moving: true, camera: 'Pier', preset: 'Wide' } }, night] })
  await statuses.of('day', 'Wide: camera is turning')
  await statuses.of('any', '1 of 2 running')
  const cue = { id: 'a', moving: false, since: '2026-01-01T12:00:00.000Z', camera: 'Pier', preset: 'Wide' }
  rig.publish({ timelines: [{ ...day, cue }, night] })
  rig.publish({ timelines: [{ ...day, cue, next: { id: 'b', at: '2026-01-01T12:01:00.000Z' } }, night] })
  rig.publish({
    timelines: [
      { ...day, status: 'idle' },
      { ...night, status: 'running' },
    ],
  })
  const told = () => rig.get('/cues').then(({ body }) => JSON.parse(body) as unknown[])
  await rig.until('all is told', async () => (await told()).length === 3)
  expect(await told()).toEqual([
    { topic: 'started', timeline: 't1', cue: { id: 'a', moving: true, camera: 'Pier', preset: 'Wide' } },
    { topic: 'cue', timeline: 't1', cue },
    { topic: 'stopped', timeline: 't1' },
  ])
  expect(await post('any', { payload: 'start' })).toMatchObject({ body: { refused: { code: 'BAD_REQUEST' } } })
})

test('the example of a show from one camera keeps its three shots, and starts', async () => {
  const press = (node: string) => fetch(`${rig.url}/editor/inject/${node}`, { method: 'POST' })
  for (const button of ['single-keep', 'single-start']) {
    await press(button)
    await rig.until(button, () => rig.calls.length === (button === 'single-keep' ? 1 : 2))
  }
  const shot = (id: string, preset: string, start: number, duration: number) => {
    return { id, camera: 'Harbour', preset, start, duration, swing: 'freeze' }
  }
  const cues = [
    shot('first', 'Wide', 0, 60_000),
    shot('second', 'Pier', 60_000, 30_000),
    shot('third', 'Boats', 90_000, 45_000),
  ]
  const name = 'Single-camera show'
  expect(rig.calls).toEqual([
    { method: 'timeline.put', params: { name, timeline: { loop: true, timing: 'arrival', gap: 'hold', cues } } },
    { method: 'timeline.start', params: { timeline: name } },
  ])
})

test('a take goes to control, and its answer goes on', async () => {
  rig.answer = async () => ({ source: 'cam-1' })
  const transition = { type: 'fade', duration: '500ms' }
  expect(await post('taker', { payload: { take: { source: 'cam-1', transition } } })).toMatchObject({
    status: 200,
    body: { source: 'cam-1' },
  })
  expect(rig.calls).toEqual([{ method: 'program.take', params: { program: 'main', source: 'cam-1', transition } }])
})

test('an overlay is played, stopped and replaced, its words changed, its cues released', async () => {
  await post('player', { overlay: 'logo', payload: { play: { scene: 'open' } } })
  await post('player', { overlay: 'logo', payload: { stop: true } })
  await post('player', { overlay: 'logo', payload: { ocl: '1.0', scenes: [] } })
  await post('player', { overlay: 'logo', payload: { scene: 'end' } })
  await post('player', { overlay: 'logo', payload: { scene: 'next', at: SOON } })
  await post('player', { overlay: 'logo', payload: { stop: true, at: SOON } })
  await post('player', { payload: { text: { headline: 'Anna', count: 3 } } })
  await post('player', { payload: { reached: { preset: 'Pier' } } })
  expect(rig.calls).toEqual([
    { method: 'overlay.play', params: { id: 'logo', scene: 'open' } },
    { method: 'overlay.stop', params: { id: 'logo' } },
    { method: 'overlay.put', params: { id: 'logo', document: { ocl: '1.0', scenes: [] } } },
    { method: 'overlay.play', params: { id: 'logo', scene: 'end' } },
    { method: 'overlay.play', params: { id: 'logo', scene: 'next', at: SOON } },
    { method: 'overlay.stop', params: { id: 'logo', at: SOON } },
    { method: 'data.put', params: { key: 'headline', value: 'Anna' } },
    { method: 'data.put', params: { key: 'count', value: '3' } },
    { method: 'overlay.reached', params: { preset: 'Pier' } },
  ])
  expect(await post('player', { payload: { text: { headline: { deep: true } } } })).toMatchObject({
    status: 422,
    body: { refused: { code: 'BAD_REQUEST' } },
  })
})

test('an override is set from the form or the message, and released', async () => {
  const before = Date.now()
  await post('breaker', { payload: 'set' })
  await post('breaker', { payload: { override: { kind: 'stop', reason: 'Storm', until: 4_102_444_800_000 } } })
  await post('breaker', { payload: { override: { kind: 'slate', minutes: 0 } } })
  await post('breaker', { payload: false })
  expect(rig.calls).toEqual([
    {
      method: 'program.override',
      params: { program: 'main', kind: 'hold', reason: 'Set by the flow', until: expect.any(String) },
    },
    {
      method: 'program.override',
      params: { program: 'main', kind: 'stop', reason: 'Storm', until: '2100-01-01T00:00:00.000Z' },
    },
    { method: 'program.override', params: { program: 'main', kind: 'slate', reason: 'Set by the flow' } },
    { method: 'program.release', params: { program: 'main' } },
  ])
  const lasting = Date.parse((rig.calls[0]?.params as Record<string, string> | undefined)?.until ?? '') - before
  expect(lasting).toBeGreaterThanOrEqual(5 * 60_000)
  expect(lasting).toBeLessThan(6 * 60_000)
})

test.each([[{ kind: 'fireworks' }], [{ reason: '' }], [{ until: 'soon' }], [{ minutes: -1 }], [{ minutes: 'ten' }]])(
  'an override of %j is refused before control hears of it',
  async override => {
    expect(await post('breaker', { payload: { override } })).toMatchObject({
      status: 422,
      body: { refused: { code: 'BAD_REQUEST' } },
    })
    expect(rig.calls).toEqual([])
  },
)

test('a destination is tested without going public', async () => {
  rig.answer = async () => ({ ok: true, steps: [] })
  expect(await post('starter', { payload: 'test', destination: 'YouTube' })).toMatchObject({ body: { ok: true } })
  expect(rig.calls).toEqual([{ method: 'destination.test', params: { destination: 'YouTube' } }])
})

test('a destination is started and stopped', async () => {
  await post('starter', { payload: 'start' })
  await post('starter', { payload: 'stop', destination: 'YouTube' })
  expect(rig.calls).toEqual([
    { method: 'destination.start', params: { destination: '*' } },
    { method: 'destination.stop', params: { destination: 'YouTube' } },
  ])
})

test('a recorder starts and stops what its wire brings, and refuses without a wire', async () => {
  await post('recorder', { payload: 'start', name: 'Regatta' })
  await post('recorder', { payload: 'start' })
  await post('recorder', { payload: 'stop' })
  expect(rig.calls).toEqual([
    { method: 'recording.start', params: { program: 'main', name: 'Regatta' } },
    { method: 'recording.start', params: { program: 'main', name: 'The evening' } },
    { method: 'recording.stop', params: { program: 'main' } },
  ])
  const { status, body } = await post('unwired', { payload: 'start' })
  expect(status).toBe(422)
  expect(body).toMatchObject({ refused: { code: 'NOT_WIRED' } })
  expect(rig.calls).toHaveLength(3)
})

test('other messages pass through untouched', async () => {
  expect(await post('starter', { payload: { temperature: 21 } })).toMatchObject({ body: { temperature: 21 } })
  expect(rig.calls).toEqual([])
})

test('a refusal of control reaches the catch node with its code and hint, and the status until the next success', async () => {
  rig.answer = async () => {
    throw new VistterError('OCL_STRUCTURE', 'scenes is missing', { errors: [{ path: '/scenes' }] })
  }
  const { status, body } = await post('player', { overlay: 'logo', payload: { ocl: '1.0' } })
  expect(status).toBe(422)
  expect(body).toMatchObject({
    refused: {
      code: 'OCL_STRUCTURE',
      cause: { detail: 'scenes is missing', hint: expect.stringContaining('Correct'), errors: [{ path: '/scenes' }] },
    },
  })
  expect(await statuses.of('player', 'OCL_STRUCTURE')).toMatchObject({ fill: 'red' })
  rig.answer = async () => ({ ok: true })
  await post('player', { overlay: 'logo', payload: { stop: true } })
  await rig.until('the problem to go', () => !statuses.text('player')?.includes('OCL_STRUCTURE'))
})

test('a message that does not say what it needs is refused', async () => {
  expect(await post('player', { payload: { play: true } })).toMatchObject({
    body: { refused: { code: 'BAD_REQUEST' } },
  })
  expect(await post('taker', { payload: { take: {} } })).toMatchObject({ body: { refused: { code: 'BAD_REQUEST' } } })
})

test('wrong settings and wires in the wrong order show on the node', async () => {
  expect(await statuses.of('bad', 'NODE_SETTINGS: width must be between')).toMatchObject({ fill: 'red' })
  expect(await statuses.of('odd', 'NODE_SETTINGS: width must be even')).toMatchObject({ fill: 'red' })
  expect(await statuses.of('lost-dest', 'FEED_MISPLACED')).toMatchObject({ fill: 'red' })
})

test('nodes show the live state that control pushes', async () => {
  const fault = { code: 'CAMERA_SILENT', detail: 'no picture', hint: 'look' }
  rig.publish({
    cameras: [
      { id: 'cam-1', name: 'Door', status: 'offline', moving: false, error: fault },
      { id: 'cam-2', name: 'Bar', status: 'online', moving: false },
    ],
    programs: [
      {
        id: 'main',
        source: { id: 'slate', name: 'Slate', kind: 'slate' },
        fallback: true,
        override: { kind: 'hold', reason: 'Medical help', actor: 'ada' },
        control: { rank: 'operator', by: 'ada', what: 'the override hold', since: '2026-01-01T12:00:00.000Z' },
      },
    ],
    overlays: [{ id: 'logo', playing: true }],
    encoders: [{ program: 'main', status: 'running' }],
    destinations: [
      { id: 'd1', name: 'YouTube', status: 'live', videoBitrate: 4480 },
      { id: 'd2', name: 'Archive', status: 'failed', videoBitrate: 0, error: { ...fault, code: 'OUTPUT_REFUSED' } },
    ],
  })
  expect(await statuses.of('one', 'offline · CAMERA_SILENT')).toMatchObject({ fill: 'red' })
  expect(await statuses.of('cam', '1 of 2 online')).toMatchObject({ fill: 'yellow' })
  expect(await statuses.of('prog', 'Slate · fallback · operator ada')).toMatchObject({ fill: 'yellow' })
  await post('breaker', { payload: 'release' })
  expect(await statuses.of('breaker', 'held · operator ada: Medical help')).toMatchObject({ fill: 'red' })
  expect(await statuses.of('slate', 'on air')).toMatchObject({ fill: 'yellow' })
  expect(await statuses.of('ocl', 'logo')).toMatchObject({ fill: 'green' })
  expect(await statuses.of('enc', 'per destination')).toMatchObject({ fill: 'green' })
  expect(await statuses.of('archive', 'failed · OUTPUT_REFUSED')).toMatchObject({ fill: 'red' })
  expect(await statuses.of('dest', '1 of 2 live')).toMatchObject({ fill: 'yellow' })

  const since = '2026-01-01T12:00:00.000Z'
  const camera = { id: 'cam-2', name: 'Bar', kind: 'camera' } as const
  const control = { rank: 'schedule', by: 'Day', what: 'the timeline Day', since } as const
  rig.publish({
    programs: [{ id: 'main', source: camera, fallback: false, control }],
    timelines: [{ id: 't1', name: 'Day', status: 'running', program: 'main', held: { since, by: 'ada' } }],
  })
  expect(await statuses.of('breaker', 'no override · show Day')).toMatchObject({ fill: 'grey' })
  expect(await statuses.of('prog', 'Bar')).toMatchObject({ fill: 'green', text: 'Bar' })
  expect(await statuses.of('day', 'held by ada')).toMatchObject({ fill: 'yellow' })

  rig.publish({ destinations: [{ id: 'd1', name: 'YouTube', status: 'live', videoBitrate: 4480 }] })
  expect(await statuses.of('dest', 'YouTube: live · 4.5 Mbit/s')).toMatchObject({ fill: 'green' })
  expect(await statuses.of('archive', 'no destination is called Archive')).toMatchObject({ fill: 'red' })
})
