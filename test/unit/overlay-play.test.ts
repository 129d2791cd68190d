import { beforeEach, expect, test, vi } from 'vitest'
import type { PlayRequest, StopRequest } from '../../runtime/contract/generated/openapi.v1.ts'
import type { OverlayBody } from '../../runtime/control/show/overlay-play.ts'
import { Overlays } from '../../runtime/control/show/overlays.ts'
import { rfc3339 } from '../../runtime/lib/clock.ts'
import { HouseClock } from '../../runtime/lib/house-clock.ts'
import { memoryShelf } from '../peers/shelf.ts'

const document = {
  ocl: '1.0',
  timeline: { id: 't', version: 1, frameRate: 25, resolution: { width: 320, height: 180 } },
  scenes: [{ id: 's', start: 0, tracks: [] }],
}
const waiting = {
  ...{ id: 'c', start: 0, duration: '5s', layer: 0, shape: { type: 'rectangle', color: '#ffffff' } },
  sync: { awaitPreset: 'Pier' },
}
const START = 1_000_000
const actor = { kind: 'user', name: 'u', role: 'operator' } as const

let now: number
let changes: number
/** What the engine does with a plan before it says that it has it. */
let engine: () => Promise<void>
let shelf: ReturnType<typeof memoryShelf<OverlayBody>>
let overlays: Overlays
let halt: (request: StopRequest) => Promise<unknown>
let play: (request: PlayRequest) => Promise<number | undefined>
let put: (body: Record<string, unknown>) => Promise<unknown>
beforeEach(async () => {
  now = START
  changes = 0
  engine = async () => {}
  shelf = memoryShelf<OverlayBody>()
  await shelf.write('o', () => ({ body: { document, updatedAt: 0 } }))
  overlays = new Overlays({
    shelf,
    clock: new HouseClock({ now: () => now, mono: () => now }),
    assets: { here: () => ({}), fetch: async () => {}, coming: () => false, readiness: () => [] },
    wired: () => true,
    fps: () => 25,
    changed: () => {
      changes++
      return engine()
    },
    record: () => {},
  })
  put = async body => overlays.operations().putOverlay?.({ params: { id: 'o' }, query: {}, body, actor })
  play = async body => {
    await overlays.operations().playOverlay?.({ params: { id: 'o' }, query: {}, body, actor })
    return shelf.find('o')?.body.playing?.startedAt
  }
  halt = async body => overlays.operations().stopOverlay?.({ params: { id: 'o' }, query: {}, body, actor })
})

test('a play begins anew, a little later so that its first frame is not lost', async () => {
  expect(await play({})).toBe(START + 120)
  now += 5_000
  expect(await play({})).toBe(START + 5_120)
})

test('a play of now begins once the engine has drawn it, however long that takes', async () => {
  engine = async () => {
    now += 400
  }
  expect(await play({})).toBe(START + 400 + 120)
  await halt({})
  // What has its moment, or has begun long ago, waits for nobody.
  const at = now + 300
  expect(await play({ at: rfc3339(at) })).toBe(at)
  const before = now
  expect(await play({ position: 500 })).toBe(before - 500)
})

test('what plays goes on until the moment that another play, or a stop, is asked for', async () => {
  await play({ scene: 's' })
  now += 1_000
  expect(await play({ at: rfc3339(START + 5_000) })).toBe(START + 120)
  const [summary] = overlays.list()
  expect(summary).toMatchObject({ playing: { scene: 's' }, next: { playing: true, scene: null } })
  expect(Date.parse(summary?.next?.at ?? '')).toBe(START + 5_000)
  expect(overlays.planned()).toMatchObject([
    { playing: { startedAt: START + 120 }, following: { at: START + 5_000, play: { startedAt: START + 5_000 } } },
  ])
  // Whoever tells where it stands changes nothing of what is to follow.
  await play({ position: 500, scene: 's' })
  expect(overlays.planned()).toMatchObject([{ playing: { startedAt: START + 500 }, following: { at: START + 5_000 } }])
  now = START + 5_000
  expect(overlays.planned()).toEqual([{ ...overlays.planned()[0], playing: { startedAt: START + 5_000 } }])
  expect(overlays.list()[0]).not.toHaveProperty('next')

  now += 1_000
  await halt({ at: rfc3339(START + 8_000) })
  expect(overlays.list()).toMatchObject([{ playing: {}, next: { playing: false, scene: null } }])
  now = START + 8_000
  expect(overlays.list()[0]).toMatchObject({ playing: null })
  expect(shelf.find('o')?.body.playing).toBeDefined()
})

