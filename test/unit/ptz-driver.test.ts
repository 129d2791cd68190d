import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { Discovery } from '../../runtime/control/cameras/discovery/discovery.ts'
import { OnvifDriver } from '../../runtime/control/cameras/onvif/driver.ts'
import { systemClock } from '../../runtime/lib/clock.ts'
import { PtzCamera } from '../peers/ptz-camera.ts'

/** What the driver says of a camera that cannot, and how cameras are found. Without a picture: nothing of GStreamer. */
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
const failing = (code: string) => expect.objectContaining({ code })

test('a preset that has no room, or is not there, is told by its own code', async () => {
  const driver = await connected()
  camera.faults.presetSlots = 1
  camera.turn({ pan: 0.25, tilt: 0.125, zoom: 0.5 })
  const token = await driver.savePreset('Pulpit')
  expect(await driver.presets()).toEqual([{ token, name: 'Pulpit', position: { pan: 0.25, tilt: 0.125, zoom: 0.5 } }])
  await expect(driver.savePreset('one more')).rejects.toThrow(failing('PTZ_PRESETS_FULL'))
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
