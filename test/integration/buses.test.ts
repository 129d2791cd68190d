import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { EngineStage, program } from '../peers/engine-stage.ts'
import { decodeErrors, packets } from '../peers/media.ts'
import { until } from '../peers/run.ts'

/** A deploy that wires other overlays to a destination, and changes more of the program at once. */
const profile = { width: 640, height: 360, fps: 30, videoBitrate: 1_500, audioBitrate: 96, keyframeInterval: 2 }
const stage = new EngineStage()
const file = join(stage.files.path, 'show.flv')
const bars = { kind: 'bars', id: 'bars', name: 'Bars', tone: true } as const

beforeAll(async () => {
  await stage.show([bars], [program('main', '640x360', '30', 'bars')])
})
afterAll(() => stage.end())

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
