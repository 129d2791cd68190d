import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { VistterError } from '../../runtime/contract/errors.ts'
import { OnvifDriver } from '../../runtime/control/cameras/onvif/driver.ts'
import { systemClock } from '../../runtime/lib/clock.ts'
import { PtzCamera } from '../peers/ptz-camera.ts'
import { until } from '../peers/run.ts'

/** The ONVIF driver and a camera whose head really moves, with all that such cameras get wrong. */
const camera = new PtzCamera({ picture: false, discoveryPort: 0, address: '127.0.0.45' })
beforeAll(() => camera.start())
afterAll(() => camera.stop())
beforeEach(() => {
  for (const fault of Object.keys(camera.faults)) delete camera.faults[fault as keyof typeof camera.faults]
  camera.presets.wipe()
  camera.turn({ pan: 0, tilt: 0, zoom: 0 })
})

async function connected(): Promise<OnvifDriver> {
  const { address: host, port, username, password } = camera
  const driver = new OnvifDriver({ host, port, username, password }, systemClock)
  await driver.connect()
  return driver
}

const code = (error: unknown) => (error instanceof VistterError ? error.code : error)

test('goes where it is sent and says so on the way and there', async () => {
  const driver = await connected()
  expect(driver.capabilities).toMatchObject({ absolute: true, continuous: true, moveStatus: true, presets: 128 })
  await driver.goTo({ pan: 0.3, tilt: -0.2, zoom: 0.25 })
  expect(await driver.moving()).toBe(true)
  await until('it says that it stands', async () => !(await driver.moving()))
  expect(camera.moving).toBe(false)
  const { pan, tilt, zoom } = await driver.position()
  expect([pan, tilt, zoom].map(value => value.toFixed(5))).toEqual(['0.30000', '-0.20000', '0.25000'])
})

test('a move that nobody renews or stops ends within the time that the camera was given', async () => {
  const driver = await connected()
  await driver.move({ pan: 0.5, tilt: 0, zoom: 0 })
  const began = camera.now()
  await until('it stands', () => !camera.moving)
  expect(camera.now() - began).toBeLessThan(1_600)
  expect(camera.position.pan).toBeGreaterThan(0.3)
  await driver.move({ pan: -1, tilt: 0.2, zoom: 0.2 })
  await driver.stop()
  await until('it stands again', () => !camera.moving)
  expect(camera.asked.at(-1)?.action).toBe('Stop')
})

test('presets keep their tokens letter by letter, also where all have one name, until the camera forgets them', async () => {
  const driver = await connected()
  Object.assign(camera.faults, { tokens: 'decimal', presetName: 'Preset', presetSlots: 2 })
  camera.turn({ pan: -0.1, tilt: 0.05, zoom: 0 })
  const first = await driver.savePreset('Altar & <choir>')
  camera.turn({ pan: 0.1, tilt: 0, zoom: 0 })
  const second = await driver.savePreset('Pulpit')
  expect([first, second].every(token => token.endsWith('.10'))).toBe(true)
  expect((await driver.presets()).map(({ token, name }) => [token, name])).toEqual([
    [first, 'Preset'],
    [second, 'Preset'],
  ])
  await expect(driver.savePreset('Organ')).rejects.toBeInstanceOf(VistterError)
  await driver.recall(first)
  await until('it has arrived', () => !camera.moving)
  expect(camera.position).toEqual({ pan: -0.1, tilt: 0.05, zoom: 0 })
  await driver.removePreset(second)
  delete camera.faults.presetName
  expect((await driver.presets()).map(({ name }) => name)).toEqual(['Altar & <choir>'])
  await camera.reboot({ wiped: true })
  expect(await driver.presets()).toEqual([])
  await expect(driver.recall(first)).rejects.toBeInstanceOf(VistterError)
})

test('a camera that knows plain names only, and none of them twice, keeps what is called otherwise all the same', async () => {
  const driver = await connected()
  camera.faults.plainNames = true
  const names = ['Altar', 'Altar', 'Ältar & <choir>', '圣坛', 'x'.repeat(100)]
  const tokens: string[] = []
  for (const name of names) tokens.push(await driver.savePreset(name))
  const kept = await driver.presets()
  expect(kept.map(({ token }) => token)).toEqual(tokens)
  const called = ['Altar', /^Altar-\w{4}$/, /^Altar-choir-\w{4}$/, /^Preset-\w{4}$/, /^x{24}-\w{4}$/]
  for (const [n, name] of called.entries()) expect(kept[n]?.name).toMatch(name)
  camera.faults.presetSlots = names.length
  await expect(driver.savePreset('One & more')).rejects.toThrow(expect.objectContaining({ code: 'PTZ_PRESETS_FULL' }))
})

test('a clock that is wrong, or becomes wrong, and a camera that says little are no obstacle', async () => {
  camera.faults.clockAheadMs = 5_400_000
  const driver = await connected()
  camera.faults.clockAheadMs = -86_400_000
  expect(await driver.position()).toEqual({ pan: 0, tilt: 0, zoom: 0 })
  Object.assign(camera.faults, { noMoveStatus: true, noAbsoluteMove: true })
  const poor = await connected()
  expect(poor.capabilities).toMatchObject({ absolute: false, moveStatus: false })
  expect(await poor.moving()).toBeUndefined()
  camera.faults.noPosition = true
  await expect(poor.position()).rejects.toBeInstanceOf(VistterError)
})

test('whatever nonsense it hears, it ends in time with a fault that has a name, and sense is heard again', async () => {
  const driver = await connected()
  // One that hangs is asked in the driver's own test.
  const kinds = ['empty', 'truncated', 'hollow', 'html', 'error', 'reset'] as const
  for (const nonsense of kinds) {
    camera.faults.nonsense = nonsense
    const began = systemClock.mono()
    const asked = [driver.position(), driver.moving(), driver.presets(), driver.savePreset('X'), connected()]
    const outcomes = await Promise.allSettled(asked)
    expect(systemClock.mono() - began).toBeLessThan(5_500)
    const reasons = outcomes.flatMap(outcome => (outcome.status === 'rejected' ? [outcome.reason] : []))
    expect(reasons.filter(reason => !(reason instanceof VistterError))).toEqual([])
    // An answer with nothing in it is a list without presets, and a camera that does not say whether it moves.
    if (nonsense !== 'hollow') expect(reasons.map(code)).toHaveLength(asked.length)
    delete camera.faults.nonsense
    expect(await driver.position()).toEqual({ pan: 0, tilt: 0, zoom: 0 })
  }
  // Prefixes are nothing that a camera should fail for.
  camera.faults.nonsense = 'odd-prefixes'
  expect(await driver.position()).toEqual({ pan: 0, tilt: 0, zoom: 0 })
})
