import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { createReadStream, existsSync, readFileSync } from 'node:fs'
import { createServer, type Server, type ServerResponse } from 'node:http'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { Ingest } from '../../runtime/engine/ingest/ingest.ts'
import { Arena } from '../../runtime/engine/memory/arena.ts'
import { Ring } from '../../runtime/engine/memory/ring.ts'
import { spawnOwned } from '../../runtime/lib/child.ts'
import { systemClock } from '../../runtime/lib/clock.ts'
import { createLog } from '../../runtime/lib/log.ts'
import { RtmpPlatform } from '../peers/nginx-rtmp.ts'
import { run, scratch, until } from '../peers/run.ts'

/** Cameras that do not speak RTSP, or not H.264: each source is FFmpeg's or nginx', sending in real time. */
const PICTURE = { width: 320, height: 180, frameRate: { num: 25, den: 1 } }
const files = scratch('streams')
const platform = new RtmpPlatform()
const open: Ingest[] = []
const senders: ChildProcess[] = []
const clip = (name: string) => join(files.path, name)
let web: Server
let webUrl = ''

const live = (name: string, args: string[], stdout: 'ignore' | 'pipe' = 'ignore') => {
  const input = ['-v', 'error', '-re', '-stream_loop', '-1', '-i', clip(name), '-c', 'copy']
  const child = spawnOwned('ffmpeg', [...input, ...args], { stdio: ['ignore', stdout, 'ignore'] })
  senders.push(child)
  return child
}

function stream(response: ServerResponse, name: string, format: string): void {
  const child = live(name, ['-f', format, 'pipe:1'], 'pipe')
  child.stdout?.pipe(response)
  response.once('close', () => child.kill('SIGKILL'))
}

function answer(path: string, response: ServerResponse): void {
  const file = clip(path.slice(1))
  if (path === '/hevc.ts') stream(response, 'hevc.mp4', 'mpegts')
  else if (path === '/motion.mjpg') {
    response.setHeader('content-type', 'multipart/x-mixed-replace;boundary=ffmpeg')
    stream(response, 'mjpeg.avi', 'mpjpeg')
  } else if (existsSync(file)) createReadStream(file).pipe(response)
  else response.writeHead(404).end()
}

/** Watches a camera for two seconds of its frames; answers its ingest and the worst gap between two arrivals (ms). */
async function watch(url: string): Promise<{ ingest: Ingest; gap: number }> {
  const arena = new Arena()
  const log = createLog('test', 'silent')
  const deps = { arena, clock: systemClock, log, event: () => {}, changed: () => {} }
  const common = { kind: 'camera', id: 'cam', name: 'Cam', audio: false, onFrozen: 'flag' } as const
  const ingest = new Ingest({ ...common, url }, PICTURE, deps)
  open.push(ingest)
  ingest.start()
  const ring = new Ring(arena.memory, ingest.ring)
  await until('settled', () => ring.head > 50, { timeoutMs: 30_000, everyMs: 20 })
  const arrivals: number[] = []
  for (let seen = ring.head - 1; arrivals.length < 50; ) {
    await until('a frame', () => ring.head > seen, { everyMs: 5 })
    for (; seen < ring.head; seen++) arrivals.push(ring.arrivalOf(seen))
  }
  return { ingest, gap: Math.max(...arrivals.slice(1).map((at, n) => at - arrivals[n])) }
}

beforeAll(async () => {
  const source = ['-v', 'error', '-f', 'lavfi', '-i', 'testsrc2=size=320x180:rate=25', '-t', '8', '-pix_fmt', 'yuv420p']
  const x26 = ['-preset', 'ultrafast', '-g', '25', '-bf', '0']
  await run('ffmpeg', [...source, '-c:v', 'libx264', ...x26, clip('h264.mp4')])
  await run('ffmpeg', [...source, '-c:v', 'libx265', ...x26, '-x265-params', 'log-level=error', clip('hevc.mp4')])
  await run('ffmpeg', [...source, '-c:v', 'mjpeg', '-q:v', '4', clip('mjpeg.avi')])
  await platform.start()
  web = createServer((request, response) => answer(request.url ?? '', response)).listen(0, '127.0.0.1')
  await once(web, 'listening')
  const address = web.address()
  webUrl = `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`
})

afterEach(async () => {
  for (const ingest of open.splice(0)) await ingest.stop()
  for (const child of senders.splice(0)) child.kill('SIGKILL')
})

afterAll(async () => {
  web.closeAllConnections()
  web.close()
  await platform.remove()
  files.remove()
})

test('a stream that a server offers by RTMP', async () => {
  live('h264.mp4', ['-f', 'flv', `${platform.url}/cam`])
  await until('it is published', () => platform.connections === 1)
  const { ingest, gap } = await watch(`${platform.url}/cam`)
  expect(ingest.state()).toMatchObject({ status: 'online', video: { codec: 'h264', width: 320, height: 180 } })
  expect(gap).toBeLessThan(1_000)
})

test('HLS comes in segments and is shown at its own pace', async () => {
  live('h264.mp4', ['-f', 'hls', '-hls_time', '1', '-hls_flags', 'delete_segments', clip('live.m3u8')])
  await until('three segments', () => readFileSync(clip('live.m3u8'), 'utf8').split('#EXTINF').length > 3)
  const { ingest, gap } = await watch(`${webUrl}/live.m3u8`)
  expect(ingest.state()).toMatchObject({ status: 'online', video: { codec: 'h264' } })
  expect(gap).toBeLessThan(1_000)
})

test('a camera that sends HEVC', async () => {
  const { ingest } = await watch(`${webUrl}/hevc.ts`)
  expect(ingest.state()).toMatchObject({ status: 'online', video: { codec: 'hevc', width: 320, height: 180 } })
})

test('a camera that sends motion JPEG over HTTP', async () => {
  const { ingest } = await watch(`${webUrl}/motion.mjpg`)
  expect(ingest.state()).toMatchObject({ status: 'online', video: { codec: 'mjpeg', width: 320, height: 180 } })
})
