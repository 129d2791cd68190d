import { createHash } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Overlay } from '../../runtime/contract/generated/engine.v1.ts'
import { PREVIEW } from '../../runtime/control/show/preview/preview-plan.ts'
import { EngineStage, program } from '../peers/engine-stage.ts'
import { decodeErrors, packets } from '../peers/media.ts'
import { scratch, until } from '../peers/run.ts'

/** A deploy that wires other overlays to a destination, and changes more of the program at once. */
const profile = { width: 640, height: 360, fps: 30, videoBitrate: 1_500, audioBitrate: 96, keyframeInterval: 2 }
const evidence = scratch('evidence')
const stage = new EngineStage({ evidence: evidence.path })
const file = join(stage.files.path, 'show.flv')
const bars = { kind: 'bars', id: 'bars', name: 'Bars', tone: true } as const

beforeAll(async () => {
  await stage.show([bars], [program('main', '640x360', '30', 'bars')])
})
afterAll(async () => {
  await stage.end()
  evidence.remove()
})

test('an encoder reads its bus to the end while the fallback changes with it: not a frame is missing', async () => {
  const output = (encoder: string) => [{ id: 'out', name: 'File', encoder, url: `file://${file}` }]
  const encoders = [{ id: 'before', program: 'main', bus: 'all', profile }]
  await stage.engine.apply({ ...stage.desired, encoders, outputs: output('before') })
  await until('live', () => stage.engine.state().outputs[0]?.status === 'live')
  await stage.produce('main', 45)
  const programs = [{ ...stage.desired.programs[0], buses: [{ id: 'clean', overlays: [] }], fallback: ['bars'] }]
  const after = [{ id: 'after', program: 'main', bus: 'clean', profile }]
  await stage.engine.apply({ ...stage.desired, programs, encoders: after, outputs: output('after') })
  await stage.produce('main', 120)
  await stage.engine.apply({ ...stage.desired, programs, encoders: [], outputs: [] })
  const times = (await packets(file, 'v')).map(({ dts }) => dts)
  expect(times.length).toBeGreaterThan(120)
  expect(Math.max(...times.slice(1).map((time, n) => time - times[n]))).toBeLessThan(34.5)
  expect(await decodeErrors(file)).toBe('')
  expect(stage.engine.state().encoders).toEqual([])
})

/** Pictures of both programs, whole and by the same hash, are the proof: JPEG of the same pixels is the same file. */
test('what is previewed is pixel for pixel what is on air, and another overlay is not', async () => {
  const file = stage.path('logo.svg')
  writeFileSync(
    file,
    '<svg xmlns="http://www.w3.org/2000/svg" width="90" height="60"><circle cx="45" cy="30" r="29"/></svg>',
  )
  const sha256 = createHash('sha256').update(readFileSync(file)).digest('hex')
  const document = (id: string, words: string): Overlay['document'] => ({
    ocl: '1.0',
    timeline: { id, version: 1, frameRate: 30, resolution: { width: 480, height: 270 } },
    assets: [{ id: 'logo', url: 'https://nowhere.invalid/logo.svg', sha256, mediaType: 'image/svg+xml' }],
    scenes: [
      {
        ...{ id: 's', start: 0 },
        tracks: [
          {
            ...{ id: 't', kind: 'any' },
            cues: [
              { id: 'words', start: 0, duration: 9_000, layer: 0, text: { value: words } },
              { id: 'logo', start: 0, duration: 9_000, layer: 1, assetRef: 'logo', properties: { opacity: 0.5 } },
            ],
          },
        ],
      },
    ],
  })
  const programs = ['air', PREVIEW, 'other'].map(id => program(id, '480x270', '30', 'bars'))
  await stage.show([bars], programs)
  await stage.sourcesAreOnAir()
  const playing = { startedAt: Date.now() + 1_000 }
  const of = (id: string, words: string): Overlay => ({
    ...{ id: 'title', program: id, document: document('title', words), assets: { logo: file }, tokens: {}, playing },
  })
  const overlays = [of('air', 'Pier 7'), of(PREVIEW, 'Pier 7'), of('other', 'Pier 8')]
  await stage.engine.apply({ ...stage.desired, overlays })
  for (const { id } of programs) await until(`${id} shows it`, () => layersOf(id) === 2)
  await stage.produce('air', 20)
  await stage.engine.apply({ ...stage.desired, overlays: [] })
  const pictureOf = (id: string) =>
    stage.events.flatMap(({ type, data }) => {
      const told = data as { program?: string; asset?: string; picture?: string }
      return type === 'overlay.aired' && told.program === id && told.picture ? [told.picture] : []
    })[0]
  const [air, preview, other] = await until('pictures of all three are told', () => {
    const found = programs.map(({ id }) => pictureOf(id))
    return found.every(each => each !== undefined) && found
  })
  expect(preview).toBe(air)
  expect(other).not.toBe(air)
})

const layersOf = (id: string) => stage.engine.state().programs.find(each => each.id === id)?.overlays[0]?.layers
