import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import type { Preset, PresetFile } from '../../runtime/contract/generated/openapi.v1.ts'
import type { PresetBody } from '../../runtime/control/cameras/presets/preset.ts'
import { until } from '../peers/run.ts'
import { memoryShelf } from '../peers/shelf.ts'
import { ALTAR, camera, HOME, PresetStage } from './preset-stage.ts'

/** Presets through the API's operations, against a camera whose head really moves and which forgets and lies. */
beforeAll(() => camera.start())
afterAll(() => camera.stop())

let stage: PresetStage
beforeEach(() => {
  stage = new PresetStage()
})
afterEach(() => stage.end())

const failing = (code: string) => expect.objectContaining({ code })

test('a preset is kept with place, picture and the token of the camera, and gone to with verified arrival', async () => {
  await stage.begin()
  camera.turn(ALTAR)
  const altar = await stage.save('Altar', 'shot-7')
  expect(altar).toMatchObject({ name: 'Altar', shotId: 'shot-7', position: ALTAR, onCamera: true, state: 'ready' })
  expect(altar.thumbnail).toBe(`/api/v1/cameras/cam/presets/${altar.id}/thumbnail.jpg`)
  camera.turn(HOME)
  const journey = await stage.goTo(altar.id)
  expect(journey).toEqual({ arrived: true, ms: expect.any(Number), verified: 'position' })
  expect(journey.ms).toBeGreaterThan(100)
  expect(camera.moving).toBe(false)
  expect(camera.position).toEqual(ALTAR)
  expect(stage.heads.head('cam').state()).toMatchObject({ currentPreset: altar.id, moving: false })
  expect((await stage.list())[0]?.journeys).toEqual({ count: 1, p50: journey.ms, p95: journey.ms })
  // Somebody turns it by its own remote control.
  camera.turn(HOME)
  await stage.heads.head('cam').halt({ name: 'anna', rank: 'operator' })
  await until('no preset is current', () => stage.heads.head('cam').state().currentPreset === null)
  await stage.call('removePreset', {}, altar.id)
  expect(camera.presets.list()).not.toContain('Altar')
  expect(stage.pictures).toEqual([])
  await expect(stage.goTo(altar.id)).rejects.toThrow(failing('NOT_FOUND'))
})

test('after a restart the camera is at the preset at which it stands, and at none where it stands elsewhere', async () => {
  const shelf = memoryShelf<PresetBody>()
  await stage.begin(shelf)
  await stage.save('Home')
  camera.turn(ALTAR)
  const { id } = await stage.save('Altar')
  const restarted = async () => {
    await stage.heads.stop()
    await stage.begin(shelf)
    await stage.presets.returned('cam')
    return stage.heads.head('cam').state().currentPreset
  }
  expect(await restarted()).toBe(id)
  camera.turn({ ...ALTAR, pan: ALTAR.pan + 0.05 })
  expect(await restarted()).toBeNull()
  camera.head.drive(camera.now(), { pan: 0.1 }, 60_000)
  expect(await restarted()).toBeNull()
})

test('one that is saved as soon as the camera stands is where it is, and stays so when its way there is over', async () => {
  await stage.begin()
  const { arrival } = await stage.heads.head('cam').go({ name: 'anna', rank: 'operator' }, { position: ALTAR })
  await until('it stands', () => !camera.moving && camera.position.pan === ALTAR.pan, { everyMs: 5 })
  const { id } = await stage.save('Altar')
  expect(stage.heads.head('cam').state().currentPreset).toBe(id)
  await arrival
  expect(stage.heads.head('cam').state().currentPreset).toBe(id)
})

test('there are more presets than the camera has room for, and it does not need to say whether it moves', async () => {
  Object.assign(camera.faults, { presetSlots: 1, noMoveStatus: true })
  await stage.begin()
  const first = await stage.save('Home')
  camera.turn(ALTAR)
  const second = await stage.save('Altar')
  expect([first.onCamera, second.onCamera]).toEqual([true, false])
  camera.turn(HOME)
  expect(await stage.goTo(second.id)).toMatchObject({ arrived: true })
  expect(camera.position).toEqual(ALTAR)
})

