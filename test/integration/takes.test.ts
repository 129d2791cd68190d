import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { rfc3339 } from '../../runtime/lib/clock.ts'
import { counters, decodeErrors, packets, sound, thumbnails } from '../peers/media.ts'
import { until } from '../peers/run.ts'
import { type DestinationView, type ProgramView, Stage } from '../peers/stage.ts'

/** What an operator does to the picture, at an NTSC rate, as FFmpeg finds it in the recording. */
const FRAME = 1_001 / 30
const PROFILE = { width: 640, height: 360, fps: 29.97, videoBitrate: 2500, audioBitrate: 128, keyframeInterval: 2 }

interface Overridden extends ProgramView {
  override: { kind: string; reason: string; actor: string; until?: string } | null
  taken?: { latencyMs: number }
}

const stage = new Stage()
let recording = ''
let during: Overridden
let taken: Overridden
let held: DestinationView

/** Four changes, each at a time of its own; they are told in advance, as a show would. */
async function changes(): Promise<void> {
  const begin = Date.now() + 1_000
  const camera = stage.cameraId
  const list = [
    { source: 'slate', at: 0 },
    { source: camera, at: 1_001, transition: { type: 'wipe', duration: 500, direction: 'left' } },
    { source: 'slate', at: 3_003, transition: { type: 'slide', duration: 500, direction: 'right' } },
    { source: camera, at: 5_005, transition: { type: 'fade', duration: '1s' } },
  ]
  for (const { at, ...take } of list) await stage.api.post('/program/take', { ...take, at: rfc3339(begin + at) })
  await until(
    'the last change is over',
    async () => Date.now() > begin + 6_500 && (await stage.program()).source === camera,
  )
}

beforeAll(async () => {
  await stage.start({ width: 640, height: 360, fps: 29.97 })
  await stage.onAir(PROFILE)
  await stage.produce(60)
  await changes()
  during = await stage.api.post<Overridden>('/program/override', { kind: 'hold', reason: 'a guest asked' })
  await stage.produce(60)
  await stage.api.delete('/program/override')
  await stage.produce(30)
  await stage.api.post('/program/take', { source: 'slate' })
  await stage.produce(15)
  taken = await stage.api.get<Overridden>('/program')
  await stage.api.post('/program/override', { kind: 'stop', reason: 'closing time' })
  held = await stage.destinationIs('idle')
  await until('the platform closed the recording', () => stage.platform.publishes.every(({ ended }) => ended))
  ;[recording] = await stage.platform.recordings()
}, 120_000)
afterAll(() => stage.end())

describe('takes', () => {
  test('every frame is there, at the exact times of 30000/1001', async () => {
    const times = (await packets(recording, 'v')).map(({ dts }) => dts)
    const off = times.map((time, n) => Math.abs(time - (times[0] + n * FRAME)))
    expect(Math.max(...off)).toBeLessThanOrEqual(1.1)
    expect(await decodeErrors(recording)).toBe('')
  })

  test('cut, wipe, slide and fade begin and end on exactly the frames of their times', async () => {
    const frames = await thumbnails(recording)
    // The slate alone never moves: the only long stretch in which nothing does.
    const still = frames.findIndex(
      (_, n) => n > 0 && [5, 10, 20].every(k => frames[n + k] && apart(frames[n], frames[n + k]) < 1),
    )
    const slate = frames[still + 10]
    const like = frames.map(frame => apart(frame, slate) < LIKE)
    const cut = like.indexOf(true)
    const wipe = like.indexOf(false, cut)
    const slid = like.indexOf(true, wipe)
    const fade = like.indexOf(false, slid)
    expect([wipe - cut, slid - cut, fade - cut]).toEqual([30, 90 + 15, 150])
  })

  test('a hold keeps the last picture in silence and says so', async () => {
    expect(during.override).toMatchObject({ kind: 'hold', reason: 'a guest asked' })
    const seen = await counters(recording)
    let [run, longest, end] = [0, 0, 0]
    for (let n = 1; n < seen.length; n++) {
      run = seen[n] === seen[n - 1] && seen[n] > 0 && seen[n] < 2 ** 12 ? run + 1 : 0
      if (run > longest) [longest, end] = [run, n]
    }
    expect(longest).toBeGreaterThanOrEqual(58)
    const [{ samples, startMs }, video] = await Promise.all([sound(recording), packets(recording, 'v')])
    const [from, to] = [end - longest + 10, end - 5].map(n => Math.round((video[n].dts - startMs) * 48))
    expect(Math.max(...samples.subarray(from, to).map(Math.abs))).toBeLessThan(0.01)
  })

  test('a take tells its latency', () => {
    expect(taken.taken?.latencyMs).toBeGreaterThan(0)
    expect(taken.taken?.latencyMs).toBeLessThan(1_000)
  })

  test('a stop ends the stream; its end, also by its time, brings it back and takes rule again', async () => {
    const error = { code: 'DESTINATION_HELD', detail: expect.stringContaining('closing time') }
    expect(held).toMatchObject({ started: true, state: { error } })
    const soon = rfc3339(Date.now() + 1_500)
    await stage.api.post('/program/override', { kind: 'slate', reason: 'test', until: soon })
    await stage.destinationIs('live')
    expect((await stage.api.get<Overridden>('/program')).override).toMatchObject({ kind: 'slate', until: soon })
    await stage.api.post('/program/take', { source: stage.cameraId })
    expect((await stage.program()).source).toBe('slate')
    await stage.sourceIs(stage.cameraId)
    expect((await stage.api.get<Overridden>('/program')).override).toBeNull()
    const past = { kind: 'hold', reason: 'x', until: rfc3339(Date.now() - 1_000) }
    expect((await stage.api.call('POST', '/program/override', past)).status).toBe(400)
  })
})

test('a message in the flow overrides, says why and for how long, and releases', async () => {
  const at = { z: 'vistter-show', x: 100, y: 400 }
  const button = { type: 'inject', ...at, props: [{ p: 'payload' }], payloadType: 'bool', wires: [['alarm']] }
  await stage.deploy([
    ...(await stage.flows()),
    {
      id: 'alarm',
      type: 'vistter-override',
      ...at,
      program: 'main',
      kind: 'slate',
      reason: 'Fire',
      minutes: 10,
      wires: [[]],
    },
    { ...button, id: 'alarm-on', payload: 'true' },
    { ...button, id: 'alarm-off', payload: 'false' },
  ])
  const override = async () => (await stage.api.get<Overridden>('/program')).override
  // Node-RED answers a deploy before the new nodes are there.
  const press = (button: string) =>
    until(
      `${button} is pressed`,
      async () => (await stage.api.call('POST', `/editor/inject/${button}`, {}, true)).status === 200,
    )
  await press('alarm-on')
  await until('the flow overrides', async () => (await override())?.actor === 'the flow')
  const now = await override()
  expect(now).toMatchObject({ kind: 'slate', reason: 'Fire' })
  expect(Date.parse(now?.until ?? '') - Date.now()).toBeGreaterThan(9 * 60_000)
  await stage.sourceIs('slate')
  await press('alarm-off')
  await stage.sourceIs(stage.cameraId)
  expect(await override()).toBeNull()
})

/** The first sixteenth of a fade, or of a wipe's way, is further from the slate than this; the encoder's noise is not. */
const LIKE = 1.2

function apart(a: Buffer, b: Buffer): number {
  let sum = 0
  for (let n = 0; n < a.length; n++) sum += Math.abs(a[n] - b[n])
  return sum / a.length
}
