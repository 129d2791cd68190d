import { execFileSync } from 'node:child_process'
import fc from 'fast-check'
import { beforeAll, describe, expect, test } from 'vitest'
import { NutReader } from '../../runtime/engine/ingest/nut.ts'

/** NUT as FFmpeg itself writes it is the reference: read back by us and by FFmpeg. */
const ffmpeg = (...args: string[]): Buffer =>
  execFileSync('ffmpeg', ['-v', 'error', '-nostdin', ...args], { maxBuffer: 1 << 28 })

const source = (rate: string) => [
  '-f',
  'lavfi',
  '-i',
  `testsrc2=size=64x36:rate=${rate}`,
  '-f',
  'lavfi',
  '-i',
  'sine=1000',
]
const asNut = [
  '-c:v',
  'rawvideo',
  '-pix_fmt',
  'yuv420p',
  '-c:a',
  'pcm_s16le',
  '-ar',
  '48000',
  '-ac',
  '2',
  '-f',
  'nut',
  '-',
]
const FRAME = (64 * 36 * 3) / 2

/** Hands the bytes out in pieces whose sizes come round and round, as a pipe might. */
function pieces(bytes: Uint8Array, sizes: number[]) {
  let at = 0
  let turn = 0
  return (target: Uint8Array, offset: number, length: number): number => {
    const size = Math.min(length, sizes[turn++ % sizes.length], bytes.length - at)
    target.set(bytes.subarray(at, at + size), offset)
    at += size
    return size
  }
}

interface Read {
  kind: string
  ptsUs: number
  data: Buffer
}

function readAll(bytes: Uint8Array, sizes: number[]): Read[] {
  const nut = new NutReader(pieces(bytes, sizes))
  const all: Read[] = []
  for (let packet = nut.next(); packet; packet = nut.next()) {
    const data = Buffer.alloc(packet.size)
    if (!nut.payload(data, 0, packet.size)) break
    all.push({ kind: nut.streams[packet.stream].kind, ptsUs: packet.ptsUs, data })
  }
  return all
}

describe('NUT as FFmpeg writes it', () => {
  let nut: Buffer
  let video: Buffer
  let audio: Buffer

  beforeAll(() => {
    nut = ffmpeg(...source('30000/1001'), '-t', '3', ...asNut)
    video = ffmpeg(...source('30000/1001'), '-t', '3', '-map', '0:v', '-f', 'rawvideo', '-pix_fmt', 'yuv420p', '-')
    audio = ffmpeg(...source('30000/1001'), '-t', '3', '-map', '1:a', '-f', 's16le', '-ar', '48000', '-ac', '2', '-')
  })

  test('tells its streams, every byte of picture and sound, and exact times', () => {
    const all = readAll(nut, [65_536])
    const pictures = all.filter(packet => packet.kind === 'video')
    expect(Buffer.concat(pictures.map(packet => packet.data)).equals(video)).toBe(true)
    expect(pictures).toHaveLength(video.length / FRAME)
    for (const [n, { ptsUs }] of pictures.entries()) expect(ptsUs).toBeCloseTo((n * 1001e6) / 30_000, 0)
    let pairs = 0
    for (const packet of all.filter(({ kind }) => kind === 'audio')) {
      expect(packet.ptsUs).toBeCloseTo((pairs * 1e6) / 48_000, 0)
      pairs += packet.data.length / 4
    }
    const sounds = all.filter(({ kind }) => kind === 'audio').map(packet => packet.data)
    expect(Buffer.concat(sounds).equals(audio)).toBe(true)
  })

  test('says what its streams are', () => {
    const reader = new NutReader(pieces(nut, [4_096]))
    reader.next()
    expect(reader.streams).toMatchObject([
      { kind: 'video', width: 64, height: 36 },
      { kind: 'audio', sampleRate: 48_000, channels: 2 },
    ])
  })

  test('reads the same however the bytes are cut', () => {
    const whole = readAll(nut, [65_536]).map(({ ptsUs, data }) => `${ptsUs} ${data.length} ${data[0]} ${data.at(-1)}`)
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 9_000 }), { minLength: 1, maxLength: 12 }), sizes => {
        const cut = readAll(nut, sizes).map(({ ptsUs, data }) => `${ptsUs} ${data.length} ${data[0]} ${data.at(-1)}`)
        expect(cut).toEqual(whole)
      }),
      { numRuns: 15 },
    )
  })

  test('ends quietly wherever the stream is cut off', () => {
    const whole = readAll(nut, [65_536]).length
    fc.assert(
      fc.property(fc.integer({ min: 0, max: nut.length }), length => {
        const some = readAll(nut.subarray(0, length), [8_192])
        expect(some.length).toBeLessThanOrEqual(whole)
      }),
      { numRuns: 40 },
    )
  })

  test('skips payloads that nobody wants', () => {
    const reader = new NutReader(pieces(nut, [1_000]))
    let frames = 0
    for (let packet = reader.next(); packet; packet = reader.next()) {
      if (reader.streams[packet.stream].kind === 'video') frames++
    }
    expect(frames).toBe(video.length / FRAME)
  })

  test('keeps the gaps of a variable rate, with timestamps far from zero', () => {
    const bytes = ffmpeg(
      ...['-f', 'lavfi', '-i', "testsrc2=size=64x36:rate=25:d=4,select='not(between(n,20,60))',setpts=PTS+90000/TB"],
      ...['-f', 'lavfi', '-i', 'sine=1000:d=4,asetpts=PTS+90000/TB'],
      ...['-copyts', '-fps_mode', 'passthrough', ...asNut],
    )
    const times = readAll(bytes, [65_536]).flatMap(({ kind, ptsUs }) =>
      kind === 'video' ? [Math.round(ptsUs / 1_000)] : [],
    )
    const expected = Array.from({ length: 100 }, (_, n) => n).filter(n => n < 20 || n > 60)
    expect(times).toEqual(expected.map(n => 90_000_000 + n * 40))
  })

  test('refuses what is not NUT', () => {
    expect(() => readAll(Buffer.from('<!doctype html><html><body>a page</body></html>'), [7])).toThrow('not a NUT')
    const broken = Buffer.from(nut)
    broken.fill(0xff, 40, 60)
    expect(() => readAll(broken, [4_096])).toThrow()
  })
})
