import { beforeEach, expect, test } from 'vitest'
import type { PlayRequest } from '../../runtime/contract/generated/openapi.v1.ts'
import { type OverlayBody, Overlays } from '../../runtime/control/show/overlays.ts'
import { rfc3339 } from '../../runtime/lib/clock.ts'
import { memoryShelf } from '../peers/shelf.ts'

const document = {
  ocl: '1.0',
  timeline: { id: 't', version: 1, frameRate: 25, resolution: { width: 320, height: 180 } },
  scenes: [{ id: 's', start: 0, tracks: [] }],
}
const START = 1_000_000

let now: number
let changes: number
let shelf: ReturnType<typeof memoryShelf<OverlayBody>>
let play: (request: PlayRequest) => Promise<number | undefined>
let put: (body: Record<string, unknown>) => Promise<unknown>
beforeEach(async () => {
  now = START
  changes = 0
  shelf = memoryShelf<OverlayBody>()
  await shelf.write('o', () => ({ body: { document, updatedAt: 0 } }))
  const overlays = new Overlays({
    shelf,
    clock: { now: () => now, mono: () => now },
    assets: { here: () => ({}), fetch: async () => {}, coming: () => false, readiness: () => [] },
    wired: () => true,
    fps: () => 25,
    changed: async () => void changes++,
    record: () => {},
  })
  const actor = { kind: 'user', name: 'u', role: 'operator' } as const
  put = async body => overlays.operations().putOverlay?.({ params: { id: 'o' }, query: {}, body, actor })
  play = async body => {
    await overlays.operations().playOverlay?.({ params: { id: 'o' }, query: {}, body, actor })
    return shelf.find('o')?.body.playing?.startedAt
  }
})

test('a play begins anew, a little later so that its first frame is not lost', async () => {
  expect(await play({})).toBe(START + 120)
  now += 5_000
  expect(await play({})).toBe(START + 5_120)
  expect(await play({ at: rfc3339(now + 9_000) })).toBe(START + 14_000)
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
  for (const broken of [
    { ...document, scenes: 7 },
    { ...document, ocl: '2.0' },
    { ...document, fallbacks: { asset: 'x' } },
  ])
    await expect(put(broken)).rejects.toMatchObject({ fault: { code: expect.stringMatching(/^(OCL_|UNKNOWN_)/) } })
  expect(shelf.find('o')?.body).toBe(before)
  expect(changes).toBe(1)
  now += 5_000
  const other = { ...document, timeline: { ...document.timeline, version: 2 } }
  await put(other)
  expect(shelf.find('o')?.body).toMatchObject({ document: other, playing: { startedAt } })
  expect(changes).toBe(2)
})
