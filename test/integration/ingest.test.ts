import { existsSync, readFileSync } from 'node:fs'
import { createServer, type Server, type ServerResponse } from 'node:http'
import { createServer as createTcpServer } from 'node:net'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { loadImage } from '@napi-rs/canvas'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import type { CameraSource } from '../../runtime/contract/generated/engine.v1.ts'
import type { HardwareDecoder } from '../../runtime/engine/ffmpeg/decoders.ts'
import type { Ingest } from '../../runtime/engine/ingest/ingest.ts'
import { probe } from '../../runtime/engine/ingest/probe.ts'
import { spawnOwned } from '../../runtime/lib/child.ts'
import { systemClock } from '../../runtime/lib/clock.ts'
import { begin, makeClip, PICTURE, strike } from '../peers/ingest-stage.ts'
import { RtspCamera } from '../peers/rtsp-camera.ts'
import { freePort, run, scratch, until } from '../peers/run.ts'

const SMALLEST = { ...PICTURE, width: 64, height: 64 }
/** Big enough for FFmpeg's queue to be full within seconds. */
const FULL_HD = { width: 1920, height: 1080, frameRate: { num: 30, den: 1 } }
const files = scratch('ingest')
const camera = new RtspCamera({ size: 'small' })
let web: Server
let webUrl = ''

const cameraSource = (more: Partial<CameraSource> = {}): CameraSource => ({
  kind: 'camera',
  id: 'cam',
  name: 'Front',
  url: camera.url,
  username: camera.username,
  password: camera.password,
  audio: true,
  onFrozen: 'flag',
  ...more,
})

/** Live video that announces sound and has none for the first hour. */
function muteStream(response: ServerResponse): void {
  const clip = join(files.path, 'clip.mp4')
  const args = ['-v', 'quiet', '-re', '-stream_loop', '-1', '-i', clip, '-itsoffset', '3600', '-i', clip]
  const streams = ['-map', '0:v', '-map', '1:a', '-c', 'copy', '-max_interleave_delta', '1', '-f', 'matroska', '-']
  const child = spawnOwned('ffmpeg', [...args, ...streams], { stdio: ['ignore', 'pipe', 'ignore'] })
  child.stdout?.pipe(response)
  response.once('close', () => child.kill('SIGKILL'))
}

/** A decoder whose device no machine of the tests has. */
const absent = (): HardwareDecoder => (existsSync('/dev/nvidia0') ? 'drm' : 'cuda')

const faultOf = (ingest: Ingest) => until('an error', () => ingest.state().error, { timeoutMs: 30_000 })

beforeAll(async () => {
  await camera.start()
  await makeClip(join(files.path, 'clip.mp4'))
  await run('ffmpeg', ['-v', 'error', '-i', join(files.path, 'clip.mp4'), '-c', 'copy', join(files.path, 'clip.ts')])
  web = createServer((request, response) => {
    if (request.url === '/stream.ts') response.end(readFileSync(join(files.path, 'clip.ts')))
    else if (request.url === '/mute.mkv') muteStream(response)
    else if (request.url === '/') response.setHeader('content-type', 'text/html').end('<!doctype html><p>A camera</p>')
    else response.writeHead(404).end()
  })
  await new Promise<void>(resolve => web.listen(0, '127.0.0.1', resolve))
  const address = web.address()
  webUrl = `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`
})

afterEach(strike)

afterAll(async () => {
  await camera.stop()
  web.closeAllConnections()
  web.close()
  files.remove()
})

test('a camera with a password arrives as timed frames and sound, and nobody else can read the password', async () => {
  const { ingest, ring, events } = begin(cameraSource())
  await until('two seconds of frames', () => ring.head > 60)
  expect(ingest.state()).toMatchObject({ status: 'online', hasAudio: true, restarts: 0 })
  expect(ingest.state().video).toEqual({ codec: 'h264', width: 640, height: 360, fps: 30 })
  expect(systemClock.now() - (ingest.state().lastFrameAt ?? 0)).toBeLessThan(1_000)
  expect(events.map(event => event.type)).toEqual(['source.online'])

  const newest = ring.head - 1
  for (let n = newest - 8; n < newest; n++) {
    expect(Math.abs(ring.ptsOf(n + 1) - ring.ptsOf(n) - 1e6 / 30)).toBeLessThan(1_500)
  }
  // The picture is a picture, and the sound is there up to about the same time.
  const row = ring.bytes.subarray(ring.addressOf(newest) + 640 * 180, ring.addressOf(newest) + 640 * 181)
  expect(Math.max(...row) - Math.min(...row)).toBeGreaterThan(100)
  const soundEnd = ring.audioStart + (ring.audioHead * 1e6) / 48_000
  expect(Math.abs(soundEnd - ring.ptsOf(ring.head - 1))).toBeLessThan(300_000)
  expect(ring.samples.some(sample => Math.abs(sample) > 500)).toBe(true)

  const place = `/proc/${ingest.pid}`
  for (const file of ['cmdline', 'environ']) {
    const text = readFileSync(join(place, file), 'latin1')
    expect(text).not.toContain(camera.password)
    expect(text).not.toContain(encodeURIComponent(camera.password))
  }
  expect(readFileSync(join(place, 'cmdline'), 'latin1')).toContain('ffmpeg')
})

