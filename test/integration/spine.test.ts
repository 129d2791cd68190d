import { createHash } from 'node:crypto'
import { createCanvas } from '@napi-rs/canvas'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { decodeErrors, keyframeGaps, lipSync, packets, pictures, planeAt, probe, sound } from '../peers/media.ts'
import { Stage } from '../peers/stage.ts'

/**
 * The main job on real input: a GStreamer RTSP camera with digest login, the whole appliance, a real nginx-rtmp that records.
 * FFmpeg judges the recording.
 */
const FULL = { width: 1920, height: 1080, fps: 30, videoBitrate: 6000, audioBitrate: 128, keyframeInterval: 2 }
/** The barcode's upper bits are never set in 16 s of content, so this part of the picture is always black. */
const BLACK = { x: 640, y: 8, width: 256, height: 40 }

const stage = new Stage()
let recording = ''
let loud = { integrated: 0, shortTerm: 0 }

/** A red PNG whose alpha is 128 of 255 everywhere, as an asset. */
function halfRed(width: number, height: number) {
  const canvas = createCanvas(width, height)
  const context = canvas.getContext('2d')
  context.fillStyle = 'rgba(255, 0, 0, 0.501961)'
  context.fillRect(0, 0, width, height)
  const png = canvas.toBuffer('image/png')
  const sha256 = createHash('sha256').update(png).digest('hex')
  const url = `data:image/png;base64,${png.toString('base64')}`
  return { id: 'red', url, sha256, mediaType: 'image/png', rights: { tags: [] } }
}

const fadeIn = { in: { type: 'fade', duration: '500ms' } }
const overlay = {
  ocl: '1.0',
  timeline: { id: 'lower', version: '1', frameRate: 30, resolution: { width: 1920, height: 1080 } },
  assets: [halfRed(BLACK.width, BLACK.height)],
  scenes: [
    {
      id: 'main',
      start: 0,
      tracks: [
        {
          id: 'graphics',
          kind: 'lower-third',
          cues: [
            {
              id: 'image',
              start: 0,
              duration: '01:00:00.000',
              layer: 1,
              unsafe: true,
              assetRef: 'red',
              transition: fadeIn,
              properties: { position: { anchor: 'top-left', x: BLACK.x, y: BLACK.y } },
            },
            {
              id: 'title',
              start: 0,
              duration: '01:00:00.000',
              layer: 2,
              text: { value: 'Live from {{locationName}}', size: 64, color: '#ffffff', background: '#000000' },
              transition: fadeIn,
              properties: { position: { anchor: 'bottom-left', x: 0, y: 0 } },
            },
          ],
        },
      ],
    },
  ],
}

beforeAll(async () => {
  await stage.start({ width: 1920, height: 1080, fps: 30 })
  await stage.onAir(FULL)
  await stage.produce(45)
  await stage.api.put('/overlays/lower', overlay)
  await stage.api.post('/overlays/lower/play')
  await stage.produce(240)
  loud = (await stage.api.get<{ sound: typeof loud }>('/program')).sound
  const files = await stage.recordings()
  expect(files).toHaveLength(1)
  recording = files[0]
}, 120_000)
afterAll(() => stage.end())

test('size, rate, sound, colour and keyframe interval are those of the profile', async () => {
  const { video, audio } = await probe(recording)
  expect(video).toMatchObject({ codec: 'h264', width: 1920, height: 1080, pixFmt: 'yuv420p', colorSpace: 'bt709' })
  const frames = await packets(recording, 'v')
  const seconds = (frames[frames.length - 1].dts - frames[0].dts) / 1_000
  expect((frames.length - 1) / seconds).toBeCloseTo(30, 1)
  expect(audio).toEqual({ codec: 'aac', sampleRate: 48_000, channels: 2 })
  for (const gap of await keyframeGaps(recording)) expect(Math.abs(gap - 2_000)).toBeLessThanOrEqual(1)
})

