import { afterAll, expect, test } from 'vitest'
import type { Overlay } from '../../runtime/contract/generated/engine.v1.ts'
import { systemClock } from '../../runtime/lib/clock.ts'
import { EngineStage, program } from '../peers/engine-stage.ts'
import { freePort, until } from '../peers/run.ts'

const stage = new EngineStage()
const renderer = () => stage.engine.state().children.find(({ kind }) => kind === 'renderer')?.pid
afterAll(() => stage.end())

const overlay = (id: string, temperature: string): Overlay => ({
  ...{ id, program: 'main', assets: {}, tokens: { temperature }, playing: { startedAt: systemClock.now() } },
  document: {
    ocl: '1.0',
    timeline: { id, version: 1, frameRate: 30, resolution: { width: 320, height: 180 } },
    scenes: [{ id: 's', start: 0, tracks: [{ id: 'k', kind: 'any', cues: [cue('{{temperature}}')] }] }],
  },
})
const cue = (value: string) => ({ id: 'c', start: 0, duration: 3_600_000, layer: 0, text: { value } })

test('a renderer that hangs holds up overlays only: takes and starts are done at once, and the overlays come later', async () => {
  const source = { kind: 'bars', id: 'bars', name: 'Bars', tone: false } as const
  const slate = { kind: 'slate', id: 'slate', name: 'Slate', title: 'Back soon', subtitle: '' } as const
  await stage.show([source, slate], [program('main', '320x180', '30', 'slate')])
  await stage.sourcesAreOnAir()
  const hanging = renderer()
  if (hanging === undefined) throw new Error('no renderer')
  process.kill(hanging, 'SIGSTOP')

  const began = systemClock.mono()
  const profile = { width: 320, height: 180, fps: 30, videoBitrate: 500, audioBitrate: 64, keyframeInterval: 1 }
  stage.desired = {
    ...stage.desired,
    overlays: Array.from({ length: 10 }, (_, n) => overlay(`o${n}`, '20')),
    encoders: [{ id: 'e', program: 'main', bus: 'all', profile }],
    outputs: [
      { id: 'out', name: 'Out', encoder: 'e', url: `rtmp://127.0.0.1:${await freePort()}/live`, streamKey: 'k' },
    ],
  }
  await stage.take({ source: 'bars' })
  expect(systemClock.mono() - began).toBeLessThan(2_000)
  expect(stage.engine.state().outputs).toMatchObject([{ id: 'out' }])

  const again = systemClock.mono()
  stage.desired = { ...stage.desired, sources: [source, { ...slate, title: 'Back very soon' }] }
  stage.desired = { ...stage.desired, overlays: stage.desired.overlays.map(({ id }) => overlay(id, '21')) }
  await stage.take({ source: 'slate' })
  expect(systemClock.mono() - again).toBeLessThan(500)
  await stage.sourcesAreOnAir()

  const [gone, ...left] = stage.desired.overlays
  const hidden = left.map(each => (each.id === 'o1' ? { ...each, playing: undefined } : each))
  stage.desired = { ...stage.desired, overlays: hidden }
  await stage.engine.apply(stage.desired)
  // On a busy machine its watchdog may have been faster.
  if (renderer() === hanging) process.kill(hanging, 'SIGCONT')
  const shown = () => stage.engine.state().programs[0].overlays
  await until('the others are there', () => shown().length === 8)
  expect(shown()).not.toContain(gone.id)
  expect(shown()).not.toContain('o1')
})