test('hardware that cannot decode a camera is given up at its first failure, as an event and in the state', async () => {
  const { ingest, ring, events } = begin(cameraSource(), PICTURE, [absent()])
  await until('the fallback', () => events.some(({ type }) => type === 'source.decoder-fallback'))
  await until('frames', () => ring.head > 10)
  expect(ingest.state()).toMatchObject({ status: 'online', decoder: 'software', restarts: 1 })
  expect(events.filter(({ type }) => type === 'source.decoder-fallback')).toHaveLength(1)
})

test('a killed FFmpeg is replaced within seconds, and the source keeps one time line', async () => {
  const { ingest, ring, events } = begin(cameraSource())
  await until('frames', () => ring.head > 30)
  const before = { head: ring.head, pts: ring.ptsOf(ring.head - 1), pid: ingest.pid }
  process.kill(before.pid ?? 0, 'SIGKILL')
  const killed = systemClock.mono()
  await until('frames again', () => ingest.pid !== before.pid && ring.head > before.head + 10)
  const gap = systemClock.mono() - killed
  expect(gap).toBeLessThan(8_000)
  expect(events.map(event => event.type)).toContain('source.restarted')
  expect(ring.ptsOf(ring.head - 1)).toBeGreaterThan(before.pts)
  expect((ring.ptsOf(ring.head - 1) - before.pts) / 1_000).toBeLessThan(gap + 1_000)
  await until('no error any more', () => !ingest.state().error && ingest.state().status === 'online')
})

test('a camera that goes away is offline after 3 s, and online by itself when it is back', async () => {
  const { ingest, ring, events } = begin(cameraSource())
  await until('frames', () => ring.head > 15)
  await camera.stop()
  const gone = systemClock.mono()
  await until('offline', () => ingest.state().status === 'offline')
  expect(systemClock.mono() - gone).toBeGreaterThan(2_500)
  expect(systemClock.mono() - gone).toBeLessThan(6_000)
  expect((await until('a refused try', () => ingest.state().error)).code).toMatch(/CAMERA_(DROPPED|UNREACHABLE)/)
  await camera.start()
  await until('online', () => ingest.state().status === 'online', { timeoutMs: 30_000 })
  expect(events.map(event => event.type).filter(type => type !== 'source.restarted')).toEqual([
    'source.online',
    'source.offline',
    'source.online',
  ])
})

test('a camera that holds the line but sends nothing is connected anew', async () => {
  const { ingest, ring } = begin(cameraSource())
  await until('frames', () => ring.head > 15)
  const { pid } = ingest
  await camera.freeze()
  await until('offline', () => ingest.state().status === 'offline')
  expect(ingest.state().error?.code).toBe('CAMERA_SILENT')
  await until('a new connection', () => ingest.pid !== pid, { timeoutMs: 20_000 })
  await camera.thaw()
  await until('online', () => ingest.state().status === 'online', { timeoutMs: 30_000 })
})

