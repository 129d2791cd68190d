import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Load } from '../../runtime/engine/readiness/load.ts'
import { camera, EngineStage, program } from '../peers/engine-stage.ts'
import { RtspCamera } from '../peers/rtsp-camera.ts'
import { until } from '../peers/run.ts'

/** Three cameras of mode auto on a machine of which the test says how busy it is; everything else is real. */
const load: Load & { total: number } = {
  total: 0.3,
  children: new Map([
    ['spare', 0.1],
    ['third', 0.1],
  ]),
}
const stage = new EngineStage({ meter: () => load })
const device = new RtspCamera({ size: 'small', audio: false })
const login = { username: device.username, password: device.password, mode: 'auto' } as const

const source = (id: string) => stage.engine.state().sources.find(each => each.id === id)
const onAir = () => stage.engine.state().programs[0]
const told = (type: string) => stage.events.filter(event => event.type === type).map(({ data }) => data)
const modes = () => ['first', 'spare', 'third'].map(id => source(id)?.mode)

beforeAll(async () => {
  await device.start()
  const cameras = ['first', 'spare', 'third'].map(id => camera(id, device.url, login))
  const slate = { kind: 'slate', id: 'slate', name: 'Slate', title: 'Soon', subtitle: '' } as const
  await stage.show([...cameras, slate], [program('main', '640x360', '30', 'first')])
  await stage.sourcesAreOnAir()
  await until('all online', () => cameras.every(({ id }) => source(id)?.status === 'online'))
})
afterAll(async () => {
  await stage.end()
  await device.stop()
})

test('with room, all are hot; without, one that nobody sees or watches goes to standby, with the reason', async () => {
  expect(modes()).toEqual(['hot', 'hot', 'hot'])
  const leave = stage.engine.auto.watch('spare')
  load.total = 0.9
  await until('one sleeps', () => modes().includes('standby'))
  expect(modes()).toEqual(['hot', 'hot', 'standby'])
  expect(told('source.standby')).toEqual([{ source: 'third', why: 'load', load: 0.9 }])
  load.total = 0.7
  leave()
  await until('a keyframe comes', () => source('third')?.status === 'online')
  expect(source('first')?.mode).toBe('hot')
})

test('a take warms it up; until it moves the picture before stays, and no offline, no slate comes between', async () => {
  stage.events.length = 0
  const seen = new Set<string | undefined>()
  await stage.take({ source: 'third', askedAt: Date.now(), transition: { type: 'fade', durationMs: 200 } })
  expect(source('third')?.mode).toBe('warming')
  await until('it is on air', () => seen.add(onAir()?.source) && onAir()?.source === 'third', { everyMs: 5 })
  expect([...seen].sort()).toEqual(['first', 'third'])
  expect(source('third')?.mode).toBe('hot')
  // The camera has a keyframe each second; the rest is its new session.
  const { latencyMs } = await until('its time is told', () => onAir()?.taken)
  console.error('latency', latencyMs)
  expect(latencyMs).toBeLessThan(5_000)
  expect([...told('source.offline'), ...told('program.fallback')]).toEqual([])
})

test('with room again it is hot for good', async () => {
  load.total = 0.4
  await stage.take({ source: 'first' })
  await until('there is room', () => told('source.hot').length > 0, { timeoutMs: 40_000 })
  expect(told('source.hot')).toEqual([{ source: 'third', why: 'room', load: 0.4 }])
  await until('all are hot', () => modes().every(mode => mode === 'hot'))
})
