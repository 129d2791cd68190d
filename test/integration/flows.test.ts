import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { CueLogRow, Schedule, Timeline } from '../../runtime/contract/generated/openapi.v1.ts'
import { projectRoot } from '../../runtime/lib/project.ts'
import { until } from '../peers/run.ts'
import { type FlowNode, Stage } from '../peers/stage.ts'

/** The shipped flows, one after the other on a fresh appliance, each with its story. The single-camera show has a test of its own. */
const PROFILE = { width: 640, height: 360, fps: 30, videoBitrate: 1_500, audioBitrate: 128, keyframeInterval: 2 }
const stage = new Stage()
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
const timelineOf = async (name: string) =>
  (await stage.api.get<Timeline[]>('/timelines')).find(timeline => timeline.name === name)

beforeAll(async () => {
  await stage.start({ width: 640, height: 360, fps: 30 })
  shipped = await stage.flows()
}, 120_000)
afterAll(() => stage.end())

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

test('fallbacks: bars for a camera that is gone, another overlay for a missing one, a local show without Studio', async () => {
  await stage.api.put('/overlays/house-ad', words('house-ad'))
  const cues = [{ camera: 'slate', start: 0, duration: 600_000 }]
  await stage.api.post('/timelines', { name: 'Local show', cues })
  await stage.deploy([...shipped, ...example('fallbacks', { AWAY_MS: '500' })])
  await until('the local show runs', async () => (await timelineOf('Local show'))?.state.status === 'running')
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
