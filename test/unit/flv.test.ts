import { execFileSync } from 'node:child_process'
import fc from 'fast-check'
import { beforeAll, describe, expect, test } from 'vitest'
import { FlvParser } from '../../runtime/engine/encode/flv.ts'
import type { FlvTag } from '../../runtime/engine/media/tag.ts'

function parse(bytes: Buffer, sizes: number[]): FlvTag[] {
  const tags: FlvTag[] = []
  const parser = new FlvParser(tag => tags.push(tag))
  for (let at = 0, turn = 0; at < bytes.length; turn++) {
    const size = sizes[turn % sizes.length]
    parser.push(bytes.subarray(at, at + size))
    at += size
  }
  return tags
}

describe('FLV as FFmpeg writes it', () => {
  let flv: Buffer

  beforeAll(() => {
    flv = execFileSync(
      'ffmpeg',
      [
        ...[
          '-v',
          'error',
          '-f',
          'lavfi',
          '-i',
          'testsrc2=size=64x36:rate=25',
          '-f',
          'lavfi',
          '-i',
          'sine=1000',
          '-t',
          '3',
        ],
        ...['-c:v', 'libx264', '-g', '25', '-bf', '0', '-c:a', 'aac', '-output_ts_offset', '20000', '-f', 'flv', '-'],
      ],
      { maxBuffer: 1 << 26 },
    )
  })

  test('headers, keyframes and times beyond 24 bits', () => {
    const tags = parse(flv, [65_536])
    const video = tags.filter(tag => tag.kind === 'video')
    const frames = video.filter(tag => !tag.header)
    expect(tags[0].kind).toBe('script')
    expect(video.filter(tag => tag.header)).toHaveLength(1)
    expect(video[0]).toMatchObject({ header: true, keyframe: false })
    expect(tags.filter(tag => tag.kind === 'audio' && tag.header)).toHaveLength(1)
    // 75 pictures, and not the mark of the end that FFmpeg adds.
    expect(frames).toHaveLength(75)
    expect(frames.flatMap((tag, n) => (tag.keyframe ? [n] : []))).toEqual([0, 25, 50])
    expect(frames[0].timestamp).toBeGreaterThan(0xffffff)
    expect(frames.map(tag => tag.timestamp - frames[0].timestamp)).toEqual(Array.from({ length: 75 }, (_, n) => n * 40))
  })

  test('the same however the bytes are cut', () => {
    const whole = parse(flv, [65_536])
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 5_000 }), { minLength: 1, maxLength: 9 }), sizes => {
        expect(parse(flv, sizes)).toEqual(whole)
      }),
      { numRuns: 20 },
    )
  })

  test('refuses what is not FLV', () => {
    expect(() => parse(Buffer.from('RIFF of something else entirely'), [31])).toThrow('not an FLV')
  })
})
