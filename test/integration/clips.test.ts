import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { because, type ChildNews, children } from '../../runtime/lib/children.ts'
import { begin, makeClip, strike } from '../peers/ingest-stage.ts'
import { run, scratch, until } from '../peers/run.ts'

const files = scratch('clips')
beforeAll(() => makeClip(join(files.path, 'clip.mp4')))
afterEach(strike)
afterAll(() => files.remove())

test('a picture of another shape is fitted with black bars, in the right colours', async () => {
  const { ring } = begin({ kind: 'clip', id: 'clip', name: 'Clip', file: join(files.path, 'clip.mp4'), loop: true })
  await until('more frames than the clip has', () => ring.head > 60)
  const at = ring.addressOf(ring.head - 1)
  const row = ring.bytes.subarray(at + 640 * 40, at + 640 * 41)
  // 480 of 640 columns, in the middle; the bars' black is 16, and the first bar of SMPTE HD is 40 % grey (104).
  expect([row[0], row[78], row[639], row[562]]).toEqual([16, 16, 16, 16])
  expect(Math.abs(row[100] - 104)).toBeLessThanOrEqual(2)
})

test('a loop is given as steadily at its seam as anywhere: its last pictures do not come early', async () => {
  const { ring } = begin({ kind: 'clip', id: 'clip', name: 'Clip', file: join(files.path, 'clip.mp4'), loop: true })
  const lags: number[] = []
  await until('three rounds', () => {
    while (lags.length < ring.head) lags.push(ring.arrivalOf(lags.length) - ring.ptsOf(lags.length) / 1_000)
    return lags.length > 160
  })
  const sorted = lags.slice(10).sort((a, b) => a - b)
  // FFmpeg reads in turns with packets of sound (21 ms). Pictures that waited in the threads of a decoder came 40 ms early, and more.
  expect(sorted[sorted.length >> 1] - sorted[0]).toBeLessThan(28)
})

test('motion JPEG, full range in the colours of BT.601, becomes BT.709 limited', async () => {
  const file = join(files.path, 'green.avi')
  await run('ffmpeg', [
    ...['-v', 'error', '-f', 'lavfi', '-i', 'color=c=0x00ff00:size=640x360:rate=25', '-t', '2'],
    ...['-c:v', 'mjpeg', '-q:v', '2', file],
  ])
  const { ingest, ring, events } = begin({ kind: 'clip', id: 'clip', name: 'Green', file, loop: true })
  await until('frames', () => ring.head > 5)
  const at = ring.addressOf(ring.head - 1)
  const luma = 640 * 360
  // Green is 173, 42, 26 in BT.709 and would be 145, 54, 34 in BT.601.
  const green = [ring.bytes[at + luma / 2], ring.bytes[at + luma + 1_000], ring.bytes[at + luma * 1.25 + 1_000]]
  for (const [i, wanted] of [173, 42, 26].entries()) expect(Math.abs(green[i] - wanted)).toBeLessThanOrEqual(2)
  expect(events.map(event => event.type)).toEqual(['source.online'])
  expect(ingest.state().error).toBeUndefined()
})

test('a clip that is not to be repeated ends as played, without an error or another start', async () => {
  const { ingest, ring, events } = begin({
    kind: 'clip',
    id: 'clip',
    name: 'Jingle',
    file: join(files.path, 'clip.mp4'),
    loop: false,
  })
  const told: ChildNews[] = []
  const unhear = children.listen((_what, news) => told.push(news))
  await pause(300)
  expect(ingest.pid).toBeUndefined()
  await because({ command: 'program.take', why: 'taken' }, () => ingest.play())
  await until('the end', () => ingest.state().status === 'offline')
  unhear()
  const done = { wanted: { why: 'it was played to its end' }, decided: { action: 'stop' } }
  expect(told).toMatchObject([{ wanted: { why: 'taken' }, decided: { action: 'run' } }, done])
  expect(children.list()).toEqual([])
  expect(ring.head).toBe(50)
  expect(ingest.state()).toMatchObject({ restarts: 0 })
  expect(ingest.state().error).toBeUndefined()
  expect(events.map(({ type, severity }) => `${type} ${severity}`)).toEqual([
    'source.online info',
    'source.offline info',
  ])
})

test('a clip that is taken and stopped at the same moment stays stopped', async () => {
  const file = join(files.path, 'clip.mp4')
  const { ingest, ring } = begin({ kind: 'clip', id: 'clip', name: 'Jingle', file, loop: false })
  await ingest.play()
  await until('it plays', () => ring.head > 0)
  await Promise.all([ingest.play(), ingest.stop()])
  expect(ingest.pid).toBeUndefined()
})
