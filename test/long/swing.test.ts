import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Camera, Preset, Program } from '../../runtime/contract/generated/openapi.v1.ts'
import { decodeErrors, packets, pictures, thumbnails } from '../peers/media.ts'
import { viewOf } from '../peers/ptz/view-of.ts'
import { PtzCamera } from '../peers/ptz-camera.ts'
import { until } from '../peers/run.ts'
import { SMALL, Stage } from '../peers/stage.ts'

/** The whole appliance, and a camera that turns from one end to the other behind its last picture. */
const stage = new Stage({ size: 'small' })
const camera = new PtzCamera({ address: '127.0.0.71', discoveryPort: 0 })
const [LEFT, RIGHT] = [
  { pan: -0.95, tilt: -0.5, zoom: 0.2 },
  { pan: 0.95, tilt: 0.5, zoom: 0.2 },
]
/** The fade out of a still, and a picture to each side. */
const BETWEEN = 14

beforeAll(async () => {
  await Promise.all([stage.start({ width: 640, height: 360, fps: 30 }), camera.start()])
}, 120_000)
afterAll(async () => {
  await stage.end()
  await camera.stop()
})

const turned = async (to: typeof LEFT) => {
  await stage.api.post(`/cameras/${stage.cameraId}/ptz`, { to, override: true })
  await until('it stands there', () => !camera.moving && camera.position.pan === to.pan)
}

test('control is killed while the camera swings: the still stays, the shot is shown, and nobody sees the way', async () => {
  const { url, username, password, address: host, port } = camera
  const { api } = stage
  const given = { name: 'Nave', url, username, password, onvif: { host, port }, mode: 'hot' }
  stage.cameraId = (await api.post<Camera>('/cameras', given)).id
  const at = `/cameras/${stage.cameraId}`
  await until('it can be moved', async () => (await api.get<Camera>(at)).state.ptz?.position)
  await turned(RIGHT)
  const { id: preset } = await api.post<Preset>(`${at}/presets`, { name: 'Right' })
  await turned(LEFT)
  await stage.onAirWith({ ...SMALL, width: 640, height: 360 })
  await stage.produce(30)

  const taking = api.post('/program/take', { source: stage.cameraId, preset, swing: 'freeze' }).catch(() => undefined)
  await until('it moves', () => camera.moving, { everyMs: 5 })
  const old = stage.appliance.kill('control')
  await taking
  await stage.appliance.reborn('control', old)
  await until('the shot is shown', async () => {
    const program = await api.get<Program>('/program').catch(() => undefined)
    return program?.preset === preset && !program.still
  })
  await stage.produce(30)
  const [file = ''] = await stage.recordings()

  expect(await decodeErrors(file)).toBe('')
  const times = (await packets(file, 'v')).map(({ dts }) => dts)
  expect(Math.max(...times.slice(1).map((time, n) => time - (times[n] ?? 0)))).toBeLessThan(35)
  const grey = await thumbnails(file)
  expect(grey.filter(one => one.reduce((sum, value) => sum + value, 0) / one.length < 20)).toEqual([])
  const pans = (await pictures(file, 0, grey.length)).map(picture => viewOf(picture)?.pan.toFixed(2))
  const [last, first] = [pans.lastIndexOf('-0.95'), pans.indexOf('0.95')]
  expect(new Set(pans.slice(0, last + 1))).toEqual(new Set(['-0.95']))
  expect(new Set(pans.slice(first))).toEqual(new Set(['0.95']))
  expect(first - last).toBeGreaterThan(0)
  expect(first - last).toBeLessThan(BETWEEN)
}, 120_000)
