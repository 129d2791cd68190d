import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Arrival, Camera, DataValue, Preset, PtzState } from '../../runtime/contract/generated/openapi.v1.ts'
import { projectRoot } from '../../runtime/lib/project.ts'
import { ApiStage } from '../peers/api-stage.ts'
import type { FlowNode } from '../peers/flow-host.ts'
import { HttpPtz } from '../peers/http-ptz.ts'
import { until } from '../peers/run.ts'

/** Cameras in the flow, on the whole appliance: one that a flow moves, sent to presets by a flow, and watched by one. */
const stage = new ApiStage('flow-cameras')
const { ask, get } = stage
const camera = new HttpPtz()
const flow = (...path: string[]) =>
  JSON.parse(readFileSync(join(projectRoot(), 'flows', ...path), 'utf8')) as FlowNode[]

const at = { z: 'http-ptz', x: 100, y: 400 }
/** What a message says is kept as live data, where the API shows it. */
const keep = (id: string, func: string): FlowNode[] => [
  { id, type: 'function', ...at, func: `${func}; return msg`, wires: [[`${id}-kept`]] },
  { id: `${id}-kept`, type: 'vistter-overlay-data', ...at, key: id, wires: [[]] },
]
const button = (id: string, preset: string): FlowNode => ({
  ...{ id, type: 'inject', ...at, payload: '', payloadType: 'date', repeat: '', once: false, wires: [['goto']] },
  props: [{ p: 'preset', v: preset, vt: 'str' }],
})

beforeAll(async () => {
  await camera.start()
  const set = (node: FlowNode): FlowNode =>
    node.id === 'http-ptz' ? { ...node, env: [{ name: 'CAMERA_URL', value: camera.url, type: 'str' }] } : node
  const flows = [
    ...flow('default.json'),
    ...flow('examples', 'ptz-over-http.json').map(set),
    ...[button('to-buoy', 'Buoy'), button('to-home', 'Home'), button('to-nowhere', 'Nowhere')],
    { id: 'goto', type: 'vistter-ptz-preset', ...at, camera: 'Quay', wires: [['arrived'], ['failed']] },
    ...keep(
      'arrived',
      "msg.payload = [msg.arrival.camera.name, msg.arrival.preset.name, msg.arrival.ms > 0].join(' ')",
    ),
    ...keep('failed', 'msg.payload = msg.arrival.error.code'),
    { id: 'watch', type: 'vistter-camera', ...at, camera: 'Quay', wires: [[], ['news']] },
    ...keep(
      'news',
      "flow.set('told', [...(flow.get('told') || []), msg.topic]); msg.payload = flow.get('told').join(' ')",
    ),
  ]
  const { flows: folder } = stage.control.paths
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, 'flows.json'), JSON.stringify(flows))
  await stage.begin()
})
afterAll(async () => {
  await stage.end()
  await camera.stop()
})

let id = ''
const ptz = (body: object) => ask<PtzState>('POST', `/cameras/${id}/ptz`, body)
const state = async () => (await get<Camera>(`/cameras/${id}`)).state
const kept = async (key: string) => (await get<DataValue[]>('/data')).find(one => one.key === key)?.value?.toString()
const press = async (node: string) => {
  const { status } = await ask('POST', `//editor/inject/${node}`, undefined, {
    headers: { origin: stage.control.origin },
  })
  expect(status).toBe(200)
}

test('a camera that only speaks HTTP can be moved as soon as it is there, because a flow says so', async () => {
  const body = { name: 'Quay', url: 'rtsp://127.0.0.1:9/none' }
  const made = await ask<Camera>('POST', '/cameras?force=true', body)
  expect(made.status).toBe(201)
  id = made.body.id
  await until('it is in reach', async () => (await state()).ptz?.position)
  expect((await ptz({ to: { pan: 0.3, tilt: -0.1, zoom: 0.2 } })).status).toBe(200)
  await until('it stands there', () => !camera.moving && Math.abs(camera.position.pan - 0.3) < 0.001)
  const { body: buoy } = await ask<Preset>('POST', `/cameras/${id}/presets`, { name: 'Buoy' })
  expect(buoy.position?.pan).toBeCloseTo(0.3, 3)
  await ptz({ to: { pan: 0, tilt: 0, zoom: 0 } })
  await until('it stands elsewhere', () => !camera.moving && Math.abs(camera.position.pan) < 0.001)
  await ask<Preset>('POST', `/cameras/${id}/presets`, { name: 'Home' })
  const { body: arrival } = await ask<Arrival>('POST', `/cameras/${id}/presets/${buoy.id}/goto`)
  expect(arrival).toMatchObject({ arrived: true })
})

test('a message sends it to a preset and goes on when it is there; one that names none goes the other way', async () => {
  // What an operator has just moved a cue may take away.
  await ptz({ to: { pan: -0.5, tilt: 0, zoom: 0 } })
  await press('to-buoy')
  await until('the message went on', async () => (await kept('arrived')) === 'Quay Buoy true')
  expect(camera.position.pan).toBeCloseTo(0.3, 2)
  await press('to-nowhere')
  await until('it failed', async () => (await kept('failed')) === 'UNKNOWN_REFERENCE')
})

test('the flow hears within three seconds that it moves, that it stands, and where', async () => {
  await until('all is told', async () => (await kept('news'))?.endsWith('preset'))
  const before = (await kept('news')) ?? ''
  await press('to-home')
  const pressed = performance.now()
  await until('that it moves', async () => (await kept('news'))?.startsWith(`${before} moving`))
  expect(performance.now() - pressed).toBeLessThan(3_000)
  await until('that it stands', async () => (await kept('news'))?.endsWith('standing preset'))
})

test('a flow without the driver leaves it as a camera that cannot be moved', async () => {
  const origin = stage.control.origin
  await ask('POST', '//editor/flows', flow('default.json'), { headers: { origin, 'node-red-deployment-type': 'full' } })
  await until('nothing moves it', async () => (await state()).ptz === undefined)
  expect((await ptz({ stop: true })).body).toMatchObject({ code: 'PTZ_UNSUPPORTED' })
})
