import { createHash } from 'node:crypto'
import { createCanvas } from '@napi-rs/canvas'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { ApplianceProcess } from '../peers/appliance.ts'
import { until } from '../peers/run.ts'
import type { ProgramView } from '../peers/stage.ts'

/** The first minute of a new appliance: no camera yet, and everything is being set. The slate is there throughout. */
const appliance = new ApplianceProcess({ fresh: true })
const sources = new Set<string>()
let watching = true
let watcher: Promise<void>

async function watch(): Promise<void> {
  while (watching) {
    const { status, body } = await appliance.api.call<ProgramView>('GET', '/program')
    // 503 while the engine makes a show of another size.
    if (status === 200) sources.add(body.source)
  }
}

beforeAll(async () => {
  await appliance.start()
  await appliance.setUp()
  watcher = watch()
}, 120_000)
afterAll(() => appliance.remove())

const events = (type: string) => appliance.api.get<{ message: string }[]>(`/events?type=${type}`)

test('another size, another place, another flow: the slate is on air all the time, and nothing fell back', async () => {
  await appliance.api.patch('/settings', { program: { width: 1280, height: 720, fps: 30 } })
  for (const locationName of ['Pier 8', 'Pier 9', 'Pier 10']) await appliance.api.patch('/settings', { locationName })
  const produced = async () => (await appliance.api.get<ProgramView>('/program')).frames.produced
  const before = await produced()
  await until('a second has passed', async () => (await produced()) > before + 30)
  watching = false
  await watcher
  expect([...sources]).toEqual(['slate'])
  expect(await events('program.fallback')).toEqual([])
})

test('played right after it was stored, an overlay with an image of its own is whole: nothing is said to be missing', async () => {
  const png = createCanvas(640, 360).toBuffer('image/png')
  const sha256 = createHash('sha256').update(png).digest('hex')
  const url = `data:image/png;base64,${png.toString('base64')}`
  const cue = { id: 'c', start: 0, duration: '01:00:00.000', layer: 1, unsafe: true, assetRef: 'logo' }
  const position = { anchor: 'top-left', x: 0, y: 0 }
  await appliance.api.put('/overlays/logo', {
    ocl: '1.0',
    timeline: { id: 't', version: '1', frameRate: 30, resolution: { width: 1280, height: 720 } },
    assets: [{ id: 'logo', url, sha256, mediaType: 'image/png', rights: { tags: [] } }],
    scenes: [
      { id: 's', start: 0, tracks: [{ id: 'g', kind: 'fullscreen', cues: [{ ...cue, properties: { position } }] }] },
    ],
  })
  await appliance.api.post('/overlays/logo/play')
  const shown = async () => (await appliance.api.get<ProgramView>('/program')).overlays
  await until('it is on air', async () => (await shown()).some(({ id, layers }) => id === 'logo' && layers === 1))
  expect(await events('overlay')).toMatchObject([
    { message: 'Overlay logo was put on air.' },
    { message: 'Overlay logo was stored.' },
  ])
})
