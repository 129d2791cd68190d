import { execFileSync } from 'node:child_process'
import { expect, test } from 'vitest'
import { AUDIO_TRACK, blockHeader, matroskaHeader, VIDEO_TRACK } from '../../runtime/engine/encode/matroska.ts'

/** FFmpeg's own demuxer is the judge. */
const run = (tool: string, args: string[], input: Buffer): string =>
  execFileSync(tool, ['-v', 'error', ...args], { input, maxBuffer: 1 << 26 }).toString()

const WIDTH = 32
const HEIGHT = 18
const FRAME = (WIDTH * HEIGHT * 3) / 2
const rate = { num: 60_000, den: 1_001 }

const picture = (n: number) => Buffer.alloc(FRAME, n + 16)
const timeOf = (n: number) => 1_000_000 + (n * rate.den * 1e6) / rate.num

function stream(frames: number, from = 0): Buffer {
  const parts = [matroskaHeader(WIDTH, HEIGHT, rate)]
  for (let n = from; n < from + frames; n++) {
    parts.push(blockHeader(AUDIO_TRACK, timeOf(n), 800 * 4), Buffer.alloc(800 * 4, n))
    parts.push(blockHeader(VIDEO_TRACK, timeOf(n), FRAME), picture(n))
  }
  return Buffer.concat(parts)
}

test('FFmpeg reads size, colours and sound from it', () => {
  const entries =
    'stream=codec_name,width,height,pix_fmt,color_range,color_space,color_transfer,color_primaries,sample_rate,channels'
  const answer = JSON.parse(
    run('ffprobe', ['-f', 'matroska', '-show_entries', entries, '-of', 'json', '-'], stream(30)),
  )
  expect(answer.streams).toMatchObject([
    {
      ...{ codec_name: 'rawvideo', width: WIDTH, height: HEIGHT, pix_fmt: 'yuv420p', color_range: 'tv' },
      ...{ color_space: 'bt709', color_transfer: 'bt709', color_primaries: 'bt709' },
    },
    { codec_name: 'pcm_s16le', sample_rate: '48000', channels: 2 },
  ])
})

test.each([0, 5_000_000])('every frame keeps its time to the microsecond, from frame %i on', from => {
  const args = [
    '-f',
    'matroska',
    '-select_streams',
    'v',
    '-show_entries',
    'packet=pts_time,size',
    '-of',
    'csv=p=0',
    '-',
  ]
  const lines = run('ffprobe', args, stream(40, from)).trim().split('\n')
  expect(lines).toHaveLength(40)
  for (const [n, line] of lines.entries()) {
    const [time, size] = line.split(',').map(Number)
    expect(Math.abs(time * 1e6 - timeOf(from + n))).toBeLessThanOrEqual(1)
    expect(size).toBe(FRAME)
  }
})

test('pictures come out as they went in', () => {
  const out = execFileSync(
    'ffmpeg',
    ['-v', 'error', '-f', 'matroska', '-i', '-', '-map', '0:v', '-f', 'rawvideo', '-'],
    {
      input: stream(20),
    },
  )
  expect(out.equals(Buffer.concat(Array.from({ length: 20 }, (_, n) => picture(n))))).toBe(true)
})

test('a payload beyond the size of an element is refused', () => {
  expect(() => blockHeader(VIDEO_TRACK, 0, 2 ** 28)).toThrow('too many')
})