test('a camera that only knows its own presets goes by them; one that has lost them is flagged', async () => {
  Object.assign(camera.faults, { noAbsoluteMove: true, presetSlots: 1, tokens: 'decimal' })
  await stage.begin()
  camera.turn(ALTAR)
  const { id } = await stage.save('Altar')
  await expect(stage.save('Nave')).rejects.toThrow(failing('PTZ_PRESETS_FULL'))
  camera.turn(HOME)
  expect(await stage.goTo(id)).toMatchObject({ arrived: true })
  expect(camera.position).toEqual(ALTAR)
  camera.presets.wipe()
  await stage.presets.returned('cam')
  expect(stage.events.at(-1)).toMatchObject({ type: 'preset.lost', severity: 'warning', data: { preset: id } })
  expect((await stage.list())[0]).toMatchObject({ state: 'lost', onCamera: false })
  expect(await stage.goTo(id)).toMatchObject({ arrived: false, error: { code: 'PTZ_PRESET_MISSING' } })
  expect(await stage.call<Preset>('changePreset', { here: true }, id)).toMatchObject({ state: 'ready', onCamera: true })
})

test('a camera that does not say where it looks is believed when it says that it stands, and compared by its picture', async () => {
  camera.faults.noPosition = true
  await stage.begin()
  camera.turn(ALTAR)
  const { id, position } = await stage.save('Altar')
  expect(position).toBeNull()
  const { presets: only } = await stage.call<PresetFile>('exportPresets')
  expect(only).toEqual([{ name: 'Altar', token: expect.stringMatching(/^Preset_/) }])
  camera.turn(HOME)
  expect(await stage.goTo(id)).toEqual({ arrived: true, ms: expect.any(Number) })
  expect(camera.position).toEqual(ALTAR)
  stage.alike = 0.934
  expect(await stage.goTo(id)).toMatchObject({ arrived: true, verified: 'picture', likeness: 0.93 })
  // At night it is told once, and again after it was alike.
  const unlike = () => stage.types().filter(type => type === 'preset.unlike').length
  for (const [likeness, told] of [
    [0.3, 1],
    [0.2, 1],
    [0.9, 1],
    [0.3, 2],
  ]) {
    stage.alike = likeness
    const answer = await stage.goTo(id)
    expect([answer.likeness, answer.verified !== undefined, unlike()]).toEqual([likeness, stage.alike === 0.9, told])
  }
})

test('what the camera forgot or calls otherwise is repaired from the stored position, once', async () => {
  await stage.begin()
  camera.turn(ALTAR)
  const altar = await stage.save('Altar')
  const ask = () => stage.heads.head('cam').ask(driver => driver.presets())
  await camera.reboot({ wiped: true })
  await stage.presets.returned('cam')
  await stage.presets.returned('cam')
  expect(stage.types().filter(type => type === 'preset.repaired')).toHaveLength(1)
  expect((await stage.list())[0]).toMatchObject({ state: 'repaired', onCamera: false })
  expect(await stage.goTo(altar.id)).toMatchObject({ arrived: true })
  expect(camera.position).toEqual(ALTAR)
  expect((await ask()).map(({ name }) => name)).toEqual(['Altar'])
  expect((await stage.list())[0]).toMatchObject({ onCamera: true })
  camera.faults.presetName = 'Preset 1'
  await stage.presets.returned('cam')
  expect(stage.types().filter(type => type === 'preset.repaired')).toHaveLength(2)
})

test('what does not arrive says so within 5 s, and what is sent elsewhere at once', async () => {
  await stage.begin()
  camera.turn(ALTAR)
  const { id } = await stage.save('Altar')
  camera.turn(HOME)
  const away = stage.goTo(id)
  await until('it is on its way', () => camera.moving)
  await stage.heads.head('cam').halt({ name: 'anna', rank: 'operator' })
  expect(await away).toMatchObject({ arrived: false, error: { code: 'PTZ_SUPERSEDED' } })
  camera.faults.arrivalError = { pan: 0.05 }
  const going = stage.goTo(id)
  await until('it stands at the wrong place', () => !camera.moving && camera.position.pan > 0.2)
  stage.ahead = 4_000
  const late = await going
  expect(late).toMatchObject({ arrived: false, error: { code: 'PTZ_NOT_ARRIVED', hint: expect.any(String) } })
  expect(late.ms).toBeLessThan(5_600)
  expect(late.error?.detail).toMatch('at 0.250, -0.100, 0.100 instead of 0.200')
  expect((await stage.list())[0]?.journeys.count).toBe(0)
  stage.onAir = true
  await expect(stage.goTo(id)).rejects.toThrow(failing('PTZ_ON_AIR'))
}, 20_000)

