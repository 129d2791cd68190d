import { readdirSync, readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import type { Arrival, Preset, PresetFile } from '../../runtime/contract/generated/openapi.v1.ts'
import { OnvifDriver } from '../../runtime/control/cameras/onvif/driver.ts'
import { type PresetBody, percentile } from '../../runtime/control/cameras/presets/preset.ts'
import { Presets } from '../../runtime/control/cameras/presets/presets.ts'
import { Thumbnails } from '../../runtime/control/cameras/presets/thumbnails.ts'
import { Heads } from '../../runtime/control/cameras/ptz/heads.ts'
import type { Actor, NewEvent } from '../../runtime/control/ports.ts'
import { systemClock } from '../../runtime/lib/clock.ts'
import { PtzCamera } from '../peers/ptz-camera.ts'
import { scratch, until } from '../peers/run.ts'
import { memoryShelf } from '../peers/shelf.ts'

/** Presets through the API's operations, against a camera whose head really moves and which forgets and lies. */
const camera = new PtzCamera({ picture: false, discoveryPort: 0, address: '127.0.0.47' })
beforeAll(() => camera.start())
afterAll(() => camera.stop())

const anna: Actor = { kind: 'user', name: 'anna', role: 'operator' }
const HOME = { pan: 0, tilt: 0, zoom: 0 }
const ALTAR = { pan: 0.2, tilt: -0.1, zoom: 0.1 }

let heads: Heads
let presets: Presets
let events: NewEvent[] = []
let pictures: string[] = []
/** Where the camera stood when it went away, as far as that is known when it is back. */
let stood: (string | undefined)[] = []
let onAir = false
/** How much the picture is like the one that was kept. */
let alike: number | undefined
/** How much of its 5 s a journey is made to have had (ms). */
let ahead = 0
const clock = { now: () => systemClock.now(), mono: () => systemClock.mono() + ahead }
beforeEach(() => {
  for (const fault of Object.keys(camera.faults)) delete camera.faults[fault as keyof typeof camera.faults]
  camera.presets.wipe()
  camera.turn(HOME)
  onAir = false
  alike = undefined
  ahead = 0
  events = []
  pictures = []
  stood = []
})
afterEach(() => heads.stop())

/** An appliance with two cameras, of which one is there and one is never reached. */
async function appliance(shelf = memoryShelf<PresetBody>()) {
  const { address: host, port, username, password } = camera
  const login = { host, port, username, password }
  heads = new Heads({
    cameras: () => [
      { id: 'cam', name: 'Nave', target: login },
      { id: 'away', name: 'Away', target: { ...login, host: '127.0.0.48', port: 9 } },
    ],
    driverFor: target => new OnvifDriver(target, systemClock),
    flowDriver: () => {
      throw new Error('no flow')
    },
    clock,
    picture: async () => ({}),
    onAir: () => onAir,
    touched: () => {},
    returned: id => {
      stood.push(presets.standsAt(id)?.name)
      return presets.returned(id)
    },
    record: event => events.push(event),
  })
  presets = new Presets({
    shelf,
    heads,
    clock,
    cameras: () => ['cam', 'away'].map(id => ({ id, name: id })),
    pictures: {
      take: async (_, preset) => pictures.push(preset) > 0,
      likeness: async () => alike,
      remove: async preset => void pictures.splice(pictures.indexOf(preset), 1),
    },
    onAir: () => onAir,
    settings: () => ({ checkPresets: true, timezone: 'UTC' }),
    touched: () => {},
    record: event => events.push(event),
  })
  heads.sync()
  await until('the camera is reached', () => heads.head('cam').reachable)
}

async function call<Answer>(name: string, body: object = {}, pid = '', id = 'cam', query = {}): Promise<Answer> {
  const operate = presets.operations()[name]
  if (!operate) throw new Error(`there is no operation ${name}`)
  return (await operate({ params: { id, pid }, query, body, actor: anna })) as Answer
}
const save = (name: string, shotId?: string) => call<Preset>('addPreset', { name, ...(shotId && { shotId }) })
const goTo = (pid: string, body = {}) => call<Arrival>('goToPreset', body, pid)
const list = (search?: string) => call<Preset[]>('listPresets', {}, '', 'cam', { search })
const failing = (code: string) => expect.objectContaining({ code })
const types = () => events.map(({ type }) => type)

test('a preset is kept with place, picture and the token of the camera, and gone to with verified arrival', async () => {
  await appliance()
  camera.turn(ALTAR)
  const altar = await save('Altar', 'shot-7')
  expect(altar).toMatchObject({ name: 'Altar', shotId: 'shot-7', position: ALTAR, onCamera: true, state: 'ready' })
  expect(altar.thumbnail).toBe(`/api/v1/cameras/cam/presets/${altar.id}/thumbnail.jpg`)
  camera.turn(HOME)
  const journey = await goTo(altar.id)
  expect(journey).toEqual({ arrived: true, ms: expect.any(Number), verified: 'position' })
  expect(journey.ms).toBeGreaterThan(100)
  expect(camera.moving).toBe(false)
  expect(camera.position).toEqual(ALTAR)
  expect(heads.head('cam').state()).toMatchObject({ currentPreset: altar.id, moving: false })
  expect((await list())[0]?.journeys).toEqual({ count: 1, p50: journey.ms, p95: journey.ms })
  // Somebody turns it by its own remote control.
  camera.turn(HOME)
  await heads.head('cam').halt({ name: 'anna', rank: 'operator' })
  await until('no preset is current', () => heads.head('cam').state().currentPreset === null)
  await call('removePreset', {}, altar.id)
  expect(camera.presets.list()).not.toContain('Altar')
  expect(pictures).toEqual([])
  await expect(goTo(altar.id)).rejects.toThrow(failing('NOT_FOUND'))
})

test('after a restart the camera is at the preset at which it stands, and at none where it stands elsewhere', async () => {
  const shelf = memoryShelf<PresetBody>()
  await appliance(shelf)
  await save('Home')
  camera.turn(ALTAR)
  const { id } = await save('Altar')
  const restarted = async () => {
    await heads.stop()
    await appliance(shelf)
    await presets.returned('cam')
    return heads.head('cam').state().currentPreset
  }
  expect(await restarted()).toBe(id)
  camera.turn({ ...ALTAR, pan: ALTAR.pan + 0.05 })
  expect(await restarted()).toBeNull()
  camera.head.drive(camera.now(), { pan: 0.1 }, 60_000)
  expect(await restarted()).toBeNull()
})

test('one that is saved as soon as the camera stands is where it is, and stays so when its way there is over', async () => {
  await appliance()
  const { arrival } = await heads.head('cam').go({ name: 'anna', rank: 'operator' }, { position: ALTAR })
  await until('it stands', () => !camera.moving && camera.position.pan === ALTAR.pan, { everyMs: 5 })
  const { id } = await save('Altar')
  expect(heads.head('cam').state().currentPreset).toBe(id)
  await arrival
  expect(heads.head('cam').state().currentPreset).toBe(id)
})

test('there are more presets than the camera has room for, and it does not need to say whether it moves', async () => {
  Object.assign(camera.faults, { presetSlots: 1, noMoveStatus: true })
  await appliance()
  const first = await save('Home')
  camera.turn(ALTAR)
  const second = await save('Altar')
  expect([first.onCamera, second.onCamera]).toEqual([true, false])
  camera.turn(HOME)
  expect(await goTo(second.id)).toMatchObject({ arrived: true })
  expect(camera.position).toEqual(ALTAR)
})

test('a camera that only knows its own presets goes by them; one that has lost them is flagged', async () => {
  Object.assign(camera.faults, { noAbsoluteMove: true, presetSlots: 1, tokens: 'decimal' })
  await appliance()
  camera.turn(ALTAR)
  const { id } = await save('Altar')
  await expect(save('Nave')).rejects.toThrow(failing('PTZ_PRESETS_FULL'))
  camera.turn(HOME)
  expect(await goTo(id)).toMatchObject({ arrived: true })
  expect(camera.position).toEqual(ALTAR)
  camera.presets.wipe()
  await presets.returned('cam')
  expect(events.at(-1)).toMatchObject({ type: 'preset.lost', severity: 'warning', data: { preset: id } })
  expect((await list())[0]).toMatchObject({ state: 'lost', onCamera: false })
  expect(await goTo(id)).toMatchObject({ arrived: false, error: { code: 'PTZ_PRESET_MISSING' } })
  expect(await call<Preset>('changePreset', { here: true }, id)).toMatchObject({ state: 'ready', onCamera: true })
})

test('a camera that does not say where it looks is believed when it says that it stands, and compared by its picture', async () => {
  camera.faults.noPosition = true
  await appliance()
  camera.turn(ALTAR)
  const { id, position } = await save('Altar')
  expect(position).toBeNull()
  const { presets: only } = await call<PresetFile>('exportPresets')
  expect(only).toEqual([{ name: 'Altar', token: expect.stringMatching(/^Preset_/) }])
  camera.turn(HOME)
  expect(await goTo(id)).toEqual({ arrived: true, ms: expect.any(Number) })
  expect(camera.position).toEqual(ALTAR)
  alike = 0.934
  expect(await goTo(id)).toMatchObject({ arrived: true, verified: 'picture', likeness: 0.93 })
  // At night it is told once, and again after it was alike.
  const unlike = () => types().filter(type => type === 'preset.unlike').length
  for (const [likeness, told] of [
    [0.3, 1],
    [0.2, 1],
    [0.9, 1],
    [0.3, 2],
  ]) {
    alike = likeness
    const answer = await goTo(id)
    expect([answer.likeness, answer.verified !== undefined, unlike()]).toEqual([likeness, alike === 0.9, told])
  }
})

test('what the camera forgot or calls otherwise is repaired from the stored position, once', async () => {
  await appliance()
  camera.turn(ALTAR)
  const altar = await save('Altar')
  const ask = () => heads.head('cam').ask(driver => driver.presets())
  await camera.reboot({ wiped: true })
  await presets.returned('cam')
  await presets.returned('cam')
  expect(types().filter(type => type === 'preset.repaired')).toHaveLength(1)
  expect((await list())[0]).toMatchObject({ state: 'repaired', onCamera: false })
  expect(await goTo(altar.id)).toMatchObject({ arrived: true })
  expect(camera.position).toEqual(ALTAR)
  expect((await ask()).map(({ name }) => name)).toEqual(['Altar'])
  expect((await list())[0]).toMatchObject({ onCamera: true })
  camera.faults.presetName = 'Preset 1'
  await presets.returned('cam')
  expect(types().filter(type => type === 'preset.repaired')).toHaveLength(2)
})

test('what does not arrive says so within 5 s, and what is sent elsewhere at once', async () => {
  await appliance()
  camera.turn(ALTAR)
  const { id } = await save('Altar')
  camera.turn(HOME)
  const away = goTo(id)
  await until('it is on its way', () => camera.moving)
  await heads.head('cam').halt({ name: 'anna', rank: 'operator' })
  expect(await away).toMatchObject({ arrived: false, error: { code: 'PTZ_SUPERSEDED' } })
  camera.faults.arrivalError = { pan: 0.05 }
  const going = goTo(id)
  await until('it stands at the wrong place', () => !camera.moving && camera.position.pan > 0.2)
  ahead = 4_000
  const late = await going
  expect(late).toMatchObject({ arrived: false, error: { code: 'PTZ_NOT_ARRIVED', hint: expect.any(String) } })
  expect(late.ms).toBeLessThan(5_600)
  expect(late.error?.detail).toMatch('at 0.250, -0.100, 0.100 instead of 0.200')
  expect((await list())[0]?.journeys.count).toBe(0)
  onAir = true
  await expect(goTo(id)).rejects.toThrow(failing('PTZ_ON_AIR'))
}, 20_000)

test('a camera that is away goes to the last preset that was wanted when it is back, unless nobody wants it', async () => {
  await appliance()
  camera.turn(ALTAR)
  const altar = await save('Altar')
  camera.turn(HOME)
  const home = await save('Home')
  await camera.stop()
  expect(await goTo(home.id)).toMatchObject({ arrived: false, pending: true, error: { code: 'PTZ_UNREACHABLE' } })
  expect(await goTo(altar.id)).toMatchObject({ pending: true })
  expect(heads.head('cam').state().pending).toBe(altar.id)
  expect((await list('altar'))[0]?.state).toBe('pending')
  await camera.start()
  await until('it is told that it went there', () => types().includes('preset.arrived'))
  expect(camera.position).toEqual(ALTAR)
  await camera.stop()
  expect(await goTo(home.id)).toMatchObject({ pending: true })
  await call('removePreset', {}, home.id)
  await camera.start()
  await until('it is back', () => heads.head('cam').reachable)
  await until('it was compared', () => camera.asked.at(-1)?.action === 'GetStatus')
  expect(camera.moving).toBe(false)
  expect(camera.position).toEqual(ALTAR)
}, 20_000)

test('a camera that restarted looks home; where it stood before is known at the moment of its return', async () => {
  await appliance()
  camera.turn(ALTAR)
  await save('Altar')
  await camera.stop()
  await expect(save('Nothing')).rejects.toThrow(failing('PTZ_UNREACHABLE'))
  camera.turn(HOME)
  await camera.start()
  await until('it is back', () => stood.length > 1)
  expect(stood).toEqual([undefined, 'Altar'])
  await until('it is seen that it looks elsewhere now', () => heads.head('cam').state().currentPreset === null)
})

test('a shot is one preset of the whole site; order, search and a document that comes back as it went', async () => {
  await appliance()
  const many: PresetFile = {
    presets: Array.from({ length: 1_000 }, (_, n) => ({
      name: `Place ${n}`,
      ...(n % 2 === 0 && { shotId: `shot-${n}` }),
      position: { pan: n / 1_000, tilt: 0, zoom: 0 },
    })),
  }
  const imported = await call<Preset[]>('importPresets', many, '', 'cam', { replace: false })
  expect(imported).toHaveLength(1_000)
  expect(await call('exportPresets')).toEqual(many)
  const begun = performance.now()
  const found = await list('SHOT-998')
  expect(performance.now() - begun).toBeLessThan(100)
  expect(found.map(({ name }) => name)).toEqual(['Place 998'])
  await expect(save('Altar', 'shot-2')).rejects.toThrow(failing('PRESET_SHOT_TAKEN'))
  const [first, second, third] = imported
  await expect(call('changePreset', { shotId: 'shot-2' }, first?.id)).rejects.toThrow(failing('PRESET_SHOT_TAKEN'))
  expect(await call<Preset>('changePreset', { name: 'Door', shotId: null }, first?.id)).toMatchObject({ shotId: null })
  const copy = { presets: [{ name: 'Copy', shotId: 'shot-2' }] }
  await expect(call('importPresets', copy, '', 'away', { replace: true })).rejects.toThrow(failing('PRESET_SHOT_TAKEN'))
  const ordered = await call<Preset[]>('orderPresets', { ids: [third?.id, first?.id] })
  expect(ordered.slice(0, 3).map(({ id }) => id)).toEqual([third?.id, first?.id, second?.id])
  const before = await call<PresetFile>('exportPresets')
  await call('importPresets', before, '', 'cam', { replace: true })
  expect(await call('exportPresets')).toEqual(before)
})

test('the picture of a preset is what the camera shows, and a preset without one is no worse', async () => {
  await appliance()
  const { path, remove } = scratch('thumbnails')
  const socket = join(path, 'media.sock')
  const thumbnails = new Thumbnails(join(path, 'presets'), socket)
  expect(await thumbnails.take('cam', 'A')).toBe(false)
  let grey = Buffer.from(Array.from({ length: 64 * 36 }, (_, n) => 100 + (n % 7) * (n % 5)))
  const engine = createServer(({ url }, response) => {
    if (url === '/sources/cam.jpg') response.end('a picture')
    else if (url === '/sources/cam.grey') response.end(grey)
    else response.writeHead(404).end()
  }).listen(socket)
  try {
    await until('the engine listens', () => engine.listening)
    expect(await thumbnails.take('cam', 'A')).toBe(true)
    expect(readFileSync(thumbnails.file('A'), 'utf8')).toBe('a picture')
    expect(await thumbnails.take('away', 'B')).toBe(false)
    expect(await thumbnails.likeness('cam', 'A')).toBeCloseTo(1, 5)
    grey = Buffer.from(grey.map((_, n) => 100 + (n % 11) * (n % 3)))
    expect(await thumbnails.likeness('cam', 'A')).toBeLessThan(0.5)
    grey = Buffer.alloc(7)
    expect(await thumbnails.likeness('cam', 'A')).toBeUndefined()
    expect(await thumbnails.likeness('cam', 'B')).toBeUndefined()
    expect(await thumbnails.likeness('away', 'A')).toBeUndefined()
    await thumbnails.remove('A')
    await thumbnails.remove('B')
    expect(readdirSync(join(path, 'presets'))).toEqual([])
  } finally {
    engine.close()
    remove()
  }
})

test('percentiles', () => {
  expect([percentile([], 0.5), percentile([7], 0.95)]).toEqual([null, 7])
  const hundred = Array.from({ length: 100 }, (_, n) => 100 - n)
  expect([percentile(hundred, 0.5), percentile(hundred, 0.95)]).toEqual([50, 95])
})
