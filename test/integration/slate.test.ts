import { afterAll, beforeAll, expect, test } from 'vitest'
import { systemClock } from '../../runtime/lib/clock.ts'
import { decodeErrors, packets } from '../peers/media.ts'
import { RtspCamera } from '../peers/rtsp-camera.ts'
import { until } from '../peers/run.ts'
import { Stage } from '../peers/stage.ts'

/** A camera fails in every way that cameras do; the stream goes on in the same connection. */
const stage = new Stage({ size: 'small' })
const backup = new RtspCamera({ size: 'small', password: "b'ackup &1" })
let backupId = ''

beforeAll(async () => {
  await Promise.all([stage.start(), backup.start()])
  await stage.onAir()
  backupId = await stage.addCamera(backup, 'Backup')
}, 120_000)
afterAll(async () => {
  await stage.end()
  await backup.stop()
})

/** ms from `cause` until the program shows `source`. */
async function shownAfter(source: string, cause: () => unknown): Promise<number> {
  await cause()
  const began = systemClock.mono()
  await until(`${source} is on air`, async () => (await stage.program()).source === source, { everyMs: 20 })
  return systemClock.mono() - began
}

/** The promise is 2 s after the last frame; the rest is the way of the news to this test. */
const PROMISED = 2_000
const NEWS = 600

test('the camera is gone: slate within 2 s, and back by itself', async () => {
  expect(await shownAfter('slate', () => stage.camera.stop())).toBeLessThan(PROMISED + NEWS)
  expect((await stage.program()).fallback).toBeTruthy()
  await stage.camera.start()
  await stage.sourceIs(stage.cameraId, 40_000)
  expect((await stage.program()).fallback).toBeFalsy()
})

test('the camera is silent but connected: the same', async () => {
  expect(await shownAfter('slate', () => stage.camera.freeze())).toBeLessThan(PROMISED + NEWS)
  await stage.camera.thaw()
  await stage.sourceIs(stage.cameraId, 40_000)
})

test('a camera wired as fallback goes before the slate; a redeploy changes the chain on air without a lost frame', async () => {
  const flows = await stage.flows()
  const program = flows.find(({ type }) => type === 'vistter-program')
  const node = {
    ...{ id: 'backupcamera', type: 'vistter-camera', z: program?.z, x: 100, y: 300, name: '' },
    ...{ camera: backupId, role: 'fallback', order: 1, wires: [[String(program?.id)]] },
  }
  await stage.deploy([...flows, node])
  const camera = await stage.api.get<{ state: { status: string } }>(`/cameras/${backupId}`)
  expect(camera.state.status).toBe('online')
  await until('the wiring has arrived', () => stage.appliance.log.some(line => line.includes('"program.fallback"')))

  expect(await shownAfter(backupId, () => stage.camera.stop())).toBeLessThan(PROMISED + NEWS)
  // The chain changes while the fallback is on air: without the wire, the slate takes over at once.
  expect(await shownAfter('slate', () => stage.deploy(flows))).toBeLessThan(5_000)
  expect(await shownAfter(backupId, () => stage.deploy([...flows, node]))).toBeLessThan(5_000)
  expect(await shownAfter('slate', () => backup.stop())).toBeLessThan(PROMISED + NEWS)
  await Promise.all([stage.camera.start(), backup.start()])
  await stage.sourceIs(stage.cameraId, 40_000)
})

test('the wire to the destination is cut: it stops, a start is refused with NOT_WIRED; wired again it is live again', async () => {
  const flows = await stage.flows()
  const cut = flows.map(node => (node.type === 'vistter-encoder' ? { ...node, wires: [[]] } : node))
  await stage.deploy(cut)
  await stage.destinationIs('idle')
  const refused = await stage.api.call<{ code: string; hint: string }>(
    'POST',
    `/destinations/${stage.destinationId}/start`,
  )
  expect(refused.status).toBe(409)
  expect(refused.body).toMatchObject({ code: 'NOT_WIRED', hint: expect.stringContaining('wire') })
  await stage.deploy(flows)
  await stage.destinationIs('live')
})

test('the recordings rise without a gap and decode clean: one connection until the wire was cut', async () => {
  await stage.produce(30)
  const files = await stage.recordings()
  expect(stage.platform.connections).toBe(2)
  for (const file of files) {
    const video = await packets(file, 'v')
    const gaps = video.slice(1).map(({ dts }, n) => dts - video[n].dts)
    expect(Math.min(...gaps)).toBeGreaterThan(0)
    expect(await decodeErrors(file)).toBe('')
  }
  const [first] = files
  const video = await packets(first, 'v')
  expect(Math.max(...video.slice(1).map(({ dts }, n) => dts - video[n].dts))).toBeLessThanOrEqual(34.5)
})
