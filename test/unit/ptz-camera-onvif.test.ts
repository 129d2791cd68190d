import { createSocket } from 'node:dgram'
import { imageSize } from 'image-size'
import { Cam } from 'onvif'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { WS_DISCOVERY } from '../peers/ptz/discovery.ts'
import { PtzCamera } from '../peers/ptz-camera.ts'
import { until } from '../peers/run.ts'

/** The virtual camera's ONVIF side, asked by a client that this project did not write. No picture: nothing of GStreamer. */
const camera = new PtzCamera({ name: 'Stage <left>', picture: false, discoveryPort: 0, address: '127.0.0.41' })
beforeAll(() => camera.start())
afterAll(() => camera.stop())
beforeEach(() => {
  for (const fault of Object.keys(camera.faults)) delete camera.faults[fault as keyof typeof camera.faults]
  camera.presets.wipe()
  camera.turn({ pan: 0, tilt: 0, zoom: 0 })
})

type Callback = (error: Error | null, answer?: unknown) => void

/** A call of the library as a promise. */
const ask = <T>(call: (back: Callback) => void) =>
  new Promise<T>((resolve, reject) => call((error, answer) => (error ? reject(error) : resolve(answer as T))))

async function client(password = camera.password): Promise<Cam> {
  const { address: hostname, port, username } = camera
  const cam = new Cam({ hostname, port, username, password, timeout: 2_000, autoconnect: false })
  await ask(back => cam.connect(back))
  return cam
}

/** Tokens and names as they stand in the answer: the library reads the token `2.10` as the number 2.1. */
const presetsOf = (cam: Cam) =>
  new Promise<string[][]>((resolve, reject) => {
    cam.getPresets((error, _, xml) => {
      const found = [...String(xml).matchAll(/token="([^"]*)".*?Name>([^<]*)</g)]
      if (error) reject(error)
      else resolve(found.map(([, token, name]) => [token, name]))
    })
  })

test('says who it is, what it has, and where its streams are', async () => {
  const cam = await client()
  expect(await ask(back => cam.getDeviceInformation(back))).toMatchObject({
    manufacturer: 'Vistter',
    model: 'Stage <left>',
  })
  expect(await ask(back => cam.getHostname(back))).toMatchObject({ name: `camera-${camera.serial}` })
  const scopes = await ask<{ scopeItem: string }[]>(back => cam.getScopes(back))
  expect(scopes.map(scope => scope.scopeItem)).toContain('onvif://www.onvif.org/name/Stage%20%3Cleft%3E')
  expect(await ask(back => cam.getCapabilities(back))).toMatchObject({
    PTZ: { XAddr: `${camera.origin}/onvif/ptz_service` },
  })
  const profiles = cam.profiles as { $: { token: string }; videoEncoderConfiguration: object }[]
  expect(profiles.map(profile => profile.$.token)).toEqual(['main', 'sub'])
  expect(profiles[1]?.videoEncoderConfiguration).toMatchObject({
    encoding: 'H264',
    resolution: { width: 320, height: 180 },
  })
  const uri = await ask(back => cam.getStreamUri({ protocol: 'RTSP', profileToken: 'sub' }, back))
  expect(uri).toMatchObject({ uri: camera.streamUrl('sub') })
  const nodes = await ask<Record<string, object>>(back => cam.getNodes(back))
  expect(nodes.node_1).toMatchObject({ maximumNumberOfPresets: 128, homeSupported: true })
  const options = await ask(back => cam.getConfigurationOptions('ptz_1', back))
  expect(options).toMatchObject({ spaces: { absolute: { x: { min: -1, max: 1 }, zoom: { min: 0, max: 1 } } } })
})

