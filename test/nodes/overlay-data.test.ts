import { readFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { VistterError } from '../../runtime/contract/errors.ts'
import { projectRoot } from '../../runtime/lib/project.ts'
import { validateOcl } from '../../runtime/ocl/index.ts'
import { FlowHostRig, type FlowNode } from '../peers/flow-host.ts'
import { FlowStatuses } from '../peers/flow-statuses.ts'

/** A weather service of our own, and one that never answers. */
const hanging: { end(body?: string): unknown }[] = []
let weather: unknown = { current: { temperature_2m: 5.1, wind_speed_10m: 3.2 } }
const service: Server = createServer((req, res) => {
  if (req.url === '/hangs') hanging.push(res)
  else res.setHeader('content-type', 'application/json').end(JSON.stringify(weather))
})
await new Promise<void>(resolve => service.listen(0, '127.0.0.1', resolve))
const SERVICE = `http://127.0.0.1:${(service.address() as AddressInfo).port}`

const example = JSON.parse(
  readFileSync(join(projectRoot(), 'flows', 'examples', 'weather-lower-third.json'), 'utf8'),
) as FlowNode[]
/** As somebody sets the address of their own service. */
const set = (node: FlowNode): FlowNode =>
  node.type === 'tab' ? { ...node, env: [{ name: 'WEATHER_URL', value: `${SERVICE}/weather`, type: 'str' }] } : node

const at = { z: 'tab', x: 100, y: 100 }
const door = (id: string, next: string): FlowNode[] => [
  { id: `in-${id}`, type: 'http in', ...at, url: `/${id}`, method: 'post', wires: [[`to-${id}`]] },
  { id: `to-${id}`, type: 'function', ...at, func: 'return Object.assign(msg, msg.req.body)', wires: [[next]] },
]
const flows: FlowNode[] = [
  ...example.map(set),
  { id: 'tab', type: 'tab', label: 'Test' },
  ...door('plain', 'plain'),
  ...door('deep', 'deep'),
  ...door('any', 'any'),
  ...door('slow', 'ask'),
  { id: 'plain', type: 'vistter-overlay-data', ...at, key: 'tide', ttl: '90', wires: [['back']] },
  { id: 'deep', type: 'vistter-overlay-data', ...at, key: 'gust', property: 'payload.list[1].gust', wires: [['back']] },
  { id: 'any', type: 'vistter-overlay-data', ...at, key: '', wires: [['back']] },
  { id: 'bad', type: 'vistter-overlay-data', ...at, key: 'x', property: '', wires: [[]] },
  { id: 'ask', type: 'http request', ...at, method: 'GET', ret: 'txt', url: `${SERVICE}/hangs`, wires: [['plain']] },
  { id: 'back', type: 'http response', ...at, wires: [] },
  { id: 'caught', type: 'catch', ...at, scope: null, wires: [['refused']] },
  {
    ...{ id: 'refused', type: 'function', ...at, wires: [['back']] },
    func: 'if (!msg.res) return; msg.statusCode = 422; msg.payload = msg.error.cause; return msg',
  },
]

const rig = new FlowHostRig(flows)
const statuses = new FlowStatuses(rig)

beforeAll(async () => {
  await rig.start()
  await rig.ready()
  await statuses.start()
})
afterAll(async () => {
  statuses.stop()
  await rig.stop()
  for (const response of hanging) response.end()
  service.closeAllConnections()
  await new Promise(resolve => service.close(resolve))
})
beforeEach(() => {
  rig.answer = async () => ({ ok: true })
})

async function post(path: string, message: unknown): Promise<{ status: number; body: unknown }> {
  const response = await fetch(`${rig.url}/${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(message),
    signal: AbortSignal.timeout(5_000),
  })
  const text = await response.text()
  return { status: response.status, body: text.startsWith('{') ? JSON.parse(text) : text }
}

const pushed = () => rig.calls.filter(({ method }) => method === 'data.put').map(({ params }) => params)

test('the example asks the service, hands its values over, and stores a lower third that is whole', async () => {
  await rig.until('the values', () => pushed().length >= 2 && rig.calls.some(({ method }) => method === 'overlay.put'))
  expect(pushed()).toEqual([
    { key: 'temperature', value: 5.1, ttl: 1_800_000 },
    { key: 'wind', value: 3.2, ttl: 1_800_000 },
  ])
  const put = rig.calls.find(({ method }) => method === 'overlay.put')?.params as { id: string; document: unknown }
  expect(put.id).toBe('weather')
  expect(validateOcl(put.document)).toMatchObject({ ok: true, warnings: [] })
})

test('what the service does not say any more is refused, so that the last value stays and grows old', async () => {
  const before = rig.calls.length
  weather = { current: { wind_speed_10m: null } }
  await rig.press('weather-clock')
  expect(await statuses.of('weather-temperature', 'BAD_REQUEST')).toMatchObject({ fill: 'red' })
  expect(rig.calls.slice(before)).toEqual([])
})

test('its buttons show and hide it', async () => {
  rig.calls.length = 0
  await rig.press('weather-show')
  await rig.press('weather-hide')
  await rig.until('both', () => rig.calls.length >= 2)
  expect(rig.calls).toEqual([
    { method: 'overlay.play', params: { id: 'weather' } },
    { method: 'overlay.stop', params: { id: 'weather' } },
  ])
})

test('the editor offers it for import', async () => {
  const { body } = await rig.get('/editor/library/examples/flows/@vistter/nodes/weather-lower-third')
  expect(JSON.parse(body)).toEqual(example)
})

test('a value goes to control as it came, and so does the message onwards', async () => {
  rig.calls.length = 0
  expect(await post('plain', { payload: 3.5 })).toEqual({ status: 200, body: '3.5' })
  await post('plain', { payload: 'high', ttl: 1_500 })
  await post('deep', { payload: { list: [{}, { gust: 'NW 7' }] } })
  await post('any', { key: 'open', payload: false })
  expect(pushed()).toEqual([
    { key: 'tide', value: 3.5, ttl: 90_000 },
    { key: 'tide', value: 'high', ttl: 1_500 },
    { key: 'gust', value: 'NW 7' },
    { key: 'open', value: false },
  ])
})

test.each([
  ['plain', { payload: { a: 1 } }, 'no text, number'],
  ['plain', { payload: [1] }, 'no text, number'],
  ['plain', { payload: null }, 'nothing at msg.payload'],
  ['plain', { payload: 1, ttl: 'soon' }, 'msg.ttl'],
  ['plain', { payload: 1, ttl: 0 }, 'msg.ttl'],
  ['deep', { payload: {} }, 'nothing at msg.payload.list'],
  ['deep', { payload: { list: [] } }, 'nothing at msg.payload.list'],
  ['any', { payload: 1 }, 'which token'],
  ['any', { payload: 1, key: 7 }, 'which token'],
])('%s refuses %j', async (node, message, why) => {
  rig.calls.length = 0
  const { status, body } = await post(node, message)
  expect(status).toBe(422)
  expect(body).toMatchObject({ code: 'BAD_REQUEST', detail: expect.stringContaining(why) })
  expect(rig.calls).toEqual([])
})

test('a refusal of control reaches the catch node, and wrong settings show on the node', async () => {
  rig.answer = async () => {
    throw new VistterError('CONFLICT', 'There are 1000 keys already; delete some.')
  }
  expect(await post('plain', { payload: 1 })).toMatchObject({ status: 422, body: { code: 'CONFLICT' } })
  expect(await statuses.of('plain', 'CONFLICT')).toMatchObject({ fill: 'red' })
  expect(await statuses.of('bad', 'NODE_SETTINGS: property must not be empty')).toMatchObject({ fill: 'red' })
})

test('a service that hangs holds up nothing but its own message', async () => {
  rig.calls.length = 0
  const slow = post('slow', {}).catch(() => 'nothing')
  await rig.until('the question', () => hanging.length > 0)
  const began = performance.now()
  for (let n = 0; n < 20; n++) await post('plain', { payload: n })
  expect(performance.now() - began).toBeLessThan(2_000)
  expect(pushed()).toHaveLength(20)
  for (const response of hanging.splice(0)) response.end('at last')
  expect(await slow).toEqual({ status: 200, body: 'at last' })
  expect(pushed().at(-1)).toMatchObject({ value: 'at last' })
})

test('the status shows the last value and its age, whoever pushed it, and grows older by itself', async () => {
  await post('plain', { payload: 1 })
  await post('any', { payload: 1, key: 'k' })
  await post('deep', { payload: { list: [{}, { gust: 1 }] } })
  const now = Date.now()
  const value = (key: string, since: number, more = {}) => ({ key, value: '3.5 m', at: now - since, ...more })
  rig.publish({ data: [value('tide', 1_000), value('gust', 3_700_000, { expires: now + 2_000 })] })
  expect(await statuses.of('plain', '3.5 m · just now')).toMatchObject({ fill: 'green', shape: 'dot' })
  expect(await statuses.of('deep', '3.5 m · 1 h ago')).toMatchObject({ fill: 'green' })
  expect(await statuses.of('any', '2 values')).toMatchObject({ fill: 'grey' })
  // Nobody says anything any more.
  expect(await statuses.of('deep', '3.5 m · stale')).toMatchObject({ fill: 'yellow', shape: 'ring' })
  rig.publish({ data: [] })
  expect(await statuses.of('plain', 'no value yet')).toMatchObject({ fill: 'grey' })
})
