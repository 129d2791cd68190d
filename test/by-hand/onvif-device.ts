import { parseArgs } from 'node:util'
import { asVistterError, VistterError } from '../../runtime/contract/errors.ts'
import { Discovery } from '../../runtime/control/cameras/discovery/discovery.ts'
import { OnvifDriver } from '../../runtime/control/cameras/onvif/driver.ts'
import { guessPort } from '../../runtime/control/cameras/onvif/greeting.ts'
import { apart } from '../../runtime/control/cameras/ptz/connection.ts'
import type { PtzPosition, PtzVelocity } from '../../runtime/control/cameras/ptz/driver.ts'
import { Head } from '../../runtime/control/cameras/ptz/head.ts'
import { sleep, systemClock } from '../../runtime/lib/clock.ts'

/**
 * What our ONVIF client makes of a device that this project did not write: `node test/by-hand/onvif-device.ts HOST [--port N]
 * [--user NAME]`, the password in the environment variable PASSWORD. It moves the camera, and leaves it where it was.
 */
const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: { port: { type: 'string' }, user: { type: 'string', default: 'admin' } },
})
const [host = '127.0.0.1'] = positionals
const password = process.env.PASSWORD ?? ''
const username = values.user
const BY = { name: 'by hand', rank: 'operator' } as const
let failed = 0

async function step(name: string, work: () => Promise<unknown>): Promise<void> {
  const begun = systemClock.mono()
  const told = (mark: string, what: unknown) => {
    const ms = Math.round(systemClock.mono() - begun)
    console.log(`${mark} ${name} (${ms} ms): ${typeof what === 'string' ? what : JSON.stringify(what)}`)
  }
  try {
    told('✓', await work())
  } catch (thrown) {
    failed++
    const { code, message } =
      thrown instanceof VistterError ? thrown : { code: 'NOT_AS_EXPECTED', message: `${thrown}` }
    told('✗', `${code}: ${message}`)
  }
}

const port = values.port === undefined ? await guessPort(host) : Number(values.port)
if (port === undefined) throw new Error(`no ONVIF service answers at ${host}`)
const driver = new OnvifDriver({ host, port, username, password }, systemClock)
const head = new Head({ driver, clock: systemClock, changed: () => {}, picture: async () => ({}), returned: () => {} })

await step('discovery', async () => {
  const found = await new Discovery({ clock: systemClock }).discover(host)
  const mine = found.find(device => device.host === host)
  if (!mine) throw new Error(`not among ${found.map(device => device.host).join(', ') || 'nobody'}`)
  return mine
})
await step('a wrong password is told', async () => {
  const stranger = new OnvifDriver({ host, port, username, password: `${password}?` }, systemClock)
  const code = await stranger.connect().then(
    () => 'nothing',
    thrown => asVistterError(thrown).code,
  )
  if (code !== 'PTZ_AUTH') throw new Error(`it said ${code}`)
  return code
})
await step('connection', async () => {
  await driver.connect()
  return { name: driver.device.name, ...driver.capabilities }
})
await step('pictures', async () => {
  const addresses = driver.device.profiles.map(({ token }) => driver.device.streamAddress(token))
  const told = await Promise.all(addresses)
  return driver.device.profiles.map((profile, n) => ({ ...profile, url: told[n] }))
})
void head.follow()
await head.ask(async () => {})
/** Undefined: the camera does not say. Then nothing here can know whether it moved, and the product looks at its picture. */
const place = () => driver.position().catch(() => undefined)
const home = await place()
await step('where it looks', async () => [
  home ?? 'it does not say where',
  (await driver.moving()) ?? 'it does not say whether it moves',
])
const goTo = async (position: PtzPosition) => {
  const begun = systemClock.mono()
  const there = await (await head.go(BY, { position })).arrival
  return { position: there, arrivedAfterMs: Math.round(systemClock.mono() - begun) }
}
if (driver.capabilities.absolute) {
  for (const position of [
    { pan: 0.3, tilt: -0.4, zoom: 0.5 },
    { pan: -0.25, tilt: 0.2, zoom: 0 },
  ]) {
    await step(`goes to ${JSON.stringify(position)}`, () => goTo(position))
  }
}
const steer = async (velocity: PtzVelocity) => {
  const before = await place()
  await head.moveBy(BY, velocity)
  await sleep(300)
  await head.halt(BY)
  await sleep(300)
  const [after, later] = [await place(), await sleep(300).then(place)]
  if (!before || !after || !later) return 'it took it, and does not say where it looks'
  if (apart(before, after) < 0.005) throw new Error(`it stayed at ${JSON.stringify(after)}`)
  if (apart(after, later) > 0.001) throw new Error('it went on after it was told to stop')
  return { before, after }
}
if (driver.capabilities.continuous) {
  await step('is steered to the right', () => steer({ pan: 0.3, tilt: 0, zoom: 0 }))
  await step('is steered up and in', () => steer({ pan: 0, tilt: 0.3, zoom: 0.3 }))
  await step('stops when nobody renews', async () => {
    await head.moveBy(BY, { pan: -0.3, tilt: 0, zoom: 0 })
    await sleep(800)
    const [one, later] = [await place(), await sleep(300).then(place)]
    if (!one || !later) return 'it took it, and does not say where it looks'
    if (apart(one, later) > 0.001) throw new Error('it goes on')
    return one
  })
}
await step('presets', async () => {
  const before = await driver.presets()
  const position = await place()
  const token = await driver.savePreset('Vistter test 1')
  try {
    const kept = (await driver.presets()).find(preset => preset.token === token)
    if (!kept) throw new Error(`the camera does not list ${token}`)
    if (position && driver.capabilities.absolute) await goTo({ ...position, pan: position.pan > 0 ? -0.5 : 0.5 })
    if (position) await (await head.go(BY, { token, position })).arrival
    else await driver.recall(token)
    return { before: before.length, kept, cameBackTo: await place() }
  } finally {
    await driver.removePreset(token)
    if ((await driver.presets()).some(preset => preset.token === token)) console.log(`✗ ${token} was not removed`)
  }
})
if (home && driver.capabilities.absolute) await step('back where it was', () => goTo(home))
await head.stop()
console.log(failed === 0 ? 'All as expected.' : `${failed} not as expected.`)
process.exitCode = failed === 0 ? 0 : 1
