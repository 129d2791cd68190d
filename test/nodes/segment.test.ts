import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { projectRoot } from '../../runtime/lib/project.ts'
import { FlowHostRig, type FlowNode, smallShow } from '../peers/flow-host.ts'

/** The segment node, between a door for messages and a function that keeps what it tells; and the example that ships. */
const at = { z: 'tab', x: 100, y: 100 }
const heard = "flow.set('told', [...(flow.get('told') || []), { topic: msg.topic, name: msg.payload.name }])"
const flows: FlowNode[] = [
  ...smallShow({}),
  { id: 'any', type: 'vistter-segment', ...at, segment: '', wires: [['back'], ['heard']] },
  { id: 'heard', type: 'function', ...at, func: heard, outputs: 1, wires: [[]] },
  { id: 'in', type: 'http in', ...at, url: '/any', method: 'post', wires: [['to']] },
  {
    id: 'to',
    type: 'function',
    ...at,
    func: 'return Object.assign(msg, { payload: undefined }, msg.req.body)',
    wires: [['any']],
  },
  { id: 'in-told', type: 'http in', ...at, url: '/told', method: 'get', wires: [['all']] },
  { id: 'all', type: 'function', ...at, func: "msg.payload = flow.get('told') || []; return msg", wires: [['out']] },
  { id: 'caught', type: 'catch', ...at, scope: null, wires: [['refused']] },
  {
    id: 'refused',
    type: 'function',
    ...at,
    func: 'msg.payload = { refused: msg.error.code }; return msg',
    wires: [['out']],
  },
  { id: 'back', type: 'function', ...at, func: 'return msg', outputs: 1, wires: [['out']] },
  { id: 'out', type: 'http response', ...at, wires: [] },
]
const example: FlowNode[] = JSON.parse(
  readFileSync(join(projectRoot(), 'flows', 'examples', 'segment-queue.json'), 'utf8'),
)
const rig = new FlowHostRig([...flows, ...example])

beforeAll(async () => {
  await rig.start()
  await rig.ready()
})
afterAll(() => rig.stop())
beforeEach(() => {
  rig.calls.length = 0
})

async function post(message: unknown): Promise<unknown> {
  const headers = { 'content-type': 'application/json' }
  const signal = AbortSignal.timeout(5_000)
  const answer = await fetch(`${rig.url}/any`, { method: 'POST', headers, body: JSON.stringify(message), signal })
  return answer.json()
}
const told = async () => JSON.parse((await rig.get('/told')).body) as unknown[]

test('plays, queues and previews what the message or the form names, and steers the queue', async () => {
  expect(await post({ segment: 'Morning', payload: 'queue' })).toEqual({ ok: true })
  await post({ segment: 'morning', payload: { play: { at: '2100-01-01T00:00:00.000Z' } } })
  await post({ segment: 'morning', payload: { preview: { position: 500 } } })
  for (const payload of ['skip', 'stop', 'start']) await post({ payload })
  expect(rig.calls).toEqual([
    { method: 'segment.queue', params: { segment: 'Morning' } },
    { method: 'segment.play', params: { segment: 'morning', at: '2100-01-01T00:00:00.000Z' } },
    { method: 'segment.preview', params: { segment: 'morning', position: 500 } },
    ...['skip', 'stop', 'start'].map(what => ({ method: `queue.${what}`, params: {} })),
  ])
  expect(await post({ payload: 'play' })).toEqual({ refused: 'BAD_REQUEST' })
  expect(await post({ payload: { other: 1 } })).toEqual({ other: 1 })
})

test('tells what begins, what the slate stands in for, and the end, each once', async () => {
  const entry = (name: string, more: object = {}) => ({ id: `E-${name}`, segment: name.toLowerCase(), name, ...more })
  const queue = (playing?: ReturnType<typeof entry>) => ({ held: false, waiting: [], ...(playing && { playing }) })
  rig.publish({ queue: queue() })
  rig.publish({ queue: queue(entry('Morning')) })
  rig.publish({ queue: { ...queue(entry('Morning')), waiting: [entry('Noon')] } })
  rig.publish({ queue: queue(entry('Noon', { problem: 'There is no camera Pier.' })) })
  rig.publish({ queue: queue() })
  await rig.until('all is told', async () => (await told()).length >= 3)
  expect(await told()).toEqual([
    { topic: 'playing', name: 'Morning' },
    { topic: 'problem', name: 'Noon' },
    { topic: 'ended', name: 'Noon' },
  ])
})

test('the example queues a segment at the press of its button', async () => {
  await rig.press('vistter-segments-now')
  await rig.until('it is asked for', () => rig.calls.length > 0)
  expect(rig.calls).toEqual([{ method: 'segment.queue', params: { segment: 'Morning show' } }])
})
