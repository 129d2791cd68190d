import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import type { FlowState } from '../../runtime/contract/flow.ts'
import { FlowHostRig, type FlowNode, smallShow } from '../peers/flow-host.ts'

/** Schedules and the steering of timelines, as nodes in a real Node-RED. */
const at = { z: 'tab', x: 100, y: 100 }
const DOORS = ['hours', 'any', 'day']
const flows: FlowNode[] = [
  ...smallShow(),
  { id: 'hours', type: 'vistter-schedule', ...at, timeline: 'Day', wires: [['back'], ['note']] },
  { id: 'any', type: 'vistter-schedule', ...at, timeline: '*', wires: [['back'], []] },
  { id: 'day', type: 'vistter-timeline', ...at, timeline: 'Day', wires: [['back'], []] },
  {
    ...{ id: 'note', type: 'function', ...at, outputs: 1, wires: [[]] },
    func: "flow.set('told', [...(flow.get('told') || []), { topic: msg.topic, id: msg.payload.id }])",
  },
  { id: 'in-told', type: 'http in', ...at, url: '/told', method: 'get', wires: [['all']] },
  {
    id: 'all',
    type: 'function',
    ...at,
    func: "msg.payload = flow.get('told') || []; return msg",
    wires: [['response']],
  },
  ...DOORS.map(id => ({
    id: `in-${id}`,
    type: 'http in',
    ...at,
    url: `/${id}`,
    method: 'post',
    wires: [[`to-${id}`]],
  })),
  ...DOORS.map(id => ({
    ...{ id: `to-${id}`, type: 'function', ...at, outputs: 1, wires: [[id]] },
    func: 'return Object.assign(msg, { payload: undefined }, msg.req.body)',
  })),
  { id: 'back', type: 'function', ...at, func: 'return msg.res ? msg : undefined', outputs: 1, wires: [['response']] },
  { id: 'caught', type: 'catch', ...at, scope: null, wires: [['refused']] },
  {
    ...{ id: 'refused', type: 'function', ...at, outputs: 1, wires: [['response']] },
    func: 'msg.payload = { code: msg.error.code }; return msg',
  },
  { id: 'response', type: 'http response', ...at, wires: [] },
]
const rig = new FlowHostRig(flows)
beforeAll(async () => {
  await rig.start()
  await rig.ready()
})
afterAll(() => rig.stop())
beforeEach(() => {
  rig.calls.length = 0
})

async function post(node: string, message: object): Promise<unknown> {
  const headers = { 'content-type': 'application/json' }
  const answer = await fetch(`${rig.url}/${node}`, { method: 'POST', headers, body: JSON.stringify(message) })
  return answer.json()
}

test('schedules are listed and switched on and off, their timeline started and stopped', async () => {
  rig.answer = async () => ({ id: 's1' })
  expect(await post('hours', { payload: 'list' })).toEqual([{ id: 's1' }])
  await post('hours', { payload: false })
  await post('any', { payload: 'enable', timeline: 'Night' })
  await post('any', { payload: 'start', timeline: { id: 't2' } })
  expect(rig.calls).toEqual([
    { method: 'schedule.list', params: { timeline: 'Day' } },
    { method: 'schedule.enable', params: { timeline: 'Day', enabled: false } },
    { method: 'schedule.enable', params: { timeline: 'Night', enabled: true } },
    { method: 'timeline.start', params: { timeline: 't2' } },
  ])
  expect(await post('any', { payload: 'stop' })).toEqual({ code: 'BAD_REQUEST' })
})

test('hours that begin and end are told once; what there was at first is no news', async () => {
  const hours = (id: string, open: boolean, timeline = { id: 't1', name: 'Day' }) => {
    const next = { from: '2026-05-01T08:00:00.000Z', to: '2026-05-01T18:00:00.000Z' }
    return { id, timeline, enabled: true, open, next } satisfies NonNullable<FlowState['schedules']>[number]
  }
  const other = { id: 't2', name: 'Night' }
  rig.publish({ schedules: [hours('s1', true), hours('s2', false), hours('s3', false, other)] })
  rig.publish({ schedules: [hours('s1', true), hours('s2', true), hours('s3', true, other)] })
  rig.publish({ schedules: [hours('s2', true), hours('s3', true, other)] })
  rig.publish({ schedules: [hours('s2', false), hours('s3', true, other)] })
  const told = () => rig.get('/told').then(({ body }) => JSON.parse(body) as unknown[])
  await rig.until('all is told', async () => (await told()).length === 3)
  expect(await told()).toEqual([
    { topic: 'opened', id: 's2' },
    { topic: 'closed', id: 's1' },
    { topic: 'closed', id: 's2' },
  ])
})

test('a timeline that runs is steered: it jumps, skips, extends, holds and goes on', async () => {
  rig.answer = async () => ({ name: 'Day' })
  for (const payload of [
    { jump: { cue: 'b', reason: 'late' } },
    'skip',
    { extend: 5_000 },
    { hold: { reason: 'interview' } },
    'release',
  ])
    expect(await post('day', { payload })).toEqual({ name: 'Day' })
  const timeline = 'Day'
  expect(rig.calls).toEqual([
    { method: 'timeline.jump', params: { timeline, cue: 'b', reason: 'late' } },
    { method: 'timeline.skip', params: { timeline } },
    { method: 'timeline.extend', params: { timeline, ms: 5_000 } },
    { method: 'timeline.hold', params: { timeline, reason: 'interview' } },
    { method: 'timeline.release', params: { timeline } },
  ])
})
