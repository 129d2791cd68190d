import { afterAll, beforeAll, expect, test } from 'vitest'
import { systemClock } from '../../runtime/lib/clock.ts'
import { until } from '../peers/run.ts'
import { type CameraView, Stage } from '../peers/stage.ts'

/** A camera that goes on sending and shows nothing: GStreamer's, whose connection never breaks in all of this. */
const stage = new Stage({ size: 'small', others: true })

interface Event {
  type: string
}

beforeAll(async () => {
  await stage.start({ width: 640, height: 360, fps: 30 })
  stage.cameraId = await stage.addCamera()
  await stage.sourceIs(stage.cameraId)
}, 120_000)
afterAll(() => stage.end())

const camera = () => stage.api.get<CameraView>(`/cameras/${stage.cameraId}`)

/** Waits for a status of the camera; answers how long it took and with which error. */
async function becomes(status: string, code?: string): Promise<number> {
  const begun = systemClock.mono()
  await until(`${status} ${code}`, async () => {
    const { state } = await camera()
    return state.status === status && state.error?.code === code
  })
  return systemClock.mono() - begun
}

test('a still that an encoder goes on coding is flagged within 10 s, stays on air, and is cleared', async () => {
  await stage.camera.show('still')
  expect(await becomes('frozen', 'CAMERA_FROZEN')).toBeLessThan(10_000)
  expect((await stage.program()).source).toBe(stage.cameraId)
  await stage.camera.show('video')
  expect(await becomes('online')).toBeLessThan(4_000)
})

test('an encoder that repeats one access unit, where the camera says so, is replaced and comes back', async () => {
  await stage.api.patch(`/cameras/${stage.cameraId}`, { onFrozen: 'slate' })
  await stage.camera.show('repeat')
  expect(await becomes('frozen', 'CAMERA_FROZEN')).toBeLessThan(10_000)
  await stage.sourceIs('slate', 2_000)
  await stage.camera.show('video')
  await stage.sourceIs(stage.cameraId, 5_000)
})

test('a covered lens, noise and all, is flagged as black within 10 s', async () => {
  await stage.camera.show('black')
  expect(await becomes('frozen', 'CAMERA_BLACK')).toBeLessThan(10_000)
  await stage.sourceIs('slate', 2_000)
  await stage.api.patch(`/cameras/${stage.cameraId}`, { onFrozen: 'flag' })
  await stage.sourceIs(stage.cameraId, 2_000)
  await stage.camera.show('video')
  await becomes('online')
  const events = await stage.api.get<Event[]>('/events')
  const types = events.map(({ type }) => type).filter(type => /source\.(frozen|black)/.test(type))
  expect(types.reverse()).toEqual([
    ...['source.frozen', 'source.frozen-cleared', 'source.frozen', 'source.frozen-cleared'],
    ...['source.black', 'source.black-cleared'],
  ])
})