test('a camera that is away goes to the last preset that was wanted when it is back, unless nobody wants it', async () => {
  await stage.begin()
  camera.turn(ALTAR)
  const altar = await stage.save('Altar')
  camera.turn(HOME)
  const home = await stage.save('Home')
  await camera.stop()
  expect(await stage.goTo(home.id)).toMatchObject({ arrived: false, pending: true, error: { code: 'PTZ_UNREACHABLE' } })
  expect(await stage.goTo(altar.id)).toMatchObject({ pending: true })
  expect(stage.heads.head('cam').state().pending).toBe(altar.id)
  expect((await stage.list('altar'))[0]?.state).toBe('pending')
  await camera.start()
  await until('it is told that it went there', () => stage.types().includes('preset.arrived'))
  expect(camera.position).toEqual(ALTAR)
  await camera.stop()
  expect(await stage.goTo(home.id)).toMatchObject({ pending: true })
  await stage.call('removePreset', {}, home.id)
  await camera.start()
  await until('it is back', () => stage.heads.head('cam').reachable)
  await until('it was compared', () => camera.asked.at(-1)?.action === 'GetStatus')
  expect(camera.moving).toBe(false)
  expect(camera.position).toEqual(ALTAR)
}, 20_000)

test('a camera that restarted looks home; where it stood before is known at the moment of its return', async () => {
  await stage.begin()
  camera.turn(ALTAR)
  await stage.save('Altar')
  await camera.stop()
  await expect(stage.save('Nothing')).rejects.toThrow(failing('PTZ_UNREACHABLE'))
  camera.turn(HOME)
  await camera.start()
  await until('it is back', () => stage.stood.length > 1)
  expect(stage.stood).toEqual([undefined, 'Altar'])
  await until('it is seen that it looks elsewhere now', () => stage.heads.head('cam').state().currentPreset === null)
})

test('a shot is one preset of the whole site; order, search and a document that comes back as it went', async () => {
  await stage.begin()
  const many: PresetFile = {
    presets: Array.from({ length: 1_000 }, (_, n) => ({
      name: `Place ${n}`,
      ...(n % 2 === 0 && { shotId: `shot-${n}` }),
      position: { pan: n / 1_000, tilt: 0, zoom: 0 },
    })),
  }
  const imported = await stage.call<Preset[]>('importPresets', many, '', 'cam', { replace: false })
  expect(imported).toHaveLength(1_000)
  expect(await stage.call('exportPresets')).toEqual(many)
  const begun = performance.now()
  const found = await stage.list('SHOT-998')
  expect(performance.now() - begun).toBeLessThan(100)
  expect(found.map(({ name }) => name)).toEqual(['Place 998'])
  await expect(stage.save('Altar', 'shot-2')).rejects.toThrow(failing('PRESET_SHOT_TAKEN'))
  const [first, second, third] = imported
  await expect(stage.call('changePreset', { shotId: 'shot-2' }, first?.id)).rejects.toThrow(
    failing('PRESET_SHOT_TAKEN'),
  )
  expect(await stage.call<Preset>('changePreset', { name: 'Door', shotId: null }, first?.id)).toMatchObject({
    shotId: null,
  })
  const copy = { presets: [{ name: 'Copy', shotId: 'shot-2' }] }
  await expect(stage.call('importPresets', copy, '', 'away', { replace: true })).rejects.toThrow(
    failing('PRESET_SHOT_TAKEN'),
  )
  const ordered = await stage.call<Preset[]>('orderPresets', { ids: [third?.id, first?.id] })
  expect(ordered.slice(0, 3).map(({ id }) => id)).toEqual([third?.id, first?.id, second?.id])
  const before = await stage.call<PresetFile>('exportPresets')
  await stage.call('importPresets', before, '', 'cam', { replace: true })
  expect(await stage.call('exportPresets')).toEqual(before)
})