test('timestamps strictly rise, no frame is missing, and everything decodes', async () => {
  const video = await packets(recording, 'v')
  expect(video.length).toBeGreaterThan(240)
  const gaps = video.slice(1).map(({ dts }, n) => dts - video[n].dts)
  expect(Math.min(...gaps)).toBeGreaterThan(0)
  expect(Math.max(...gaps)).toBeLessThanOrEqual(34.5)
  const audio = await packets(recording, 'a')
  expect(Math.min(...audio.slice(1).map(({ dts }, n) => dts - audio[n].dts))).toBeGreaterThan(0)
  expect(await decodeErrors(recording)).toBe('')
})

test('one RTMP connection carried it all, and no password or key stood in any command line', () => {
  expect(stage.platform.connections).toBe(1)
})

test("the camera's own sound is in it", async () => {
  const { samples } = await sound(recording)
  const loudest = samples.reduce((max, sample) => Math.max(max, Math.abs(sample)), 0)
  expect(loudest).toBeGreaterThan(0.3)
})

test('sound and picture of the camera are together: within 40 ms, and how loud it is can be read', async () => {
  const offs = await lipSync(recording)
  expect(offs.length).toBeGreaterThan(5)
  for (const off of offs) expect(Math.abs(off)).toBeLessThanOrEqual(40)
  expect(loud.integrated).toBeGreaterThan(-40)
  expect(loud.integrated).toBeLessThan(0)
  expect(loud.shortTerm).toBeGreaterThan(-40)
})

test('the image fades in over 15 frames and then stands where it should, with the right opacity', async () => {
  // Cr has the widest range here: 128 without the image, 184 under it.
  const ramp = await planeAt(recording, 'v', (BLACK.x + BLACK.width / 2) / 2, (BLACK.y + BLACK.height / 2) / 2)
  const first = ramp.findIndex(value => value > 129)
  expect(first).toBeGreaterThan(30)

  // BT.709 limited: black is (16, 128, 128), red (63, 102, 240); the image covers 128 of 255 of it.
  const share = 128 / 255
  const over = (below: number, above: number) => below + (above - below) * share
  const [y, cb, cr] = [over(16, 62.6), over(128, 102.3), over(128, 240)]
  const [settled] = await pictures(recording, first + 30)
  const middle = settled.at(BLACK.x + BLACK.width / 2, BLACK.y + BLACK.height / 2)
  expect(Math.abs(middle[0] - y)).toBeLessThanOrEqual(2)
  expect(Math.abs(middle[1] - cb)).toBeLessThanOrEqual(2)
  expect(Math.abs(middle[2] - cr)).toBeLessThanOrEqual(2)

  // The play began somewhere between two frames: the first one tells how far, and from there it is one line.
  const step = (cr - 128) / 15
  const begun = (ramp[first] - 128) / step
  // The frame before it was at 129 or less (0.27 of a step, give or take a rounding of the codec), and then came one step.
  expect(begun).toBeLessThanOrEqual(1 + 2 / step)
  for (let n = 0; n + begun < 15; n++) {
    expect(Math.abs(ramp[first + n] - (128 + step * (n + begun)))).toBeLessThanOrEqual(3)
  }

  // Its edges: inside it is red, four pixels outside it is black again.
  const inside = (x: number, dy: number) => settled.at(x, BLACK.y + dy)[0] > 30
  expect(inside(BLACK.x + 4, 20)).toBe(true)
  expect(inside(BLACK.x + BLACK.width - 4, 20)).toBe(true)
  expect(inside(BLACK.x - 6, 20)).toBe(false)
  expect(inside(BLACK.x + BLACK.width + 6, 20)).toBe(false)
})

test('the text with its token is there, in the safe area', async () => {
  const [before] = await pictures(recording, 10)
  const [after] = await pictures(recording, 150)
  // Text box: black ground with white letters, its lower left corner at the safe grid's (5 % inwards).
  const box = { x: 96, y: 1080 - 54 - 60 }
  let white = 0
  let black = 0
  let differs = 0
  for (let x = box.x; x < box.x + 400; x++) {
    for (let y = box.y; y < box.y + 50; y++) {
      const luma = after.at(x, y)[0]
      if (luma > 200) white++
      if (luma < 40) black++
      if (Math.abs(luma - before.at(x, y)[0]) > 20) differs++
    }
  }
  expect(white).toBeGreaterThan(1_000)
  expect(black).toBeGreaterThan(5_000)
  expect(differs).toBeGreaterThan(5_000)
})