test('moves to a place, by a distance, at a speed, and tells while it does', async () => {
  const cam = await client()
  type Status = { position: { x: number; y: number; zoom: number }; moveStatus: { panTilt: string; zoom: string } }
  const status = () => ask<Status>(back => cam.getStatus({}, back))
  const rest = () => until('it stands', async () => (await status()).moveStatus.panTilt === 'IDLE' && !camera.moving)
  await ask(back => cam.absoluteMove({ x: 0.2, y: -0.1, zoom: 0.1 }, back))
  expect((await status()).moveStatus.panTilt).toBe('MOVING')
  await rest()
  expect((await status()).position).toEqual({ x: 0.2, y: -0.1, zoom: 0.1 })
  await ask(back => cam.relativeMove({ x: -0.1, y: 0, zoom: 0 }, back))
  await rest()
  expect(camera.position.pan).toBeCloseTo(0.1, 9)
  await ask(back => cam.continuousMove({ x: 0, y: 1, zoom: 0, timeout: 30_000 }, back))
  await until('it has gone up', () => camera.position.tilt > 0)
  await ask(back => cam.stop({ panTilt: true, zoom: true }, back))
  await rest()
  expect(camera.position.tilt).toBeLessThan(1)
  // What is not renewed ends by itself.
  await ask(back => cam.continuousMove({ x: 1, y: 0, zoom: 0, timeout: 100 }, back))
  await rest()
  expect(camera.position.pan).toBeLessThan(0.4)
  await expect(ask(back => cam.absoluteMove({ x: 3, y: 0 }, back))).rejects.toThrow('out of bounds')
  expect(camera.asked.filter(({ refused }) => refused).map(({ action }) => action)).toEqual(['AbsoluteMove'])
})

test('keeps presets, as many as it has slots, and forgets them when it is a cheap one', async () => {
  const cam = await client()
  camera.turn({ pan: 0.5, tilt: 0.25, zoom: 0 })
  const saved = await ask(back => cam.setPreset({ presetName: 'Pulpit' }, back))
  expect(JSON.stringify(saved)).toContain('Preset_1')
  camera.turn({ pan: 0.45, tilt: 0.25, zoom: 0 })
  await ask(back => cam.gotoPreset({ preset: 'Preset_1' }, back))
  await until('it has arrived', () => !camera.moving)
  expect(camera.position).toEqual({ pan: 0.5, tilt: 0.25, zoom: 0 })
  camera.faults.presetSlots = 2
  camera.faults.tokens = 'decimal'
  camera.faults.presetName = 'Preset'
  await ask(back => cam.setPreset({ presetName: 'Altar' }, back))
  await expect(ask(back => cam.setPreset({ presetName: 'Organ' }, back))).rejects.toThrow('Maximum number')
  expect(await presetsOf(cam)).toEqual([
    ['Preset_1', 'Preset'],
    ['2.10', 'Preset'],
  ])
  await ask(back => cam.removePreset({ presetToken: 'Preset_1' }, back))
  await expect(ask(back => cam.gotoPreset({ preset: 'Preset_1' }, back))).rejects.toThrow('does not exist')
  await camera.reboot({ wiped: true })
  expect(await presetsOf(cam)).toEqual([])
  expect(camera.position).toEqual({ pan: 0, tilt: 0, zoom: 0 })
})

test('arrives where its error puts it, and goes home', async () => {
  const cam = await client()
  camera.faults.arrivalError = { pan: 0.03 }
  await ask(back => cam.absoluteMove({ x: 0.1, y: 0, zoom: 0 }, back))
  await until('it has arrived', () => !camera.moving)
  expect(camera.position.pan).toBeCloseTo(0.13, 9)
  delete camera.faults.arrivalError
  await ask(back => cam.gotoHomePosition({}, back))
  await until('it is home', () => camera.position.pan === 0)
})

test('lets in only who knows the password and the time by its own clock', async () => {
  const stranger = await client('wrong')
  await expect(ask(back => stranger.getDeviceInformation(back))).rejects.toThrow('not authorized')
  camera.faults.clockAheadMs = 5_400_000
  const late = await client()
  await ask(back => late.getDeviceInformation(back))
  camera.faults.clockAheadMs = -60_000
  await expect(ask(back => late.getDeviceInformation(back))).rejects.toThrow('not authorized')
  const again = await client()
  await ask(back => again.getDeviceInformation(back))
})

test('leaves out what it is told to leave out', async () => {
  const cam = await client()
  Object.assign(camera.faults, { noMoveStatus: true, noPosition: true, noAbsoluteMove: true })
  const raw = await ask<object>(back => cam.getStatus({}, back))
  expect(raw).toMatchObject({ moveStatus: undefined, position: { x: 0, y: 0, zoom: 0 } })
  const options = await ask(back => cam.getConfigurationOptions('ptz_1', back))
  expect(options).toMatchObject({
    spaces: { absolute: { x: { min: 0, max: 0 } }, continuous: { x: { min: -1, max: 1 } } },
  })
  await expect(ask(back => cam.absoluteMove({ x: 0.1 }, back))).rejects.toThrow('not supported')
})

