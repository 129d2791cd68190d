import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type {
  Arrival,
  Camera,
  Destination,
  DeviceProfiles,
  DiscoveredCameras,
  Event,
  Health,
  Preset,
  Program,
  PtzState,
  TestResult,
} from '../../runtime/contract/generated/openapi.v1.ts'
import { systemClock } from '../../runtime/lib/clock.ts'
import { ApiStage, messagesOf } from '../peers/api-stage.ts'
import { pictures } from '../peers/media.ts'
import { viewOf } from '../peers/ptz/view-of.ts'
import { PtzCamera } from '../peers/ptz-camera.ts'
import { scratch, until } from '../peers/run.ts'

/** From the box to a verified shot: the product by its API, and a camera whose picture and head really move. */
const stage = new ApiStage('cameras')
const { ask, get } = stage
const files = scratch('feeds')
const ADDRESS = '127.0.0.61'
/** The second of the ports that a sweep knocks at; on Linux every address of 127/8 is ours. */
const port = 8_899
const camera = new PtzCamera({ name: 'Nave', address: ADDRESS, port, password: 'p%41@ss:w/#rd"ü' })
const { username, password } = camera
const HOME = { pan: 0, tilt: 0, zoom: 0 }
const ALTAR = { pan: 0.4, tilt: -0.2, zoom: 0.3 }
const onvif = { host: ADDRESS }
let id = ''
let altar = ''
let looking: ReturnType<typeof look>

beforeAll(async () => {
  // Its clock is an hour ahead all the time.
  camera.faults.clockAheadMs = 3_600_000
  await Promise.all([stage.begin(), camera.start()])
  looking = look()
})
afterAll(async () => {
  await stage.end()
  await camera.stop()
  files.remove()
})

const state = async () => (await get<Camera>(`/cameras/${id}`)).state
const ptz = (body: object, by = stage.cookie) => ask<PtzState>('POST', `/cameras/${id}/ptz`, body, { cookie: by })
const goTo = async (preset: string, body?: object) =>
  (await ask<Arrival>('POST', `/cameras/${id}/presets/${preset}/goto`, body)).body
const preset = async (pid: string) => (await get<Preset[]>(`/cameras/${id}/presets`)).find(one => one.id === pid)
const events = async (type: string) => (await get<Event[]>('/events?limit=200')).filter(one => one.type === type)
const apart = (a: typeof HOME, b: typeof HOME) =>
  Math.max(Math.abs(a.pan - b.pan), Math.abs(a.tilt - b.tilt), Math.abs(a.zoom - b.zoom))

/** Looks for cameras beside everything else, as it takes its seconds. */
async function look() {
  const answers = { Tower: 'three-times', Organ: 'malformed', Porch: 'silent', Font: 'printer' } as const
  const others = Object.entries(answers).map(
    ([name, discovery], n) =>
      new PtzCamera({ name, address: `127.0.0.${62 + n}`, port, picture: false, faults: { discovery } }),
  )
  await Promise.all(others.map(one => one.start()))
  const began = systemClock.mono()
  const { body } = await ask<DiscoveredCameras>('POST', '/cameras/discover', { range: '127.0.0.61-127.0.0.66' })
  const took = systemClock.mono() - began
  await Promise.all(others.map(one => one.stop()))
  return { body, took }
}

test('it is tested in stages, refused with what to do, and saved with its port guessed and nothing secret shown', async () => {
  const login = { username, password }
  const given = { name: 'Nave', url: camera.url, ...login, onvif }
  const wrong = { ...given, password: 'wrong' }
  const refused = await ask('POST', '/cameras', wrong)
  expect(refused.body).toMatchObject({ status: 422, code: 'CAMERA_AUTH', hint: expect.any(String) })
  expect(await get('/cameras')).toEqual([])

  const began = systemClock.mono()
  const { body: tested } = await ask<TestResult>('POST', '/cameras/test', given)
  expect(tested).toMatchObject({ ok: true, video: { codec: 'h264', width: 640, height: 360 } })
  expect(tested.steps.map(({ step, ok }) => [step, ok])).toEqual(
    ['reach', 'auth', 'stream', 'onvif'].map(step => [step, true]),
  )
  expect(tested.steps.at(-1)?.detail).toContain('it can be steered')
  expect(systemClock.mono() - began).toBeLessThan(15_000)

  const { body: offered } = await ask<DeviceProfiles>('POST', '/cameras/profiles', { host: ADDRESS, ...login })
  expect(offered).toMatchObject({ port, name: 'Vistter Nave' })
  expect(offered.profiles.map(({ url, width, ptz }) => [url, width, ptz])).toEqual([
    [camera.streamUrl('main'), 640, true],
    [camera.streamUrl('sub'), 320, true],
  ])

  const made = await ask<Camera>('POST', '/cameras', { ...given, mode: 'hot' })
  expect(made.status).toBe(201)
  expect(made.body.onvif).toEqual({ host: ADDRESS, port })
  expect(JSON.stringify(made.body)).not.toContain(password)
  id = made.body.id
  await until('it is online and can be moved', async () => {
    const { status, ptz } = await state()
    return status === 'online' && ptz?.position
  })
  // The first camera goes on air by itself.
  await ask('POST', '/program/take', { source: 'slate' })
})

