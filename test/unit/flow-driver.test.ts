import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { Asks } from '../../nodes/vistter-ptz-driver/asks.ts'
import { VistterError } from '../../runtime/contract/errors.ts'
import type { DriverAnswer, DriverAsk } from '../../runtime/contract/flow.ts'
import { FlowDriver } from '../../runtime/control/cameras/flow/driver.ts'

const ABLE = { camera: 'Quay', continuous: true, absolute: true, position: true, moveStatus: true, presets: 9 }
const HOME = { pan: 0, tilt: 0, zoom: 0 }

const asked: DriverAsk[] = []
let answers: Partial<Record<DriverAsk['command'], unknown>> = {}
/** A flow that answers what the test says, and true to everything else. */
const flow = async (ask: DriverAsk): Promise<DriverAnswer> => {
  asked.push(ask)
  const { [ask.command]: value = true } = answers
  if (value instanceof Error) throw value
  return typeof value === 'object' && value !== null && 'fault' in value ? (value as DriverAnswer) : { value }
}
const driver = new FlowDriver(ABLE, flow)

beforeEach(() => {
  asked.length = 0
  answers = { position: HOME }
})
const commands = () => asked.map(({ command }) => command)
const failing = (code: string) => expect.objectContaining({ code })

test('each thing it is told is a message of its own', async () => {
  answers = {
    position: { pan: 0.5, tilt: -1.004 },
    moving: false,
    savePreset: 3,
    presets: [{ token: 3 }, { token: 'x', name: 'Y' }],
  }
  await driver.connect()
  expect(await driver.position()).toEqual({ pan: 0.5, tilt: -1, zoom: 0 })
  expect(await driver.moving()).toBe(false)
  expect(await driver.savePreset('Door')).toBe('3')
  expect(await driver.presets()).toEqual([
    { token: '3', name: '3' },
    { token: 'x', name: 'Y' },
  ])
  await driver.recall('3')
  await driver.removePreset('3')
  await driver.goTo(HOME)
  expect(asked.slice(-3).map(({ command, params }) => [command, params])).toEqual([
    ['recall', { token: '3' }],
    ['removePreset', { token: '3' }],
    ['goTo', HOME],
  ])
  expect(new Set(asked.map(({ camera }) => camera))).toEqual(new Set(['Quay']))
})

test('what it cannot do is not asked of the flow', async () => {
  const nothing = new FlowDriver(
    { ...ABLE, continuous: false, absolute: false, position: false, moveStatus: false, presets: 0 },
    flow,
  )
  await nothing.connect()
  await nothing.stop()
  expect(await nothing.moving()).toBeUndefined()
  for (const told of [
    nothing.move(HOME),
    nothing.goTo(HOME),
    nothing.position(),
    nothing.presets(),
    nothing.savePreset('x'),
  ])
    await expect(told).rejects.toThrow(failing('PTZ_UNSUPPORTED'))
  expect(commands()).toEqual(['connect'])
})

test.each([
  ['position', 'here', 'PTZ_BAD_ANSWER'],
  ['position', { pan: '0.5' }, 'PTZ_BAD_ANSWER'],
  ['position', { pan: 170 }, 'PTZ_BAD_ANSWER'],
  ['position', { zoom: Number.NaN }, 'PTZ_BAD_ANSWER'],
  ['position', null, 'PTZ_BAD_ANSWER'],
  ['position', [0, 0, 0], 'PTZ_BAD_ANSWER'],
  ['position', { fault: { code: 'PTZ_AUTH', detail: 'no' } }, 'PTZ_AUTH'],
  ['position', { fault: { code: 'INTERNAL', detail: 'no' } }, 'PTZ_REFUSED'],
  ['position', { fault: { code: 'PTZ_WHATEVER', detail: 'no' } }, 'PTZ_REFUSED'],
  ['position', new VistterError('PTZ_NO_FLOW', 'nobody'), 'PTZ_NO_FLOW'],
  ['moving', 'IDLE', 'PTZ_BAD_ANSWER'],
  ['presets', { 1: 'Door' }, 'PTZ_BAD_ANSWER'],
  ['presets', [{ name: 'Door' }], 'PTZ_BAD_ANSWER'],
] as const)('%s answered with %j is an error', async (command, value, code) => {
  answers = { [command]: value }
  await expect(driver[command]()).rejects.toThrow(failing(code))
})

