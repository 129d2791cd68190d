import { afterAll, beforeAll, expect, test } from 'vitest'
import { RtspCamera } from '../peers/rtsp-camera.ts'
import { until } from '../peers/run.ts'
import { type CameraView, Stage } from '../peers/stage.ts'

/** Two GStreamer cameras; the second one is in standby, off, and in standby again. */
const stage = new Stage({ size: 'small' })
const second = new RtspCamera({ size: 'small' })
let spare = ''

beforeAll(async () => {
  await Promise.all([stage.start({ width: 640, height: 360, fps: 30 }), second.start()])
  stage.cameraId = await stage.addCamera()
  await stage.sourceIs(stage.cameraId)
  spare = await stage.addCamera(second, 'Spare')
}, 120_000)
afterAll(async () => {
  await stage.end()
  await second.stop()
})

const camera = (id: string) => stage.api.get<CameraView>(`/cameras/${id}`)
const online = (id: string) =>
  until('online', async () => (await camera(id)).state.status === 'online', { timeoutMs: 30_000 })
const sleepers = () => stage.appliance.ffmpegs(/ -skip_frame nokey /).length
const readers = () => stage.appliance.ffmpegs(/ -f nut /).length

test('in standby only keyframes are decoded, and the camera is online all the same', async () => {
  await online(spare)
  await stage.api.patch(`/cameras/${spare}`, { mode: 'standby' })
  await until('keyframes only', () => sleepers() === 1)
  await online(spare)
  expect(readers()).toBe(2)
  await stage.produce(120)
  expect((await camera(spare)).state.status).toBe('online')
})

test('a take warms it up: the picture before stays until it comes, without a fallback', async () => {
  await stage.api.post('/program/take', { source: spare })
  const sources = new Set<string>()
  await until('it is on air', async () => {
    const { source } = await stage.program()
    sources.add(source)
    return source === spare
  })
  expect([...sources].sort()).toEqual([...new Set([stage.cameraId, spare])].sort())
  expect(sleepers()).toBe(0)
  expect(readers()).toBe(2)
})

test('it goes back to keyframes some seconds after it was seen last', async () => {
  await stage.api.post('/program/take', { source: stage.cameraId })
  await stage.sourceIs(stage.cameraId)
  expect(sleepers()).toBe(0)
  await until('keyframes only', () => sleepers() === 1)
})

test('off means no session at all, and taking it is refused with the reason', async () => {
  await stage.api.patch(`/cameras/${spare}`, { mode: 'off' })
  await until('one reader', () => readers() === 1)
  expect((await camera(spare)).state.status).toBe('offline')
  const refused = await stage.api.call('POST', '/program/take', { source: spare })
  expect(refused).toMatchObject({ status: 409, body: { code: 'CONFLICT' } })
  await stage.api.patch(`/cameras/${spare}`, { mode: null })
  await online(spare)
})

test('another fit is a planned restart of that camera alone', async () => {
  await stage.api.patch(`/cameras/${spare}`, { fit: 'crop' })
  await until('it is cropped', () => stage.appliance.ffmpegs(/ crop=|,crop=640:360/).length === 1)
  await online(spare)
  expect(await stage.program()).toMatchObject({ source: stage.cameraId, frames: { dropped: 0, repeated: 0 } })
})
