import { createHash } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { CueLogRow, DataValue, Schedule, Studio, Timeline } from '../../runtime/contract/generated/openapi.v1.ts'
import { projectRoot } from '../../runtime/lib/project.ts'
import { AssetServer } from '../peers/asset-server.ts'
import { scratch, until } from '../peers/run.ts'
import { packageOf } from '../peers/segment-package.ts'
import { type FlowNode, Stage } from '../peers/stage.ts'
import type { Broker } from '../peers/studio/broker.ts'
import { PairedBox } from '../peers/studio/paired.ts'
import { ReferenceStudio } from '../peers/studio/studio.ts'

/** The shipped flows, one after the other on a fresh appliance, each with its story. The single-camera show has a test of its own. */
const PROFILE = { width: 640, height: 360, fps: 30, videoBitrate: 1_500, audioBitrate: 128, keyframeInterval: 2 }
const folder = scratch('flows')
const ca = join(folder.path, 'studio.pem')
const stage = new Stage({}, { env: { NODE_EXTRA_CA_CERTS: ca } })
let studio: ReferenceStudio<Broker>
let shipped: FlowNode[] = []

/** An example as somebody imports it, with the values of its tab. */
function example(name: string, values: Record<string, string> = {}): FlowNode[] {
  const nodes: FlowNode[] = JSON.parse(readFileSync(join(projectRoot(), 'flows', 'examples', `${name}.json`), 'utf8'))
  const given = (env: { name: string; value: string }[]) =>
    env.map(one => ({ ...one, value: values[one.name] ?? one.value }))
  return nodes.map(node => (node.type === 'tab' ? { ...node, env: given(node.env as never) } : node))
}

/** Node-RED answers a deploy before the new nodes are there. */
const press = (button: string) =>
  until(
    `${button} is pressed`,
    async () => (await stage.api.call('POST', `/editor/inject/${button}`, {}, true)).status === 200,
  )

const words = (id: string) => ({
  ocl: '1.0',
  timeline: { id, version: '1', frameRate: 30, resolution: { width: 640, height: 360 } },
  ...{ assets: [], fallbacks: {} },
  scenes: [
    {
      ...{ id: 'one', start: 0 },
      tracks: [
        {
          ...{ id: 'track', kind: 'lower-third' },
          cues: [{ id: 'words', start: 0, duration: 600_000, layer: 0, text: { value: id } }],
        },
      ],
    },
  ],
})
const CUES = [{ camera: 'slate', start: 0, duration: 600_000 }]
const SEGMENT = {
  ...{ segment: '1.0', id: 'spare', version: 1, name: 'Spare', duration: 600_000, overlays: [], metadata: {} },
  timeline: { id: 'own', name: 'Spare', loop: false, gap: 'hold', cues: [{ ...CUES[0], id: 'pier', camera: 'Pier' }] },
}
const timelineOf = async (name: string) =>
  (await stage.api.get<Timeline[]>('/timelines')).find(timeline => timeline.name === name)

beforeAll(async () => {
  studio = await ReferenceStudio.start()
  writeFileSync(ca, studio.authority.pem)
  await stage.start({ width: 640, height: 360, fps: 30 })
  shipped = await stage.flows()
}, 120_000)
afterAll(async () => {
  await Promise.all([stage.end(), studio.stop()])
  folder.remove()
})

test('program: a camera on air and live, with no other flow there', async () => {
  await stage.deploy(example('program'))
  await stage.onAir(PROFILE)
  expect((await stage.program()).fallback).toBe(false)
})

test('timeline runner: the timeline is kept and started, its cues come through the flow, which may take their overlays', async () => {
  await stage.api.put('/overlays/welcome', words('welcome'))
  for (const QUIET of ['no', 'yes']) {
    await stage.deploy([...shipped, ...example('timeline-runner', { SECONDS: '3', QUIET })])
    await press('run-keep')
    const id = await until('it is kept', async () => (await timelineOf('Evening'))?.id)
    const rows = () => stage.api.get<CueLogRow[]>(`/timelines/${id}/log`)
    const before = (await rows())[0]?.n ?? 0
    // Its wire is known once the deploy has settled.
    const runs = async () => {
      const status = (await timelineOf('Evening'))?.state.status
      // Each start begins it anew.
      if (status === 'idle') await press('run-start')
      return status === 'running'
    }
    await until('it runs', runs, { everyMs: 200 })
    const shown = await until('its second cue', async () =>
      (await rows()).find(({ n, cue }) => n > before && cue === 'words'),
    )
    expect(shown).toMatchObject({ by: 'flow', outcome: 'done', camera: 'Pier' })
    expect(shown.overlay).toBe(QUIET === 'no' ? 'welcome' : undefined)
    await press('run-stop')
    await until('it has stopped', async () => (await timelineOf('Evening'))?.state.status === 'idle')
  }
}, 60_000)

