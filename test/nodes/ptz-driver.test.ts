import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import type { PtzRequest, PtzState } from '../../runtime/contract/generated/openapi.v1.ts'
import { FlowDriver } from '../../runtime/control/cameras/flow/driver.ts'
import { Heads } from '../../runtime/control/cameras/ptz/heads.ts'
import type { Actor } from '../../runtime/control/ports.ts'
import { systemClock } from '../../runtime/lib/clock.ts'
import { projectRoot } from '../../runtime/lib/project.ts'
import { FlowHostRig, type FlowNode } from '../peers/flow-host.ts'
import { FlowStatuses } from '../peers/flow-statuses.ts'
import { HttpPtz } from '../peers/http-ptz.ts'

/** A camera that only speaks HTTP, moved by the example flow as an integrator imports it. */
const camera = new HttpPtz()
await camera.start()
const example = JSON.parse(
  readFileSync(join(projectRoot(), 'flows', 'examples', 'ptz-over-http.json'), 'utf8'),
) as FlowNode[]
const set = (node: FlowNode): FlowNode =>
  node.type === 'tab' ? { ...node, env: [{ name: 'CAMERA_URL', value: camera.url, type: 'str' }] } : node
const second: FlowNode = {
  ...{ id: 'second', type: 'vistter-ptz-driver', z: 'http-ptz', x: 100, y: 400, camera: 'Quay' },
  ...{ continuous: true, absolute: false, position: false, moveStatus: false, presets: '', wires: [[]] },
}
const astray: FlowNode[] = [
  { id: 'inject', type: 'inject', z: 'http-ptz', x: 100, y: 440, props: [], wires: [['http-ptz-driver']] },
]

const rig = new FlowHostRig([...example.map(set), second, ...astray])
const statuses = new FlowStatuses(rig)
const heads: Heads = new Heads({
  cameras: () => (rig.wirings.at(-1)?.drivers ?? []).map(flow => ({ id: 'cam', name: 'Quay', flow })),
  driverFor: () => {
    throw new Error('no ONVIF')
  },
  flowDriver: wired => new FlowDriver(wired, ask => rig.host.drive(ask)),
  clock: systemClock,
  onAir: () => false,
  picture: async () => ({}),
  touched: () => {},
  returned: async () => {},
  record: () => {},
})
const anna: Actor = { kind: 'user', name: 'anna', role: 'operator' }
const ptz = (body: PtzRequest) =>
  heads.operations().movePtz?.({ params: { id: 'cam' }, query: {}, body, actor: anna }) as Promise<PtzState>

rig.started = () => heads.flowReturned()

beforeAll(async () => {
  await rig.start()
  await rig.ready()
  await statuses.start()
  await rig.until('the wiring', () => rig.wirings.at(-1)?.drivers)
  heads.sync()
  await rig.until('the camera is reached', () => heads.find('cam')?.state().position)
})
afterAll(async () => {
  statuses.stop()
  await heads.stop()
  await rig.stop()
  await camera.stop()
})
beforeEach(() => {
  camera.trouble = undefined
})

test('the editor offers the example for import, and says of which camera it is', async () => {
  const { body } = await rig.get('/editor/library/examples/flows/@vistter/nodes/ptz-over-http')
  expect(JSON.parse(body)).toEqual(example)
  const able = { continuous: true, absolute: true, position: true, moveStatus: true, presets: 0 }
  expect(rig.wirings.at(-1)?.drivers).toEqual([{ camera: 'Quay', ...able }])
  rig.publish({ cameras: [{ id: 'cam', name: 'Quay', status: 'online', moving: true, ptz: { reachable: true } }] })
  expect(await statuses.of('http-ptz-driver', 'moving')).toMatchObject({ fill: 'blue' })
  // Two nodes cannot move one camera.
  expect(await statuses.of('second', 'CONFLICT')).toMatchObject({ fill: 'red' })
})

test('it is steered, and stands when nobody holds the stick any more', async () => {
  await ptz({ move: { pan: 0.5, tilt: -0.2 } })
  await rig.until('it moves', () => camera.moving)
  await rig.until('it stands', () => !camera.moving, 3_000)
  expect(camera.asked.filter(what => what === 'stop')).not.toEqual([])
  expect(camera.position.pan).toBeGreaterThan(0.01)
  expect(camera.position.tilt).toBeLessThan(-0.001)
})

test("what the camera refuses is told, and what nobody asked for is nobody's", async () => {
  const stop = (name: string) => rig.host.drive({ camera: name, command: 'stop', params: {} })
  camera.trouble = 500
  await expect(ptz({ to: { pan: 0, tilt: 0, zoom: 0 } })).rejects.toMatchObject({ code: 'PTZ_REFUSED' })
  camera.trouble = 401
  const detail = 'The camera answered with status 401.'
  expect(await stop('Quay')).toEqual({ fault: { code: 'PTZ_AUTH', detail } })
  camera.trouble = undefined
  // A message that answers nothing harms nobody.
  await rig.press('inject')
  expect(await stop('Quay')).toMatchObject({ value: { moving: false } })
  expect(await stop('Nobody')).toMatchObject({ fault: { code: 'PTZ_NO_FLOW' } })
  await rig.press('inject')
  expect(await statuses.of('http-ptz-driver', 'BAD_REQUEST')).toMatchObject({ fill: 'red' })
})

test('Node-RED dies while the camera moves: the camera is stopped when it is back, and can be moved again', async () => {
  await rig.until('the camera is reached', () => heads.head('cam').reachable)
  await ptz({ move: { pan: -0.05 } })
  process.kill(rig.host.state().pid ?? 0, 'SIGKILL')
  await rig.until('it is known', () => heads.head('cam').state().error?.code === 'PTZ_NO_FLOW')
  await expect(ptz({ move: { pan: 0.1 } })).rejects.toMatchObject({ code: 'PTZ_NO_FLOW' })
  expect(camera.moving).toBe(true)
  const before = rig.wirings.length
  await rig.until('it is back', () => heads.head('cam').reachable)
  await rig.until('it stands', () => !camera.moving, 3_000)
  await ptz({ to: { pan: 0.1, tilt: 0, zoom: 0 } })
  await rig.until('it is there', () => Math.abs(camera.position.pan - 0.1) < 0.001)
  expect(rig.wirings).toHaveLength(before)
})