test('five devices of a range are found within ten seconds, each once, whatever they answer', async () => {
  const { body, took } = await looking
  const found = body.devices.filter(({ port: at, host }) => at === port && host >= ADDRESS)
  // Those that a sweep alone has found do not tell strangers their names.
  const names = ['Nave Virtual', 'Tower Virtual', 'Camera at 127.0.0.63', 'Camera at 127.0.0.64', 'Font Virtual']
  expect(found.map(({ host, name }) => [host, name])).toEqual(names.map((name, n) => [`127.0.0.${61 + n}`, name]))
  expect(took).toBeLessThan(10_000)
})

test('a stick that is let go, or whose link is lost, lets the camera stand within half a second', async () => {
  const moved = await ptz({ move: { pan: 0.3 } })
  const last = camera.now()
  expect(moved.body).toMatchObject({ reachable: true, heldBy: 'Ada' })
  await until('it is told to stop', () => camera.asked.at(-1)?.action === 'Stop', { everyMs: 5 })
  expect((camera.asked.at(-1)?.at ?? 0) - last).toBeLessThan(500)
  await until('its state says that it stands', async () => !(await state()).moving)
})

test('a preset is where the camera looks, with its picture; going there is verified and timed', async () => {
  await ptz({ to: ALTAR })
  await until('it stands there', () => !camera.moving && apart(camera.position, ALTAR) < 0.001)
  const { body: saved, status } = await ask<Preset>('POST', `/cameras/${id}/presets`, {
    name: 'Altar',
    shotId: 'shot-1',
  })
  expect(status, JSON.stringify(saved)).toBe(201)
  expect(saved).toMatchObject({
    name: 'Altar',
    onCamera: true,
    thumbnail: expect.stringMatching(/jpg$/),
    state: 'ready',
  })
  altar = saved.id
  const picture = await stage.control.open({ path: `//${saved.thumbnail?.slice(1)}?v=1`, cookie: stage.cookie })
  expect([picture.statusCode, picture.headers['content-type']]).toEqual([200, 'image/jpeg'])
  picture.destroy()
  expect((await state()).currentPreset).toBe(altar)
  await ptz({ to: HOME })
  expect(await goTo(altar)).toMatchObject({ arrived: true, ms: expect.any(Number) })
  expect(apart(camera.position, ALTAR)).toBeLessThan(0.01)
  const { journeys } = (await preset(altar)) ?? {}
  expect(journeys).toEqual({ count: 1, p50: expect.any(Number), p95: expect.any(Number) })
  expect(journeys?.p50).toBeLessThan(2_000)
})

test('a camera that tells no place is verified by its picture, which must be that of the preset', async () => {
  camera.faults.noPosition = true
  const { body: blind } = await ask<Preset>('POST', `/cameras/${id}/presets`, { name: 'Blind' })
  expect(blind.position).toBeNull()
  await ptz({ to: HOME })
  const { likeness, ...there } = await goTo(blind.id)
  expect(there).toEqual({ arrived: true, ms: expect.any(Number), verified: 'picture' })
  expect(likeness).toBeGreaterThan(0.8)
  expect(apart(camera.position, ALTAR)).toBeLessThan(0.01)
  expect((await ask('DELETE', `/cameras/${id}/presets/${blind.id}`)).status).toBe(204)
  camera.faults.noPosition = false
})

test('one moves it at a time, and one that is on air only for who confirms it', async () => {
  await ask('POST', '/users', { username: 'ben', password: 'correct battery', role: 'operator' })
  const ben = await stage.control.signIn({ username: 'ben', password: 'correct battery' })
  await ptz({ to: ALTAR })
  expect((await ptz({ move: { pan: 0.1 } }, ben)).body).toMatchObject({ code: 'PTZ_HELD', heldBy: 'Ada' })
  await ask('POST', '/program/take', { source: id })
  await until('it is on air', async () => (await get<Program>('/program')).source === id)
  expect((await ptz({ move: { pan: 0.1 } })).body).toMatchObject({ code: 'PTZ_ON_AIR', status: 409 })
  expect(await ask('POST', `/cameras/${id}/presets/${altar}/goto`)).toMatchObject({ status: 409 })
  expect(await goTo(altar, { override: true })).toMatchObject({ arrived: true })
  expect((await ptz({ stop: true })).status).toBe(200)
  await ask('POST', '/program/take', { source: 'slate' })
})

