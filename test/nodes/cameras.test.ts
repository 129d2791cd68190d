import { readFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { VistterError } from '../../runtime/contract/errors.ts'
import type { FlowState } from '../../runtime/contract/flow.ts'
import { projectRoot } from '../../runtime/lib/project.ts'
import { validateOcl } from '../../runtime/ocl/index.ts'
import { FlowHostRig, type FlowNode } from '../peers/flow-host.ts'
import { FlowStatuses } from '../peers/flow-statuses.ts'
import { camerasFlow } from './cameras-flow.ts'

type CameraState = FlowState['cameras'][number]

/** A program of somebody else's that wants to know when a camera is away. */
const hooked: unknown[] = []
const hook: Server = createServer((req, res) => {
  text(req).then(body => {
    hooked.push(JSON.parse(body))
    res.end()
  })
})
await new Promise<void>(resolve => hook.listen(0, '127.0.0.1', resolve))
const HOOK = `http://127.0.0.1:${(hook.address() as AddressInfo).port}`

const example = (name: string) =>
  JSON.parse(readFileSync(join(projectRoot(), 'flows', 'examples', `${name}.json`), 'utf8')) as FlowNode[]
const hurried = [
  { name: 'WEBHOOK_URL', value: HOOK, type: 'str' },
  { name: 'HOLD_OFF', value: '0.8', type: 'num' },
]
const examples = [
  ...example('shot-cue'),
  ...example('camera-watch').map(node => (node.type === 'tab' ? { ...node, env: hurried } : node)),
]

const rig = new FlowHostRig([...camerasFlow, ...examples])
const statuses = new FlowStatuses(rig)
beforeAll(async () => {
  await rig.start()
  await rig.ready()
  await statuses.start()
})
afterAll(async () => {
  statuses.stop()
  await rig.stop()
  hook.closeAllConnections()
  await new Promise(resolve => hook.close(resolve))
})
beforeEach(() => {
  rig.calls.length = 0
  rig.answer = async () => ({ ok: true })
})

/** What was asked of control. An example stores its overlay a second after each deploy, whatever is going on. */
const calls = () => rig.calls.filter(({ method }) => method !== 'overlay.put')

async function post(path: string, message: unknown): Promise<unknown> {
  const { body } = await fetch(`${rig.url}/${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(message),
    signal: AbortSignal.timeout(5_000),
  }).then(async response => ({ body: await response.json() }))
  return body
}

interface Told {
  topic: string
  camera: string
  payload: CameraState & { before?: string }
}
const told = async (): Promise<{ any: Told[]; pier: Told[] }> => JSON.parse((await rig.get('/told')).body)

const pier: CameraState = { id: 'c1', name: 'Pier', status: 'online', moving: false }
const bar: CameraState = { id: 'c2', name: 'Bar', status: 'online', moving: false }
const fault = { code: 'CAMERA_SILENT', detail: 'No picture.', hint: 'Wait.' }

/** What they are told next, once the nodes show it. */
async function publish(cameras: CameraState[], status: string): Promise<void> {
  rig.publish({ cameras })
  await statuses.of('pier', status)
}

test('what is so at the deploy is no change; what changes of its camera leaves by the second output', async () => {
  await publish([pier, bar], 'online')
  await publish([{ ...pier, moving: true, ptz: { reachable: true } }, bar], 'online · moving')
  const altar = { id: 'p1', name: 'Altar' }
  await publish([{ ...pier, preset: altar, ptz: { reachable: true } }, bar], 'online · Altar')
  await publish([{ ...pier, status: 'offline', error: fault }, bar], 'offline · CAMERA_SILENT')
  await publish([pier, { ...bar, status: 'frozen' }], 'online')
  await rig.until('all is told', async () => (await told()).any.length === 6)
  const { any, pier: mine } = await told()
  const of = (told: Told[]) => told.map(({ topic, camera }) => `${camera} ${topic}`)
  expect(of(any)).toEqual(['c1 moving', 'c1 standing', 'c1 preset', 'c1 offline', 'c1 online', 'c2 frozen'])
  expect(of(mine)).toEqual(of(any).slice(0, 5))
  expect(mine[2]?.payload).toMatchObject({ name: 'Pier', status: 'online', preset: altar })
  expect(mine[3]?.payload).toMatchObject({ status: 'offline', before: 'online', error: fault })
})

test('a camera that is deleted and comes back is told, and nothing falls over', async () => {
  const before = (await told()).any.length
  await publish([], 'no camera is called Pier')
  await publish([pier, bar], 'online')
  await rig.until('all is told', async () => (await told()).any.length === before + 4)
  const topics = (await told()).any.slice(before).map(({ topic, camera }) => `${camera} ${topic}`)
  expect(topics).toEqual(['c1 removed', 'c2 removed', 'c1 added', 'c2 added'])
})

test('the camera that a message names is put on air by the program that the wire leads to', async () => {
  rig.answer = async () => ({ source: 'c2' })
  await post('any', { camera: 'Bar', payload: 'take' })
  const transition = { type: 'fade', duration: '500ms' }
  await post('any', { camera: { id: 'c1' }, payload: { take: { transition } } })
  await rig.until('both takes', () => calls().length >= 2)
  expect(calls()).toEqual([
    { method: 'program.take', params: { program: 'main', source: 'Bar' } },
    { method: 'program.take', params: { program: 'main', source: 'c1', transition } },
  ])
  // A node with a camera of its own does not listen to the message.
  expect(await post('pier', { camera: 'Bar', payload: { take: true } })).toEqual({ take: { source: 'Pier' } })
})

test('it answers how its camera is, or how all are; other messages pass', async () => {
  await publish([pier, bar], 'online')
  expect(await post('pier', { payload: 'state' })).toEqual(pier)
  expect(await post('any', { payload: 'state', camera: 'Bar' })).toEqual(bar)
  expect(await post('any', { payload: 'state' })).toEqual([pier, bar])
  expect(await post('pier', { payload: { temperature: 21 } })).toEqual({ temperature: 21 })
  expect(await post('pier', { payload: { take: { source: 'slate' } } })).toEqual({ take: { source: 'slate' } })
  expect(calls().filter(({ method }) => method !== 'program.take')).toEqual([])
})

test.each([
  [{ payload: 'take' }, 'BAD_REQUEST'],
  [{ payload: 'take', camera: 7 }, 'BAD_REQUEST'],
  [{ payload: 'take', camera: { id: null } }, 'BAD_REQUEST'],
  [{ payload: { take: 'now' }, camera: 'Bar' }, 'BAD_REQUEST'],
  [{ payload: { take: [1] }, camera: 'Bar' }, 'BAD_REQUEST'],
  [{ payload: 'state', camera: 'Nowhere' }, 'UNKNOWN_REFERENCE'],
])('%j is refused with a code and what to do', async (message, code) => {
  expect(await post('any', message)).toMatchObject({ code, hint: expect.any(String) })
  expect(await statuses.of('any', code)).toMatchObject({ fill: 'red' })
})

test('a picture that is wired into a camera shows on it', async () => {
  expect(await statuses.of('pier-2', 'FEED_MISPLACED')).toMatchObject({ fill: 'red' })
})

describe('a camera sent to a preset', () => {
  const arrival = { arrived: true, ms: 1_234, camera: { id: 'c1', name: 'Pier' }, preset: { id: 'p1', name: 'Altar' } }
  const stands = { ...pier, ptz: { reachable: true }, preset: { id: 'p1', name: 'Altar' } }

  test('the message says where to and goes on when it is there, with what was measured', async () => {
    rig.answer = async () => arrival
    const way = 'arrived'
    const message = { camera: 'Pier', preset: 'shot-7', swing: 'slate', payload: { play: true } }
    expect(await post('goto', message)).toEqual({ way, arrival, payload: { play: true } })
    expect(await statuses.of('goto', 'Altar · arrived in 1.2 s')).toMatchObject({ fill: 'green', shape: 'dot' })
    expect(await post('goto', { camera: { id: 'c1' }, preset: { id: 'p1' } })).toMatchObject({ way })
    expect(await post('goto', { preset: 'shot-7', swing: { cutaway: 'Bar' } })).toMatchObject({ way })
    expect(await post('altar', { camera: 'Bar', preset: 'Door' })).toMatchObject({ way })
    expect(calls().map(({ method, params }) => [method, params])).toEqual([
      ['preset.goto', { camera: 'Pier', preset: 'shot-7', swing: 'slate' }],
      ['preset.goto', { camera: 'c1', preset: 'p1', swing: 'freeze' }],
      ['preset.goto', { preset: 'shot-7', swing: { cutaway: 'Bar' } }],
      ['preset.goto', { camera: 'Pier', preset: 'Altar', swing: { cutaway: 'Bar' } }],
    ])
  })

  test('it shows that it is on its way, that it arrived, and that somebody moved it away', async () => {
    const journey = Promise.withResolvers<Record<string, unknown>>()
    rig.answer = async method => (method === 'preset.goto' ? journey.promise : {})
    const answer = post('altar', {})
    expect(await statuses.of('altar', '→ Altar')).toMatchObject({ fill: 'blue' })
    journey.resolve(arrival)
    await answer
    await statuses.of('altar', 'arrived in 1.2 s')
    await publish([stands, bar], 'online · Altar')
    await publish([{ ...pier, ptz: { reachable: true } }, bar], 'online')
    expect(await statuses.of('altar', 'Altar · moved since')).toMatchObject({ fill: 'grey' })
  })

  test('what does not arrive leaves by the other output with why, also when nothing was tried', async () => {
    const error = { code: 'PTZ_NOT_ARRIVED', detail: 'After 5 s it was elsewhere.', hint: 'Go there once more.' }
    rig.answer = async () => ({ ...arrival, arrived: false, error })
    expect(await post('altar', {})).toMatchObject({ way: 'failed', arrival: { arrived: false, error } })
    expect(await statuses.of('altar', 'PTZ_NOT_ARRIVED: After 5 s')).toMatchObject({ fill: 'red' })
    rig.answer = async () => {
      throw new VistterError('PTZ_HELD', 'The camera is held by the show.')
    }
    const held = { code: 'PTZ_HELD', detail: 'The camera is held by the show.', hint: expect.any(String) }
    expect(await post('altar', {})).toMatchObject({ way: 'failed', arrival: { arrived: false, error: held } })
    rig.answer = async () => arrival
    expect(await post('altar', {})).toMatchObject({ way: 'arrived' })
    await statuses.of('altar', 'arrived')
  })

  test.each([
    [{}],
    [{ preset: 7 }],
    [{ preset: ['Altar'] }],
    [{ preset: 'Altar', camera: 5 }],
    [{ preset: 'Altar', swing: 'sideways' }],
    [{ preset: 'Altar', swing: { cutaway: 7 } }],
  ])('%j fails as a message, not as a node', async message => {
    const error = { code: 'BAD_REQUEST', detail: expect.any(String), hint: expect.any(String) }
    expect(await post('goto', message)).toMatchObject({ way: 'failed', arrival: { arrived: false, error } })
    expect(calls()).toEqual([])
  })

  test('before the first message its status says whether the camera could be moved', async () => {
    await rig.deploy([...camerasFlow, ...examples])
    const told = (ptz?: CameraState['ptz']) => publish([{ ...pier, ...(ptz && { ptz }) }, bar], 'online')
    await told()
    expect(await statuses.of('altar', 'Pier cannot be moved')).toMatchObject({ fill: 'red' })
    await told({ reachable: false, error: { ...fault, code: 'PTZ_AUTH' } })
    expect(await statuses.of('altar', 'PTZ_AUTH')).toMatchObject({ fill: 'yellow' })
    await told({ reachable: true })
    expect(await statuses.of('altar', 'ready')).toMatchObject({ fill: 'grey' })
    expect(await statuses.of('nobody', 'NODE_SETTINGS: cutaway must name one')).toMatchObject({ fill: 'red' })
  })
})

describe('the examples', () => {
  test.each(['shot-cue', 'camera-watch'])('the editor offers %s for import', async name => {
    const { body } = await rig.get(`/editor/library/examples/flows/@vistter/nodes/${name}`)
    expect(JSON.parse(body)).toEqual(example(name))
  })

  test('a press sends the camera to its preset, then names the shot, then takes it; and stops where the camera does', async () => {
    await rig.press('shot-cue-document')
    const put = await rig.until('the overlay', () => rig.calls.at(-1))
    expect(put).toMatchObject({ method: 'overlay.put', params: { id: 'shot' } })
    const { document } = put.params as { document: unknown }
    expect(validateOcl(document)).toMatchObject({ ok: true, warnings: [] })

    const arrival = { arrived: true, ms: 900, camera: { id: 'c1', name: 'Pier' }, preset: { id: 'p1', name: 'Altar' } }
    rig.answer = async method => (method === 'preset.goto' ? arrival : {})
    await rig.press('shot-cue-altar')
    await rig.until('the take', () => calls().length >= 4)
    expect(calls()).toEqual([
      { method: 'preset.goto', params: { preset: 'Altar', swing: 'freeze' } },
      { method: 'data.put', params: { key: 'shot', value: 'Altar' } },
      { method: 'overlay.play', params: { id: 'shot' } },
      { method: 'program.take', params: { program: 'main', source: 'c1' } },
    ])
    rig.calls.length = 0
    rig.answer = async () => {
      throw new VistterError('PTZ_HELD', 'The camera is held by the show.')
    }
    await rig.press('shot-cue-choir')
    expect(await statuses.of('shot-cue-failed', 'held by the show')).toBeDefined()
    expect(calls().map(({ method }) => method)).toEqual(['preset.goto'])
  })

  test('a camera that is away for long is told, and that it is back; a blip is not', async () => {
    const away: CameraState = { ...pier, status: 'offline' }
    hooked.length = 0
    await publish([pier, bar], 'online')
    await publish([away, bar], 'offline')
    await publish([pier, bar], 'online')
    await publish([pier, { ...bar, status: 'frozen' }], 'online')
    await rig.until('the call', () => hooked.length > 0)
    expect(hooked).toEqual([{ camera: 'Bar', text: 'The camera Bar sends the same picture all the time.' }])
    await publish([pier, bar], 'online')
    await rig.until('that it is back', () => hooked.length > 1)
    expect(hooked.slice(1)).toEqual([{ camera: 'Bar', text: 'The camera Bar is back.' }])
  })
})
