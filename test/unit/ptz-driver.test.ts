import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { VistterError } from '../../runtime/contract/errors.ts'
import { Discovery } from '../../runtime/control/cameras/discovery/discovery.ts'
import { OnvifDriver } from '../../runtime/control/cameras/onvif/driver.ts'
import { systemClock } from '../../runtime/lib/clock.ts'
import type { Nonsense } from '../peers/ptz/faults.ts'
import { PtzCamera } from '../peers/ptz-camera.ts'
import { until } from '../peers/run.ts'

/** Our driver and a camera that moves as real ones do. No picture: nothing of GStreamer. */
const camera = new PtzCamera({ picture: false, discoveryPort: 0, address: '127.0.0.51' })
beforeAll(() => camera.start())
afterAll(() => camera.stop())
beforeEach(() => {
  for (const fault of Object.keys(camera.faults)) delete camera.faults[fault as keyof typeof camera.faults]
  camera.presets.wipe()
  camera.turn({ pan: 0, tilt: 0, zoom: 0 })
})

const target = () => {
  const { address: host, port, username, password } = camera
  return { host, port, username, password }
}
async function connected(): Promise<OnvifDriver> {
  const driver = new OnvifDriver(target(), systemClock)
  await driver.connect()
  return driver
}
const rest = (driver: OnvifDriver) => until('it stands', async () => (await driver.moving()) === false)
const failing = (code: string) => expect.objectContaining({ code })

test('a camera goes where it is sent, and says where it is and whether it moves', async () => {
  const driver = await connected()
  expect(driver.capabilities).toMatchObject({ absolute: true, continuous: true, presets: 128, moveStatus: true })
  await driver.goTo({ pan: 0.3, tilt: -0.2, zoom: 0.4 })
  expect(await driver.moving()).toBe(true)
  await rest(driver)
  expect(await driver.position()).toEqual({ pan: 0.3, tilt: -0.2, zoom: 0.4 })
  expect(camera.position.pan).toBeCloseTo(0.3, 4)
})

test('it is steered and stopped, and stops by itself when it hears no more', async () => {
  const driver = await connected()
  await driver.move({ pan: -0.5, tilt: 0, zoom: 1 })
  await until('it moves', () => camera.position.pan < 0 && camera.position.zoom > 0)
  await driver.stop()
  await until('it stands', () => !camera.moving)
  await driver.move({ pan: 0.1, tilt: 0.1, zoom: 0 })
  const begun = performance.now()
  await until('it stands', () => !camera.moving)
  expect(performance.now() - begun).toBeLessThan(2_000)
})

test('its presets keep their tokens, whatever they look like and are called', async () => {
  const driver = await connected()
  Object.assign(camera.faults, { tokens: 'decimal', presetName: 'Preset', presetSlots: 2 })
  camera.turn({ pan: 0.25, tilt: 0.125, zoom: 0.5 })
  const token = await driver.savePreset('Pulpit & <Altar>')
  expect(token).toBe('1.10')
  expect(await driver.savePreset('Organ')).toBe('2.10')
  const position = { pan: 0.25, tilt: 0.125, zoom: 0.5 }
  expect(await driver.presets()).toEqual([
    { token: '1.10', name: 'Preset', position },
    { token: '2.10', name: 'Preset', position },
  ])
  await expect(driver.savePreset('one more')).rejects.toThrow(failing('PTZ_PRESETS_FULL'))
  camera.turn({ pan: 0.2, tilt: 0.1, zoom: 0.45 })
  await driver.recall(token)
  await rest(driver)
  expect(await driver.position()).toEqual(position)
  await driver.removePreset(token)
  await expect(driver.recall(token)).rejects.toThrow(failing('PTZ_PRESET_MISSING'))
})

test('what it does not tell is not made up', async () => {
  Object.assign(camera.faults, { noMoveStatus: true, noPosition: true, noAbsoluteMove: true })
  const driver = await connected()
  expect(driver.capabilities).toMatchObject({ absolute: false, moveStatus: false })
  expect(await driver.moving()).toBeUndefined()
  await expect(driver.position()).rejects.toThrow(failing('PTZ_UNSUPPORTED'))
  await expect(driver.goTo({ pan: 0, tilt: 0, zoom: 0 })).rejects.toThrow(failing('PTZ_UNSUPPORTED'))
})

test('a restart into another time needs no new driver; a wrong password is told', async () => {
  const driver = await connected()
  await camera.stop()
  await expect(driver.presets()).rejects.toThrow(failing('PTZ_UNREACHABLE'))
  camera.faults.clockAheadMs = -90 * 60_000
  await camera.start()
  expect(await driver.presets()).toEqual([])
  const stranger = new OnvifDriver({ ...target(), password: 'wrong' }, systemClock)
  await expect(stranger.connect()).rejects.toThrow(failing('PTZ_AUTH'))
})

test('nonsense in any answer is understood or told, and over with the next right one', async () => {
  const driver = await connected()
  const kinds: Nonsense[] = ['odd-prefixes', 'empty', 'truncated', 'hollow', 'html', 'error', 'reset']
  const everything: (() => Promise<unknown>)[] = [
    ...[
      () => driver.connect(),
      () => driver.position(),
      () => driver.moving(),
      () => driver.presets(),
      () => driver.stop(),
    ],
    ...[() => driver.savePreset('a'), () => driver.recall('Preset_1'), () => driver.removePreset('Preset_1')],
    ...[() => driver.goTo({ pan: 0, tilt: 0, zoom: 0 }), () => driver.move({ pan: 1, tilt: 0, zoom: 0 })],
  ]
  const refusals = new Map<Nonsense, number>()
  for (const nonsense of kinds) {
    camera.faults.nonsense = nonsense
    const ends = await Promise.allSettled(everything.map(run => run()))
    const reasons = ends.flatMap(end => (end.status === 'rejected' ? [end.reason] : []))
    for (const reason of reasons) expect(reason).toBeInstanceOf(VistterError)
    refusals.set(nonsense, reasons.length)
    delete camera.faults.nonsense
    await driver.connect()
    camera.presets.wipe()
  }
  // Prefixes mean nothing to us; the two presets that are asked for do not exist.
  expect(refusals.get('odd-prefixes')).toBeLessThanOrEqual(2)
  for (const nonsense of ['empty', 'truncated', 'html', 'error', 'reset'] as const)
    expect(refusals.get(nonsense), nonsense).toBe(everything.length)
})

test('cameras are found however they answer who looks for them', async () => {
  const cameras = [52, 53, 54, 55, 56].map(
    n =>
      new PtzCamera({
        name: `Camera ${n}`,
        picture: false,
        address: `127.0.0.${n}`,
        port: camera.port,
        discoveryPort: 37_021,
      }),
  )
  const answers = ['three-times', 'malformed', 'printer', 'silent', undefined] as const
  for (const [index, one] of cameras.entries()) {
    const discovery = answers[index]
    if (discovery) one.faults.discovery = discovery
  }
  await Promise.all(cameras.map(one => one.start()))
  try {
    const discovery = new Discovery({
      ...{ clock: systemClock, interfaces: () => ['127.0.0.1'], port: 37_021, ports: [camera.port], answerMs: 800 },
    })
    const found = await discovery.discover('127.0.0.52-60')
    expect(found.map(({ host }) => host)).toEqual(cameras.map(({ address }) => address))
    expect(found[0]).toMatchObject({ name: expect.stringContaining('Camera 52'), port: camera.port })
    expect(found[0]?.xaddr).toBe(`${cameras[0]?.origin}/onvif/device_service`)
  } finally {
    await Promise.all(cameras.map(one => one.stop()))
  }
})