test('a connection that is lost and found again at once is no alarm; a camera that goes is told within three seconds more', async () => {
  const stream = await stage.control.open({ path: '/stream', cookie: stage.cookie })
  const heard = messagesOf(stream)
  await camera.drop()
  await until('it connects again', async () => (await events('source.restarted')).length > 0)
  await until('it is online', async () => (await state()).status === 'online')
  expect(await events('source.offline')).toEqual([])

  await camera.stop()
  const gone = systemClock.mono()
  const offline = () =>
    heard.some(({ event, data }) => event === 'camera' && (data as unknown as Camera).state.status === 'offline')
  await until('the dashboard hears of it', offline, { timeoutMs: 8_000, everyMs: 20 })
  // Three seconds without a picture are what offline means, three more are the promise.
  expect(systemClock.mono() - gone).toBeLessThan(6_000)
  expect((await events('source.offline'))[0]).toMatchObject({
    severity: 'warning',
    message: expect.stringContaining('Nave'),
  })
  stream.destroy()
})

test('a preset of a camera that is away is gone to when it is back; what it forgot meanwhile is repaired', async () => {
  expect(await goTo(altar)).toMatchObject({ arrived: false, pending: true, error: { code: 'PTZ_UNREACHABLE' } })
  expect(await preset(altar)).toMatchObject({ state: 'pending' })
  camera.presets.wipe()
  camera.turn(HOME)
  await camera.start()
  await until('it is back at its preset', async () => (await state()).currentPreset === altar)
  expect(apart(camera.position, ALTAR)).toBeLessThan(0.01)
  expect(await events('preset.repaired')).toHaveLength(1)
  await until('the camera keeps it anew', async () => (await preset(altar))?.onCamera)
  expect(await preset(altar)).toMatchObject({ state: 'ready' })
  await until('its picture is back', async () => (await state()).status === 'online')
})

test('a feed of a preset goes out when the camera verifiably stands there; nobody sees it turn to another', async () => {
  await ask('POST', '/program/take', { source: 'slate' })
  await ptz({ to: HOME })
  await until('it stands', () => !camera.moving && apart(camera.position, HOME) < 0.001)
  await ptz({ to: { ...HOME, pan: -0.5 } })
  const porch = await until('the other preset is saved', async () => {
    const { body } = await ask<Preset>('POST', `/cameras/${id}/presets`, { name: 'Porch' })
    return 'position' in body && body
  })
  const profile = { width: 640, height: 360, fps: 30, keyframeInterval: 1, videoBitrate: 2_000 }
  const feed = async (name: string, preset: string) => {
    const url = `file://${files.path}/${name}.flv`
    const body = { name, platform: 'file', url, profile, source: { camera: id, preset } }
    return (await ask<Destination>('POST', '/destinations', body)).body.id
  }
  const [first, second] = [await feed('altar', altar), await feed('porch', porch.id)]
  const path = `/destinations/${first}`
  const started = await ask<Destination>('POST', `${path}/start`)
  expect(started.body.state).toMatchObject({ status: 'connecting', moving: { preset: altar, name: 'Altar' } })
  const refused = { status: 409, code: 'PRESET_CONFLICT', destination: first, detail: expect.stringContaining('Altar') }
  expect((await ask('POST', `/destinations/${second}/start`)).body).toMatchObject(refused)
  const live = async () => (await get<Destination>(path)).state.status === 'live'
  await until('it is live', live)
  expect((await ptz({ move: { pan: 0.1 } })).body).toMatchObject({ code: 'PTZ_ON_AIR' })
  const turned = await ask<Destination>('PATCH', path, { source: { camera: id, preset: porch.id } })
  expect(turned.body.state).toMatchObject({ status: 'live', moving: { name: 'Porch' } })
  await until('it shows the other preset', async () => !(await get<Destination>(path)).state.moving)
  expect((await state()).currentPreset).toBe(porch.id)

  const { pid } = (await get<Health>('/health')).engine
  await stage.control.stop()
  await stage.control.start()
  await until('it is live as before', async () => (await get<Health>('/health')).engine.pid === pid && (await live()))
  await until('the camera is reached', async () => (await state()).ptz?.reachable)
  await ask('POST', `${path}/stop`)
  // Each frame is one of the two, and no frame is of the way between them.
  const presets = { altar: ALTAR, porch: { ...HOME, pan: -0.5 } }
  const shows = (view: typeof HOME | undefined) =>
    Object.entries(presets).find(([, place]) => view && apart(view, place) < 0.02)?.[0] ?? view
  const seen = (await pictures(join(files.path, 'altar.flv'), 0, 300)).map(viewOf).map(shows)
  const changes = seen.filter((one, n) => JSON.stringify(one) !== JSON.stringify(seen[n - 1]))
  expect(changes).toEqual(['altar', 'porch'])
})
