import { statSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { Cam } from 'onvif'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { counters, type Picture, pictures, probe } from '../peers/media.ts'
import type { Position } from '../peers/ptz/head.ts'
import { viewOf } from '../peers/ptz/view-of.ts'
import { PtzCamera } from '../peers/ptz-camera.ts'
import { run, scratch, until } from '../peers/run.ts'

/** The virtual camera's picture: what it shows is where it looks, as an independent client and decoder see it. */
const files = scratch('ptz')
const camera = new PtzCamera({ discoveryPort: 0, address: '127.0.0.44' })
beforeAll(() => camera.start())
afterAll(async () => {
  await camera.stop()
  files.remove()
})

/** Records for this long, as FFmpeg sees the stream; answers the file. */
async function record(url: string, name: string, seconds: number): Promise<string> {
  const file = join(files.path, `${name}.ts`)
  const input = ['-v', 'error', '-nostdin', '-rtsp_transport', 'tcp', '-timeout', '5000000', '-i', url]
  await run('ffmpeg', [...input, '-t', String(seconds), '-c', 'copy', '-flush_packets', '1', file], 20_000)
  return file
}

/** Whether a recording has begun. */
const begun = (name: string) => statSync(join(files.path, `${name}.ts`)).size > 0

function seen(picture: Picture | undefined): Position {
  const view = picture && viewOf(picture)
  if (!view) throw new Error('the scene is not in the picture')
  return view
}

const apart = (a: Position, b: Position) =>
  Math.max(Math.abs(a.pan - b.pan), Math.abs(a.tilt - b.tilt), Math.abs(a.zoom - b.zoom))

/** How far each picture's number is from the one before. */
const steps = (numbers: number[]) => numbers.slice(1).map((number, n) => number - (numbers[n] ?? 0))

test('told to move, it is seen to speed up, go on, and stop at the place that it was told', async () => {
  const { address: hostname, port, username, password } = camera
  const cam = new Cam({ hostname, port, username, password, timeout: 2_000, autoconnect: false })
  await new Promise<void>((resolve, reject) => cam.connect(error => (error ? reject(error) : resolve())))
  const { uri } = await new Promise<{ uri?: string }>((resolve, reject) => {
    cam.getStreamUri({ protocol: 'RTSP' }, (error, answer) => (error ? reject(error) : resolve(answer ?? {})))
  })
  expect(uri).toBe(camera.url)
  const recorded = record(camera.urlWithCredentials, 'move', 2.5)
  await until('it is recorded', () => begun('move'))
  const place = { pan: -0.55, tilt: 0.35, zoom: 0.5 }
  const { pan: x, tilt: y, zoom } = place
  await new Promise<void>((resolve, reject) => {
    cam.absoluteMove({ x, y, zoom }, error => (error ? reject(error) : resolve()))
  })
  const file = await recorded
  expect((await probe(file)).video).toMatchObject({ codec: 'h264', width: 640, height: 360 })
  const views = (await pictures(file, 0, 70)).map(seen)
  expect(apart(nth(views, 0), { pan: 0, tilt: 0, zoom: 0 })).toBeLessThan(0.004)
  for (const view of views.slice(-15)) expect(apart(view, place)).toBeLessThan(0.004)
  // At 1.2 a second it takes over ten pictures on a machine that has time for it; none is a jump, and none goes back.
  const onTheWay = views.filter(view => view.pan < -0.01 && view.pan > -0.54)
  expect(onTheWay.length).toBeGreaterThan(5)
  const ways = views.slice(1).map((view, n) => nth(views, n).pan - view.pan)
  expect(Math.max(...ways)).toBeLessThan(0.3)
  expect(Math.min(...ways)).toBeGreaterThan(-0.004)
  // The picture of a camera at rest lives all the same, and none is lost.
  expect(new Set(steps(await counters(file)))).toEqual(new Set([1]))
})

function nth(views: Position[], n: number): Position {
  const view = views[n]
  if (!view) throw new Error(`no picture ${n}`)
  return view
}

test('the small stream shows the same place, a freeze leaves a gap, and one viewer is enough where it says so', async () => {
  camera.turn({ pan: 0.8, tilt: -0.8, zoom: 0.9 })
  await camera.limitSessions(1)
  const sub = camera.urlWithCredentials.replace('/main', '/sub')
  const recorded = record(sub, 'sub', 2)
  await until('it is recorded', () => begun('sub'))
  await expect(record(camera.urlWithCredentials, 'second', 1)).rejects.toThrow(/503|5XX/)
  await expect(record(camera.url, 'stranger', 1)).rejects.toThrow('401')
  await camera.freeze()
  await pause(500)
  await camera.thaw()
  const file = await recorded
  const [first] = await pictures(file, 0)
  expect(first?.width).toBe(320)
  expect(apart(seen(first), camera.position)).toBeLessThan(0.01)
  expect(Math.max(...steps(await counters(file)))).toBeGreaterThan(10)
})
