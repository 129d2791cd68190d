import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { counters, decodeErrors, packets, pictures, probe } from '../peers/media.ts'
import { run, until } from '../peers/run.ts'
import { type CameraView, type DestinationView, type FlowNode, type ProgramView, Stage } from '../peers/stage.ts'

/** One camera, three pictures of it at once: the show, its vertical twin, and the camera's own feed. FFmpeg is the judge. */
const small = { videoBitrate: 1500, audioBitrate: 96, keyframeInterval: 1 }
const WIDE = { width: 640, height: 360, fps: 30, ...small }
const TALL = { width: 1080, height: 1920, fps: 15, ...small, videoBitrate: 4000 }

/** As many cheap cameras, it lets in one viewer. */
const stage = new Stage({ maxSessions: 1 })
const files: Record<string, string> = {}

const node = (id: string, type: string, to: string[], more: object): FlowNode =>
  ({ id, type, z: 'vistter-show', name: '', version: 1, x: 200, y: 400, wires: [to], ...more }) as FlowNode

/** A second program beside the shipped flow: vertical, the camera cropped, its own fallback, no overlays. */
const tall = [
  node('tall-camera', 'vistter-camera', ['tall'], { camera: '*', role: 'source', order: 10 }),
  node('tall-slate', 'vistter-slate', ['tall'], { content: 'slate', title: 'Tall', role: 'fallback', order: 100 }),
  node('tall', 'vistter-program', ['tall-out'], { program: 'tall', ...TALL, fit: 'crop', focusX: 0 }),
  node('tall-out', 'vistter-destination', [], { destination: 'Tall' }),
]

async function toFile(name: string, profile: object, more: object = {}): Promise<string> {
  const folder = join(stage.appliance.data, 'recordings')
  const body = { name, platform: 'file', url: `file://${folder}/${name}.flv`, profile, ...more }
  const { id } = await stage.api.post<DestinationView>('/destinations', body)
  await stage.api.post(`/destinations/${id}/start`)
  await until(`${name} is live`, async () => (await stage.destination(id)).state.status === 'live')
  return id
}

beforeAll(async () => {
  await stage.start({ width: 640, height: 360, fps: 30 })
  stage.cameraId = await stage.addCamera()
  await stage.sourceIs(stage.cameraId)
  await stage.deploy([...(await stage.flows()), ...tall])
  await until(
    'the second program runs',
    async () => (await stage.api.get<ProgramView>('/programs/tall')).frames.produced > 0,
  )
  const ids = [
    await toFile('Show', WIDE),
    await toFile('Tall', TALL),
    await toFile('Feed', WIDE, { source: { camera: stage.cameraId } }),
  ]
  await stage.produce(60)
  await stage.api.post('/program/take', { source: 'slate' })
  await stage.produce(90)
  for (const id of ids) await stage.api.post(`/destinations/${id}/stop`)
  await stage.produce(30)
  const folder = join(stage.appliance.data, 'recordings')
  for (const file of readdirSync(folder)) files[file.split(/[.-]/)[0]] = join(folder, file)
}, 120_000)
afterAll(() => stage.end())

describe('programs', () => {
  test('the vertical one has its own size and rate, without a lost frame', async () => {
    expect((await probe(files.Tall)).video).toMatchObject({ width: 1080, height: 1920 })
    const times = (await packets(files.Tall, 'v')).map(({ dts }) => dts)
    const gaps = times.slice(1).map((time, n) => time - times[n])
    expect(Math.min(...gaps)).toBeGreaterThan(65)
    expect(Math.max(...gaps)).toBeLessThan(68)
    expect(await decodeErrors(files.Tall)).toBe('')
  })

  test('it shows the left third of the camera, filling the frame', async () => {
    const [picture] = await pictures(files.Tall, 20)
    // The barcode is the left half of the camera's upper eighteenth: in the crop, all of the width.
    const row = Array.from({ length: 12 }, (_, n) => picture.at(45 + n * 90, 40)[0])
    expect(Math.max(...row)).toBeGreaterThan(200)
    expect(picture.at(540, 1900)[0]).not.toBe(16)
  })

  test('a take of the main one touches neither the vertical one nor the feed', async () => {
    const rising = async (file: string) => {
      const seen = await counters(file)
      return seen.slice(1).filter((count, n) => count > seen[n]).length / (seen.length - 1)
    }
    expect(await rising(files.Feed)).toBeGreaterThan(0.9)
    const [, ...taken] = await pictures(files.Show, 100, 2)
    expect(taken).toHaveLength(1)
    expect((await stage.api.get<ProgramView>('/programs/tall')).source).toBe(stage.cameraId)
    expect((await stage.program()).source).toBe('slate')
  })

  test('one session with the camera serves them all, and previews, pictures and a recording beside them', async () => {
    const { id } = await stage.api.post<{ id: string }>('/recordings/start')
    const flv = await stage.api.open('GET', '/preview/program.flv')
    const series = await stage.api.open('GET', `/preview/cameras/${stage.cameraId}.mjpeg`)
    const snapshot = await stage.api.open('GET', `/api/v1/cameras/${stage.cameraId}/snapshot.jpg`)
    expect([flv, series, snapshot].map(({ statusCode }) => statusCode)).toEqual([200, 200, 200])
    const bytes = [0, 0, 0]
    for (const [n, stream] of [flv, series, snapshot].entries())
      stream.on('data', (data: Buffer) => {
        bytes[n] += data.length
      })
    const recorded = async () => (await stage.api.get<{ bytes: number }>(`/recordings/${id}`)).bytes
    await until('all of them have pictures', async () => Math.min(...bytes, await recorded()) > 5_000)
    for (const stream of [flv, series]) stream.destroy()
    await stage.api.post('/recordings/stop')
    expect((await stage.api.get<CameraView>(`/cameras/${stage.cameraId}`)).state.status).toBe('online')
    // The camera means it: it lets nobody in beside the appliance.
    const second = run('ffmpeg', [
      '-v',
      'error',
      '-i',
      stage.camera.urlWithCredentials,
      '-frames:v',
      '1',
      '-f',
      'null',
      '-',
    ])
    await expect(second).rejects.toThrow()
  })

  test('each has a take and a preview of its own; hidden feeds are no programs', async () => {
    const taken = await stage.api.post<ProgramView>('/programs/tall/take', { source: 'slate' })
    expect(taken.source).toBe('slate')
    expect((await stage.api.call('GET', `/programs/feed-${stage.cameraId}`)).status).toBe(404)
    const preview = await stage.api.call('GET', '/preview/nothing.flv', undefined, true)
    expect(preview.status).toBe(404)
  })

  test('what a feed cannot be is refused with a reason', async () => {
    const body = {
      name: 'x',
      platform: 'file',
      url: 'file:///srv/x.flv',
      source: { camera: stage.cameraId, preset: 'p' },
    }
    expect(await stage.api.call('POST', '/destinations', body)).toMatchObject({
      status: 422,
      body: { code: 'UNKNOWN_REFERENCE', detail: expect.stringContaining('has no preset p') },
    })
    const unknown = { ...body, source: { camera: 'none' } }
    expect(await stage.api.call('POST', '/destinations', unknown)).toMatchObject({
      status: 422,
      body: { code: 'UNKNOWN_REFERENCE' },
    })
  })
})