test('a camera that was left moving is stopped at the next connection, and only then', async () => {
  await driver.move({ pan: 1, tilt: 0, zoom: 0 })
  answers = { stop: new VistterError('PTZ_NO_FLOW', 'nobody') }
  await expect(driver.stop()).rejects.toThrow(failing('PTZ_NO_FLOW'))
  answers = { position: HOME }
  asked.length = 0
  await driver.connect()
  await driver.connect()
  expect(commands()).toEqual(['connect', 'stop', 'position', 'connect', 'position'])
})

describe('time', () => {
  beforeEach(() => {
    vi.useFakeTimers()
  })
  afterEach(() => {
    vi.useRealTimers()
  })

  test('a flow host that does not answer is given up after 5 s', async () => {
    const silent = new FlowDriver(ABLE, () => new Promise(() => {}))
    const failed = expect(silent.goTo(HOME)).rejects.toThrow(failing('PTZ_TIMEOUT'))
    await vi.advanceTimersByTimeAsync(5_000)
    await failed
  })

  test('the node waits for each answer by itself, in any order, and a little less long', async () => {
    const asks = new Asks()
    const ids: number[] = []
    const ask = (command: string) => asks.open(command, id => ids.push(id))
    const [one, two, three] = [ask('position'), ask('moving'), ask('stop')]
    asks.answer({ payload: false, ptz: { id: ids[1] } })
    asks.answer({ payload: HOME, ptz: { id: ids[0] }, statusCode: 200 })
    expect(await Promise.all([one, two])).toEqual([HOME, false])
    const late = expect(three).rejects.toThrow('did not answer stop within 4.5 s')
    await vi.advanceTimersByTimeAsync(4_500)
    await late
    // Late, or twice: nobody waits for it, and nobody is hurt.
    asks.answer({ payload: true, ptz: { id: ids[2] } })
    asks.answer({ payload: true, ptz: { id: ids[0] } })
    for (const stray of [{}, { ptz: 'x' }, { ptz: { id: 99 } }, { ptz: { id: '1' } }])
      expect(() => asks.answer(stray)).toThrow(failing('BAD_REQUEST'))
    const four = expect(ask('goTo')).rejects.toThrow(failing('PTZ_NO_FLOW'))
    asks.end()
    await four
    expect(vi.getTimerCount()).toBe(0)
  })

  test.each([
    [{ statusCode: 404 }, 'PTZ_UNSUPPORTED'],
    [{ statusCode: 403 }, 'PTZ_AUTH'],
    [{ statusCode: '500' }, 'PTZ_REFUSED'],
    [{ statusCode: 'ECONNREFUSED' }, 'PTZ_UNREACHABLE'],
    [{ statusCode: 'ESOCKETTIMEDOUT' }, 'PTZ_TIMEOUT'],
    [{ error: { message: 'no', source: {} } }, 'PTZ_REFUSED'],
    [{ error: { message: 'no', code: 'PTZ_PRESET_MISSING' } }, 'PTZ_PRESET_MISSING'],
    [{ error: { message: 'no', code: 'ENOENT' }, statusCode: 200 }, 'PTZ_REFUSED'],
    [{ error: 'out of order' }, 'PTZ_REFUSED'],
    [{ error: new Error('thrown') }, 'PTZ_REFUSED'],
    [{ error: 7 }, 'PTZ_REFUSED'],
  ])('an answer with %j failed as %s', async (more, code) => {
    const asks = new Asks()
    let id = 0
    const asked = asks.open('recall', given => {
      id = given
    })
    asks.answer({ ...more, payload: 'x', ptz: { id } })
    await expect(asked).rejects.toThrow(failing(code))
  })
})
