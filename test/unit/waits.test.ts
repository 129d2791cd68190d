import { beforeEach, expect, test } from 'vitest'
import type { EngineState } from '../../runtime/contract/generated/engine.v1.ts'
import type { OverlayBody } from '../../runtime/control/show/overlay-play.ts'
import { milestonesOf, Waits } from '../../runtime/control/show/waits.ts'
import { reachedOn } from '../../runtime/engine/graphics/reached.ts'
import { HouseClock } from '../../runtime/lib/house-clock.ts'
import { resolve, validateOcl } from '../../runtime/ocl/index.ts'
import { memoryShelf } from '../peers/shelf.ts'

const shape = { type: 'rectangle', color: '#ff0000' }
const cue = (id: string, start: string, sync?: object) => ({
  id,
  start,
  duration: '5s',
  layer: 0,
  shape,
  ...(sync && { sync }),
})
const sent = {
  ocl: '1.0',
  timeline: { id: 't', version: 1, frameRate: 30, resolution: { width: 320, height: 180 } },
  scenes: [
    { id: 'a', start: 0, duration: '10s', tracks: [{ id: 'k', kind: 'any', cues: [cue('plain', 't+0s')] }] },
    {
      ...{ id: 'b', start: '00:00:10.000' },
      tracks: [
        {
          ...{ id: 'k2', kind: 'any' },
          cues: [
            cue('pier', 't+0s', { awaitPreset: 'Pier', timeout: '3s', otherwise: 'skip' }),
            cue('live', 't+0s', { awaitMilestone: 'stream.live', timeout: '3s', otherwise: 'skip' }),
            cue('other', 't+1s'),
          ],
        },
      ],
    },
  ],
}
const checked = validateOcl(sent)
if (!checked.ok) throw new Error(JSON.stringify(checked.errors))
const { document } = checked

let now: number
let waits: Waits
let changes: number
let shelf: ReturnType<typeof memoryShelf<OverlayBody>>
beforeEach(async () => {
  now = 1_000_000
  changes = 0
  shelf = memoryShelf<OverlayBody>()
  waits = new Waits({
    shelf,
    clock: new HouseClock({ now: () => now, mono: () => now }),
    documentOf: () => document,
    changed: async () => void changes++,
  })
  await shelf.write('o', () => ({
    body: { document: sent, updatedAt: 0, playing: { startedAt: now, scene: 'b' } },
  }))
})

const playing = () => shelf.find('o')?.body.playing
/** What is on the screen `t` ms after the play began, as the engine resolves it. */
const cues = (t: number) =>
  resolve(document, t, { scene: 'b', ...reachedOn(document, playing()) }).layers.map(layer => layer.cue)

const output = (id: string, status: 'live' | 'connecting', since: number) => ({
  ...{ id, status, since, videoBitrate: 0, queueSeconds: 0, connects: 1 },
})
const state = (...outputs: ReturnType<typeof output>[]): EngineState => ({
  ...{ pid: 1, startedAt: 900_000, programs: [], sources: [], encoders: [], children: [] },
  outputs,
})

test('a cue waits for its preset from its own start on; the others go their way', async () => {
  expect(cues(1_000)).toEqual(['other'])
  now += 1_200
  await waits.reached('presets', 'Pier')
  await waits.reached('presets', 'Nobody asked')
  expect(changes).toBe(1)
  expect(cues(1_199)).toEqual(['other'])
  expect(cues(1_200)).toEqual(['pier', 'other'])
  expect(cues(6_199)).toEqual(['pier'])
  expect(cues(6_200)).toEqual([])
})

test('one that comes too late is not shown where the document says so', async () => {
  now += 3_001
  await waits.reached('presets', 'Pier')
  expect(cues(3_100)).toEqual(['other'])
})

test('milestones come from what the engine says; what was reached stays so for this play', async () => {
  now += 500
  await waits.see(state(output('x', 'connecting', 0)))
  expect(cues(600)).toEqual([])
  await waits.see(state(output('x', 'live', now)))
  await waits.see(state(output('x', 'live', now)))
  expect(changes).toBe(1)
  expect(cues(600)).toEqual(['live'])
  await waits.see(undefined)
  expect(cues(600)).toEqual(['live'])
  expect(waits.known(document)).toBeUndefined()
})

test('what is there already lets a play begin at once, until the camera has left', async () => {
  await waits.standing(['Pier', 'shot-7'])
  expect(waits.known(document)).toEqual({ presets: { Pier: now }, milestones: {} })
  expect(playing()?.reached?.presets).toEqual({ Pier: now })
  await waits.standing(['shot-7'])
  expect(waits.known(document)).toBeUndefined()
  // What a flow says of a preset no camera takes back.
  await waits.reached('presets', 'Pier')
  await waits.standing([])
  expect(waits.known(document)).toEqual({ presets: { Pier: now }, milestones: {} })
})

test('the milestones of a show', () => {
  expect(milestonesOf(undefined)).toEqual({})
  expect(milestonesOf(state(output('x', 'live', 7), output('y', 'live', 5), output('z', 'connecting', 1)))).toEqual({
    'program.start': 900_000,
    'stream.live': 5,
    'destination.x.live': 7,
    'destination.y.live': 5,
  })
})