test('hands out a picture of where it looks, to who knows the password', async () => {
  const cam = await client()
  camera.turn({ pan: -0.4, tilt: 0.4, zoom: 0 })
  const { uri } = await ask<{ uri: string }>(back => cam.getSnapshotUri({ profileToken: 'main' }, back))
  const login = Buffer.from(`${camera.username}:${camera.password}`).toString('base64')
  const shot = await fetch(uri, { headers: { authorization: `Basic ${login}` } })
  const size = imageSize(new Uint8Array(await shot.arrayBuffer()))
  expect(size).toMatchObject({ type: 'jpg', width: 640, height: 360 })
  expect((await fetch(uri)).status).toBe(401)
})

test('talks nonsense of every kind where it is told to, and sense everywhere else', async () => {
  const post = async (action: string) => {
    const body = `<s:Envelope><s:Body><${action}/></s:Body></s:Envelope>`
    const answer = await fetch(`${camera.origin}/onvif/device_service`, {
      method: 'POST',
      body,
      signal: AbortSignal.timeout(400),
    })
    return `${answer.status} ${await answer.text()}`
  }
  camera.faults.strikes = ['GetServices']
  const heard: Record<string, string> = {}
  for (const nonsense of ['odd-prefixes', 'empty', 'truncated', 'hollow', 'html', 'error', 'reset', 'hang'] as const) {
    camera.faults.nonsense = nonsense
    heard[nonsense] = await post('GetServices').catch(error => (error as Error).name)
    expect(await post('GetHostname')).toContain('</s:Envelope>')
  }
  expect(heard['odd-prefixes']).toContain('<SOAP-ENV-X:Envelope')
  expect(heard.empty).toBe('200 ')
  expect(heard.truncated).not.toContain('</s:Envelope>')
  expect(heard.hollow).toContain('<s:Body><GetServicesResponse/></s:Body>')
  expect(heard.html).toContain('<!DOCTYPE html>')
  expect(heard.error).toMatch(/^500 /)
  expect([heard.reset, heard.hang]).toEqual(['TypeError', 'TimeoutError'])
  Object.assign(camera.faults, { nonsense: undefined, delayMs: 200 })
  const began = performance.now()
  await post('GetServices')
  expect(performance.now() - began).toBeGreaterThan(195)
})

test('several side by side answer who looks for them, each with its own name, well or badly', async () => {
  const others = [42, 43].map(
    n => new PtzCamera({ name: `Camera ${n}`, picture: false, address: `127.0.0.${n}`, discoveryPort: 37_020 }),
  )
  await Promise.all(others.map(other => other.start()))
  const socket = createSocket('udp4')
  try {
    const heard: string[] = []
    socket.on('message', message => heard.push(String(message)))
    await new Promise<void>(resolve => socket.bind(0, '127.0.0.1', resolve))
    const probe = (types: string) =>
      '<Envelope xmlns="http://www.w3.org/2003/05/soap-envelope"><Header><MessageID>urn:uuid:1</MessageID></Header>' +
      `<Body><Probe><Types>${types}</Types></Probe></Body></Envelope>`
    const look = (types: string) => {
      for (const other of others) socket.send(probe(types), 37_020, other.address)
    }
    look('wprt:PrintDeviceType')
    look('dn:NetworkVideoTransmitter')
    await until('both have answered', () => heard.length === 2)
    for (const other of others) {
      const own = heard.find(answer => answer.includes(other.serial))
      expect(own).toContain(`<d:XAddrs>${other.origin}/onvif/device_service</d:XAddrs>`)
      expect(own).toContain('<a:RelatesTo>urn:uuid:1</a:RelatesTo>')
      expect(other.asked).toEqual([])
    }
    const [first, second] = others
    heard.length = 0
    socket.setMulticastInterface('127.0.0.1')
    socket.send(probe(''), WS_DISCOVERY.port, WS_DISCOVERY.group)
    await until('both have heard it in the group', () =>
      others.every(other => heard.some(answer => answer.includes(other.serial))),
    )
    // Whoever else is in the group has been told nothing by what follows.
    heard.length = 0
    if (first) first.faults.discovery = 'three-times'
    if (second) second.faults.discovery = 'malformed'
    look('')
    const own = () => heard.filter(answer => others.some(({ serial }) => answer.includes(serial)))
    await until('all have answered', () => own().length === 4)
    expect(own().filter(answer => !answer.endsWith('</s:Envelope>'))).toHaveLength(1)
  } finally {
    socket.close()
    await Promise.all(others.map(other => other.stop()))
  }
})