test('what is wrong with an address is said with its code, and probing names the step', async () => {
  const closed = await freePort()
  const mute = createTcpServer(() => {})
  await new Promise<void>(resolve => mute.listen(0, '127.0.0.1', resolve))
  const cases = [
    [cameraSource({ password: 'wrong' }), 'CAMERA_AUTH', 'auth'],
    [cameraSource({ url: `rtsp://127.0.0.1:${closed}/cam` }), 'CAMERA_UNREACHABLE', 'reach'],
    [cameraSource({ url: camera.url.replace('/cam', '/nothing') }), 'CAMERA_NO_STREAM', 'stream'],
    [cameraSource({ url: `${webUrl}/`, username: undefined }), 'CAMERA_NOT_A_STREAM', 'stream'],
    [cameraSource({ url: `${webUrl}/lost`, username: undefined }), 'CAMERA_NO_STREAM', 'stream'],
  ] as const
  for (const [source, code, step] of cases) {
    const { ingest } = begin(source)
    const error = await faultOf(ingest)
    expect(error.code).toBe(code)
    expect(JSON.stringify(error)).not.toContain(source.password)
    expect(ingest.state().status).not.toBe('online')
    const answer = await probe(source)
    expect(answer.ok).toBe(false)
    expect(answer.steps.at(-1)).toMatchObject({ step, ok: false })
    expect(answer.steps.slice(0, -1).every(({ ok }) => ok)).toBe(true)
  }
  const answer = await probe({ url: `rtsp://127.0.0.1:${(mute.address() as { port: number }).port}/cam` }, 6_000)
  expect(answer.steps).toMatchObject([{ step: 'reach', ok: false, detail: expect.stringContaining('did not answer') }])
  mute.close()
})

test('probing a good camera tells its video; an HTTP stream works, too', async () => {
  const answer = await probe(cameraSource())
  expect(answer.ok).toBe(true)
  expect(answer.steps.map(({ step, ok }) => `${step} ${ok}`)).toEqual(['reach true', 'auth true', 'stream true'])
  expect(answer.video).toEqual({ codec: 'h264', width: 640, height: 360, fps: 30 })
  const first = await loadImage(answer.picture ?? '')
  expect([first.width, first.height]).toEqual([640, 360])
  const { ring } = begin(cameraSource({ url: `${webUrl}/stream.ts`, username: undefined }))
  await until('frames', () => ring.head > 10)
})

test('a camera that announces sound and never sends it is shown without', async () => {
  const { ingest, ring } = begin(cameraSource({ url: `${webUrl}/mute.mkv`, username: undefined }), FULL_HD)
  await until('frames', () => ring.head > 10, { timeoutMs: 40_000 })
  expect(ingest.state()).toMatchObject({ hasAudio: false })
})

test('a camera that was never there yet comes by itself, and is asked without a process', async () => {
  const late = new RtspCamera({ size: 'small' })
  await late.start()
  await late.stop()
  const { ingest, ring } = begin(cameraSource({ url: late.url }))
  try {
    expect((await faultOf(ingest)).code).toBe('CAMERA_UNREACHABLE')
    await until('offline', () => ingest.state().status === 'offline')
    expect(ingest.state().restarts).toBe(0)
    await late.start()
    await until('frames', () => ring.head > 10)
    // Frames that waited in the pipe come at once; the state follows with the next look at them.
    await until('online', () => ingest.state().status === 'online')
    expect(ingest.state()).toMatchObject({ status: 'online', restarts: 0 })
    expect(ingest.state().error).toBeUndefined()
  } finally {
    await ingest.stop()
    await late.stop()
  }
})

/** Refused, and worse: devices whose kernel accepts what nobody answers. */
test('40 dead cameras cost less than 5 % of a core, start no process, and take no frame from a good one', async () => {
  const closed = await freePort()
  const mute = createTcpServer(socket => socket.on('error', () => {}))
  await new Promise<void>(resolve => mute.listen(0, '127.0.0.1', resolve))
  const ports = [closed, (mute.address() as { port: number }).port]
  const dead = Array.from({ length: 40 }, (_, n) =>
    begin(cameraSource({ id: `dead${n}`, url: `rtsp://127.0.0.1:${ports[n % 2]}/cam` }), SMALLEST),
  )
  try {
    const before = process.cpuUsage()
    const begun = systemClock.mono()
    await pause(20_000)
    const { user, system } = process.cpuUsage(before)
    expect((user + system) / 1_000 / (systemClock.mono() - begun)).toBeLessThan(0.05)
    const codes = dead.map(({ ingest }) => ingest.state().error?.code)
    expect(new Set(codes)).toEqual(new Set(['CAMERA_UNREACHABLE', 'CAMERA_SILENT']))
    expect(dead.map(({ ingest }) => ingest.pid)).toEqual(dead.map(() => undefined))

    const { ring } = begin(cameraSource())
    const times: number[] = []
    for (let seen = 0; times.length < 240; await pause(20)) {
      for (; seen < ring.head; seen++) if (ring.intact(seen)) times.push(ring.ptsOf(seen))
    }
    const gaps = times.slice(1).map((pts, n) => pts - times[n])
    expect(Math.max(...gaps)).toBeLessThan(35_000)
  } finally {
    mute.close()
  }
})