test('weather: the lower third is on air with what the service says', async () => {
  const service = new AssetServer('http')
  await service.start()
  service.files.set('/now', Buffer.from('{"current":{"temperature_2m":7.4,"wind_speed_10m":3}}'))
  const WEATHER_URL = service.url('/now', '127.0.0.1')
  await stage.deploy([...shipped, ...example('weather-lower-third', { WEATHER_URL })])
  const values = async () => (await stage.api.get<DataValue[]>('/data')).map(({ key, value }) => [key, value])
  await until('it was asked', async () => (await values()).length >= 2)
  expect(Object.fromEntries(await values())).toMatchObject({ temperature: '7.4', wind: '3' })
  await press('weather-show')
  const [shown] = await until('it is on air', async () => {
    const { overlays } = await stage.program()
    // It is told from when it is drawn, a moment before its first frame.
    return overlays.some(({ layers }) => layers > 0) && overlays
  })
  expect(shown).toMatchObject({ id: 'weather', layers: 3 })
  await press('weather-hide')
  await until('it is off', async () => (await stage.program()).overlays.length === 0)
  await service.stop()
}, 60_000)

test('fallbacks: bars for a camera that is gone, another overlay for a missing one', async () => {
  await stage.api.put('/overlays/house-ad', words('house-ad'))
  await stage.deploy([...shipped, ...example('fallbacks')])
  await press('fall-play')
  const playing = async () => (await stage.program()).overlays.some(({ id }) => id === 'house-ad')
  await until('the other overlay is seen', playing)
  await stage.api.post('/program/take', { source: stage.cameraId })
  await stage.sourceIs(stage.cameraId)
  await stage.camera.stop()
  await stage.sourceIs('bars-silent')
  expect((await stage.program()).fallback).toBe(true)
  await stage.camera.start()
  await stage.sourceIs(stage.cameraId, 30_000)
}, 90_000)

test('Studio gone: what it sent goes on, schedules and segments begin, a local show starts, and all of that is told afterwards', async () => {
  const { api } = stage
  const box = new PairedBox({ ask: (...asked) => api.call(...asked), get: path => api.get(path) }, studio)
  const bytes = packageOf([{ name: 'segment.json', content: JSON.stringify(SEGMENT) }])
  const at = '/spare.vseg'
  studio.more = async ({ url }, response) => url === at && void response.end(bytes) === undefined
  await api.patch('/settings', { privateAssetHosts: ['localhost'] })
  await box.pair()
  const sha256 = createHash('sha256').update(bytes).digest('hex')
  expect(await box.do('segment.publish', { url: studio.url + at, sha256 })).toMatchObject({ status: 'done' })
  expect(await box.do('overlay.apply', { id: 'studios', ocl: words('studios') })).toMatchObject({ status: 'done' })
  const show = (name: string) => api.post<Timeline>('/timelines', { name, cues: CUES, loop: true })
  const [local, planned] = await Promise.all([show('Local show'), show('Planned')])
  await stage.deploy([...shipped, ...example('fallbacks', { AWAY_MS: '500' })])
  const runs =
    ({ id }: Timeline) =>
    async () =>
      (await api.get<Timeline>(`/timelines/${id}`)).state.status === 'running'
  const ports = studio.brokers.map(url => Number(new URL(url).port))

  const cut = Date.now()
  await studio.broker.stop()
  await until('the local show runs', runs(local))
  const started = (await api.get<Timeline>(`/timelines/${local.id}`)).state.startedAt
  const { connected, since } = await api.get<Studio>('/studio')
  expect(connected).toBe(false)
  expect(Math.abs(Date.parse(since) - cut)).toBeLessThan(2_000)
  const days = [0, 1, 2, 3, 4, 5, 6]
  const hours = { timeline: planned.id, days, from: '00:00', to: '00:00', timezone: 'UTC' }
  const schedule = await api.post<Schedule>('/schedules', hours)
  await until('the schedule has begun', async () => {
    const { state } = await api.get<Timeline>(`/timelines/${local.id}`)
    // Once: it does not begin anew for as long as Studio is away.
    if (state.status === 'running') expect(state.startedAt).toBe(started)
    return runs(planned)()
  })
  await api.post('/segments/spare/play', {})
  await stage.sourceIs(stage.cameraId)
  expect((await stage.program()).overlays.map(({ id }) => id)).toContain('studios')

  const back = Date.now()
  await studio.broker.start({ mqtts: ports[0] ?? 0, wss: ports[1] ?? 0 })
  const told = () => box.events('timeline.started').filter(({ time }) => Date.parse(String(time)) > cut)
  await until('it is told', () => told().length >= 3, { timeoutMs: 30_000 })
  for (const { time } of told()) expect(Date.parse(String(time))).toBeLessThan(back)
  await api.delete(`/schedules/${schedule.id}`)
  await api.delete('/studio')
}, 120_000)

test('schedule: live while the hours of the timeline last', async () => {
  const id = (await timelineOf('Local show'))?.id
  await stage.api.post(`/timelines/${id}/stop`)
  await stage.api.post(`/destinations/${stage.destinationId}/stop`)
  await stage.deploy([...shipped, ...example('schedule', { TIMELINE: 'Local show' })])
  await stage.destinationIs('idle')
  const days = [0, 1, 2, 3, 4, 5, 6]
  // All day, wherever the test runs.
  const hours = { timeline: id, days, from: '00:00', to: '00:00', timezone: 'UTC' }
  const schedule = await stage.api.post<Schedule>('/schedules', hours)
  await stage.destinationIs('live')
  await stage.api.delete(`/schedules/${schedule.id}`)
  await stage.destinationIs('idle')
}, 60_000)
