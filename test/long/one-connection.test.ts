import { afterAll, beforeAll, expect, test } from 'vitest'
import { sleep, systemClock } from '../../runtime/lib/clock.ts'
import { counters, packets } from '../peers/media.ts'
import { RtmpPlatform } from '../peers/nginx-rtmp.ts'
import { RtspCamera } from '../peers/rtsp-camera.ts'
import { until } from '../peers/run.ts'
import { type DestinationView, Stage } from '../peers/stage.ts'

const TAKES = 2_000
const EDITS = 500
/** Each take is seen for two frames at least. */
const TAKE_MS = 100
const PICTURE = { width: 640, height: 360, fps: 30 }
const KEYS = ['one', 'two', 'three', 'four', 'five']

const stage = new Stage({ size: 'small' })
const second = new RtspCamera({ size: 'small' })
const platform = new RtmpPlatform(KEYS)
const destinations: string[] = []

beforeAll(async () => {
  await Promise.all([stage.start(PICTURE), second.start(), platform.start()])
  const profile = { ...PICTURE, videoBitrate: 1_000, audioBitrate: 96, keyframeInterval: 1 }
  for (const streamKey of KEYS) {
    const body = { name: streamKey, platform: 'rtmp', url: platform.url, streamKey, profile }
    destinations.push((await stage.api.post<DestinationView>('/destinations', body)).id)
  }
}, 120_000)
afterAll(async () => {
  await stage.end()
  await Promise.all([second.stop(), platform.remove()])
})

/** A small bar at the bottom, where it hides no number. */
const overlay = (n: number) => ({
  ...{ ocl: '1.0', assets: [] },
  timeline: { id: 't', version: String(n), frameRate: 30, resolution: { width: 640, height: 360 } },
  scenes: [{ id: 's', start: 0, tracks: [{ id: 'g', kind: 'lower-third', cues: [words(n)] }] }],
})
const words = (n: number) => ({ id: 'c', start: 0, duration: '10:00:00.000', layer: 1, text: { value: `Edit ${n}` } })

test('five outputs, 2,000 takes, 500 edits of the overlay on air: one connection each, and every picture', async () => {
  const { api } = stage
  const cameras = [await stage.addCamera(), await stage.addCamera(second, 'Quay')]
  await stage.sourceIs(cameras[0])
  await api.put('/overlays/words', overlay(0))
  await api.post('/overlays/words/play')
  for (const id of destinations) await api.post(`/destinations/${id}/start`)
  await until('five connections', () => platform.connections === KEYS.length)
  await stage.produce(60)

  const cycle = [...cameras, 'slate']
  let taken = 0
  let edits = 0
  for (let next = systemClock.mono(); taken < TAKES; next = Math.max(next + TAKE_MS, systemClock.mono())) {
    await sleep(Math.max(0, next - systemClock.mono()))
    await api.post('/program/take', { source: cycle[++taken % cycle.length] })
    if (taken % (TAKES / EDITS) === 0) await api.put('/overlays/words', overlay(++edits))
  }
  expect(edits).toBe(EDITS)
  await stage.produce(60)

  expect(platform.connections).toBe(KEYS.length)
  expect(platform.publishes.filter(({ ended }) => ended)).toEqual([])
  expect((await stage.program()).frames).toMatchObject({ dropped: 0 })
  for (const id of destinations) await api.post(`/destinations/${id}/stop`)
  await until('the recordings are closed', () => platform.publishes.every(({ ended }) => ended))
  const files = platform.recordings()
  expect(files).toHaveLength(KEYS.length)
  for (const file of files) {
    const times = (await packets(file, 'v')).map(({ dts }) => dts)
    const gaps = times.slice(1).map((time, n) => time - times[n])
    expect(Math.min(...gaps)).toBeGreaterThan(0)
    const missing = gaps.reduce((sum, gap) => sum + Math.round((gap * 30) / 1_000) - 1, 0)
    expect(missing / times.length).toBeLessThan(0.001)
  }
  expect(await slates(files[0])).toBe(Math.floor((TAKES + 1) / cycle.length))
}, 900_000)

/** How often the picture without a number was seen: the slate has the same one always. */
async function slates(file: string): Promise<number> {
  const seen = await counters(file)
  const still = seen.map((value, n) => n > 0 && value === seen[n - 1] && value === seen[n + 1])
  const slate = mostFrequent(seen.filter((_, n) => still[n]))
  return seen.filter((value, n) => value === slate && seen[n - 1] !== slate).length
}

function mostFrequent(values: number[]): number {
  const counts = new Map<number, number>()
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1)
  return [...counts].reduce((a, b) => (b[1] > a[1] ? b : a), [-1, 0])[0]
}