test('a play that has not begun is replaced, and one at once takes the place of all', async () => {
  expect(await play({ at: rfc3339(START + 9_000) })).toBe(START + 9_000)
  expect(await play({ at: rfc3339(START + 7_000) })).toBe(START + 7_000)
  await play({})
  now += 1_000
  await play({ at: rfc3339(START + 7_000) })
  await play({})
  expect(overlays.list()[0]).not.toHaveProperty('next')
  await play({ at: rfc3339(START + 7_000) })
  await halt({})
  expect(overlays.list()[0]).toMatchObject({ playing: null })
  expect(overlays.planned()[0]).not.toHaveProperty('following')
})

test('what was to follow while control was away has followed; what it waits for is known by then', async () => {
  const waits = { ...document, scenes: [{ id: 's', start: 0, tracks: [{ id: 't', kind: 'any', cues: [waiting] }] }] }
  await shelf.write('o', () => ({ body: { document: waits, updatedAt: 0 } }))
  await play({})
  now += 1_000
  await play({ at: rfc3339(START + 5_000) })
  await overlays.waits.reached('presets', 'Pier')
  now = START + 6_000
  overlays.start()
  await vi.waitFor(() => expect(shelf.find('o')?.body).not.toHaveProperty('following'))
  overlays.stop()
  expect(shelf.find('o')?.body.playing).toEqual({
    startedAt: START + 5_000,
    reached: { presets: { Pier: START + 1_000 }, milestones: {} },
  })
})

test('a position joins half way, and tells a play where it stands', async () => {
  expect(await play({ position: 3_000 })).toBe(START - 3_000)
  now += 1_000
  // Off by less than a frame: nothing moves, nobody is told.
  for (const position of [4_000, 4_039, 3_961]) expect(await play({ position })).toBe(START - 3_000)
  expect(changes).toBe(1)
  expect(await play({ position: 4_040 })).toBe(START - 3_040)
  expect(changes).toBe(2)
  // The show's clock says what was, when it was said.
  expect(await play({ at: rfc3339(START + 600), position: 100 })).toBe(START + 500)
  expect(await play({ position: 500, scene: 's' })).toBe(START + 500)
  expect(shelf.find('o')?.body.playing?.scene).toBe('s')
})

test('a document that is put over one on air keeps its time; one that is refused changes nothing', async () => {
  const startedAt = await play({})
  const before = shelf.find('o')?.body
  changes = 0
  for (const broken of [
    { ...document, scenes: 7 },
    { ...document, ocl: '2.0' },
    { ...document, fallbacks: { asset: 'x' } },
  ])
    await expect(put(broken)).rejects.toMatchObject({ fault: { code: expect.stringMatching(/^(OCL_|UNKNOWN_)/) } })
  expect(shelf.find('o')?.body).toBe(before)
  expect(changes).toBe(0)
  now += 5_000
  const other = { ...document, timeline: { ...document.timeline, version: 2 } }
  await put(other)
  expect(shelf.find('o')?.body).toMatchObject({ document: other, playing: { startedAt } })
  expect(changes).toBe(1)
})

test('one that is deleted in the moment when it was to follow keeps none of the others', async () => {
  const remove = async (id: string) =>
    overlays.operations().removeOverlay?.({ params: { id }, query: {}, body: undefined, actor })
  for (const id of ['o', 'p', 'q']) {
    const playing = { startedAt: START - 1_000 }
    const following = { at: START + 200, play: { startedAt: START + 200 } }
    await shelf.write(id, () => ({ body: { document, updatedAt: 0, playing, following } }))
  }
  overlays.start()
  now = START + 200
  const { write } = shelf
  let removed: Promise<unknown> | undefined
  shelf.write = (id, change) => {
    const written = write(id, change)
    removed ??= remove('p')
    return written
  }
  await vi.waitFor(() => expect(shelf.find('q')?.body).not.toHaveProperty('following'))
  await removed
  expect(overlays.list().map(({ id }) => id)).toEqual(['o', 'q'])
  overlays.stop()
})
