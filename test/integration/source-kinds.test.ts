import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { packets, planeAt, sound } from '../peers/media.ts'
import { run, scratch, until } from '../peers/run.ts'
import { KEY, type ProgramView, SMALL, Stage } from '../peers/stage.ts'

/** What is no camera and can be taken: colour bars with tone, and a clip that is played once. The recording is the judge. */
const stage = new Stage({ size: 'small' })
const files = scratch('kinds')
const clip = join(files.path, 'jingle.mp4')
let clipId = ''
const names: string[] = []
let video: { pts: number }[] = []
let luma: number[] = []
let red: number[] = []
let tone: Float32Array = new Float32Array()

beforeAll(async () => {
  // 0.4 s of white, then 1.6 s of red.
  const white = 'drawbox=color=white:t=fill:enable=lt(t\\,0.4)'
  await run('ffmpeg', [
    ...['-v', 'error', '-f', 'lavfi', '-i', `color=red:size=320x180:rate=25,${white}`, '-t', '2'],
    ...['-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p', clip],
  ])
  await stage.start({ width: 640, height: 360, fps: 30 })
  const flows = await until('flows', () => stage.flows())
  const program = flows.find(({ type }) => type === 'vistter-program')
  if (!program) throw new Error('the shipped flow has no program')
  const made = { type: 'vistter-slate', z: program.z, x: 100, role: 'source', order: 100, wires: [[program.id]] }
  const still = { title: 'Soon', subtitle: '', image: '' }
  await stage.deploy([
    ...flows,
    { ...made, ...still, id: 'barsnode', y: 500, content: 'bars', file: '', loop: true, tone: true },
    { ...made, ...still, id: 'clipnode', y: 540, content: 'clip', file: clip, loop: false, tone: true },
  ])
  const profile = { ...SMALL, width: 640, height: 360, videoBitrate: 1_500 }
  await stage.onAir(profile)
  const taken = await until('bars are on air', async () => {
    const answer = await stage.api.call<ProgramView>('POST', '/program/take', { source: 'bars' })
    return answer.status === 200 && answer.body.source === 'bars'
  })
  expect(taken).toBe(true)
  names.push((await stage.program()).sourceName)
  await stage.produce(60)
  await stage.api.post('/program/take', { source: 'jingle.mp4' })
  clipId = await until('the clip is on air', async () => {
    const { source, sourceName } = await stage.program()
    if (source.startsWith('clip-')) names.push(sourceName)
    return source.startsWith('clip-') && source
  })
  await stage.sourceIs('slate')
  await stage.api.post('/program/take', { source: stage.cameraId })
  await stage.sourceIs(stage.cameraId)
  await stage.api.post('/program/take', { source: clipId })
  await stage.sourceIs(clipId)
  await stage.produce(75)
  const [recording] = await stage.recordings()
  video = await packets(recording, 'v')
  luma = await planeAt(recording, 'y', 320, 180)
  red = await planeAt(recording, 'v', 160, 90)
  const { startMs, samples } = await sound(recording)
  const corner = await planeAt(recording, 'y', 30, 60)
  const barsAt = corner.findIndex((value, n) => value > 228 && Math.abs(luma[n] - 63) < 4)
  expect(barsAt).toBeGreaterThan(0)
  const begin = Math.round((video[barsAt + 20].pts - startMs) * 48)
  tone = samples.subarray(begin, begin + 48_000)
}, 180_000)
afterAll(async () => {
  await stage.end()
  files.remove()
})

test('the platform saw one stream', () => {
  expect(stage.platform.publishes.map(({ key }) => key)).toEqual([KEY])
})

test('the line-up tone is 1 kHz at -18 dBFS, without a break', () => {
  // FFmpeg adds two equal channels up to 3 dB more when it makes them one in floating point.
  const peak = tone.reduce((max, sample) => Math.max(max, Math.abs(sample)), 0) / Math.SQRT2
  expect(Math.abs(20 * Math.log10(peak) + 18)).toBeLessThan(1)
  let crossings = 0
  for (let n = 1; n < tone.length; n++) if (tone[n - 1] < 0 && tone[n] >= 0) crossings++
  expect(Math.abs(crossings - 1_000)).toBeLessThanOrEqual(3)
})

test('what is on air has the name that people know', () => {
  expect(names).toEqual(['Colour bars', 'jingle.mp4'])
})

test('a clip is played from its beginning at each take', () => {
  const isRed = (n: number) => red[n] > 220 && luma[n] < 110
  const begins = red.flatMap((_, n) => (n > 0 && isRed(n) && !isRed(n - 1) ? [n] : []))
  expect(begins).toHaveLength(2)
  for (const begin of begins) {
    // 0.4 s at 25 Hz is 12 pictures at 30 Hz, less what a slow start may cost.
    const white = luma.slice(begin - 12, begin).filter(value => value > 225).length
    expect(white).toBeGreaterThanOrEqual(8)
  }
})
