import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import type { PtzRequest, PtzState } from '../../runtime/contract/generated/openapi.v1.ts'
import { OnvifDriver } from '../../runtime/control/cameras/onvif/driver.ts'
import { Heads } from '../../runtime/control/cameras/ptz/heads.ts'
import type { Actor, NewEvent } from '../../runtime/control/ports.ts'
import { systemClock } from '../../runtime/lib/clock.ts'
import { PtzCamera } from '../peers/ptz-camera.ts'
import { until } from '../peers/run.ts'

/** Cameras moved through the API's operation, against a head that really moves. */
const camera = new PtzCamera({ picture: false, discoveryPort: 0, address: '127.0.0.46' })
beforeAll(() => camera.start())
afterAll(() => camera.stop())

const anna: Actor = { kind: 'user', name: 'anna', role: 'operator' }
const ben: Actor = { kind: 'user', name: 'ben', role: 'operator' }
const flow: Actor = { kind: 'flow', name: 'the flow', role: 'operator' }

let heads: Heads
let onAir = false
let events: NewEvent[] = []
let returned = 0
beforeEach(async () => {
  camera.turn({ pan: 0, tilt: 0, zoom: 0 })
  onAir = false
  events = []
  returned = 0
  const { address: host, port, username, password } = camera
  heads = new Heads({
    cameras: () => [{ id: 'cam', name: 'Quay', target: { host, port, username, password } }],
    driverFor: target => new OnvifDriver(target, systemClock),
    flowDriver: () => {
      throw new Error('no flow')
    },
    clock: systemClock,
    picture: async () => ({}),
    onAir: () => onAir,
    touched: () => {},
    returned: async () => void returned++,
    record: event => events.push(event),
  })
  heads.sync()
  await until('the camera is reached', () => heads.find('cam')?.state().position)
})
afterEach(() => heads.stop())

const ptz = (body: PtzRequest, actor = anna) =>
  heads.operations().movePtz?.({ params: { id: 'cam' }, query: {}, body, actor }) as Promise<PtzState>
const stands = () => until('it stands', () => !camera.moving, { everyMs: 5 })
const failing = (code: string) => expect.objectContaining({ code })

test('a move goes on while it is renewed, and the camera stands half a second after the last renewal', async () => {
  const begun = camera.now()
  let renewed = begun
  while (renewed - begun < 1_200) {
    await ptz({ move: { pan: 0.2 } })
    renewed = camera.now()
    await new Promise(resolve => setTimeout(resolve, 150))
    expect(camera.moving).toBe(true)
  }
  await stands()
  // The head itself needs a moment to come to rest.
  expect(camera.now() - renewed).toBeLessThan(650)
  expect(camera.asked.at(-1)?.action).not.toBe('ContinuousMove')
  await until('the state knows where it stands', () => {
    const { moving, position } = heads.head('cam').state()
    return !moving && position && Math.abs(position.pan - camera.position.pan) < 0.001
  })
})

test('it stops at once when it is told to, and when the appliance stops', async () => {
  await ptz({ move: { tilt: 0.3, zoom: 0.2 } })
  await ptz({ stop: true })
  await stands()
  await ptz({ move: { pan: -0.3 } })
  expect(camera.moving).toBe(true)
  await heads.stop()
  expect(camera.asked.at(-1)?.action).toBe('Stop')
  await stands()
})

test('one moves it at a time: the next operator hears who, a cue takes it away', async () => {
  const moved = await ptz({ to: { pan: 0.1, tilt: 0, zoom: 0 } })
  expect(moved).toMatchObject({ reachable: true, heldBy: 'anna', heldUntil: expect.stringMatching(/Z$/) })
  const held = { code: 'PTZ_HELD', status: 409, extra: { heldBy: 'anna', heldUntil: expect.any(String) } }
  await expect(ptz({ move: { pan: 1 } }, ben)).rejects.toThrow(expect.objectContaining(held))
  await expect(ptz({ stop: true }, ben)).rejects.toThrow(failing('PTZ_HELD'))
  expect(await ptz({ to: { pan: 0, tilt: 0, zoom: 0 } }, flow)).toMatchObject({ heldBy: 'the flow' })
  await expect(ptz({ move: { pan: 1 } })).rejects.toThrow(failing('PTZ_HELD'))
  await expect(ptz({})).rejects.toThrow(failing('BAD_REQUEST'))
  await expect(ptz({ stop: true, move: {} }, flow)).rejects.toThrow(failing('BAD_REQUEST'))
})

test('on air it moves by a cue, or when somebody insists, which is written down once', async () => {
  onAir = true
  await expect(ptz({ move: { pan: 0.1 } })).rejects.toThrow(failing('PTZ_ON_AIR'))
  expect(camera.moving).toBe(false)
  await ptz({ move: { pan: 0.1 }, override: true })
  await ptz({ move: { pan: 0.1 }, override: true })
  expect(events.map(({ type, actor }) => [type, actor])).toEqual([['ptz.on-air', 'anna']])
  await ptz({ move: { pan: -0.1 } }, flow)
  await stands()
})

test('a camera that was away is found again, and says meanwhile why nothing moves', async () => {
  await camera.stop()
  await expect(ptz({ move: { pan: 0.1 } })).rejects.toThrow(failing('PTZ_UNREACHABLE'))
  expect(heads.head('cam').state()).toMatchObject({
    reachable: false,
    moving: false,
    error: { code: 'PTZ_UNREACHABLE' },
  })
  await camera.start()
  await until('it is back', () => heads.head('cam').state().reachable)
  expect(returned).toBe(2)
  expect(await ptz({ to: { pan: 0, tilt: 0.1, zoom: 0 } })).toMatchObject({ reachable: true })
  expect(() => heads.head('other')).toThrow(failing('PTZ_UNSUPPORTED'))
})
