import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ChunkReader } from '../../runtime/engine/outputs/rtmp/chunk-reader.ts'
import { ChunkWriter } from '../../runtime/engine/outputs/rtmp/chunk-writer.ts'
import { control, type Message, TYPE } from '../../runtime/engine/outputs/rtmp/messages.ts'

const message = (timestamp: number, size: number, type: number = TYPE.video, stream = 1): Message => ({
  type,
  stream,
  timestamp,
  data: Buffer.alloc(size, timestamp & 0xff),
})

/** The bytes in pieces of any size, as a network hands them over. */
function readInPieces(bytes: Buffer, sizes: number[]): Message[] {
  const reader = new ChunkReader()
  const messages: Message[] = []
  for (let at = 0, n = 0; at < bytes.length; n++) {
    const size = sizes[n % sizes.length] ?? 1
    messages.push(...reader.push(bytes.subarray(at, at + size)))
    at += size
  }
  return messages
}

describe('RTMP chunks', () => {
  it('carry interleaved messages of any size through any network', () => {
    const sent = fc.record({
      chunkStream: fc.integer({ min: 3, max: 8 }),
      step: fc.integer({ min: 0, max: 5_000 }),
      size: fc.integer({ min: 0, max: 9_000 }),
    })
    const sizes = fc.array(fc.integer({ min: 1, max: 2_000 }), { minLength: 1, maxLength: 8 })
    fc.assert(
      fc.property(fc.array(sent, { maxLength: 20 }), sizes, fc.integer({ min: 128, max: 8_192 }), (all, cut, size) => {
        const writer = new ChunkWriter()
        let time = 0
        const messages = all.map(({ step, size }) => {
          time += step
          return message(time, size)
        })
        const bytes = [writer.setChunkSize(size), ...messages.map((m, n) => writer.write(all[n]?.chunkStream ?? 3, m))]
        const [announced, ...read] = readInPieces(Buffer.concat(bytes), cut)
        expect(announced?.type).toBe(TYPE.chunkSize)
        expect(read).toEqual(messages)
      }),
    )
  })

  it.each([
    ['crossing 24 bits', 0xffffff - 100],
    ['beginning beyond 24 bits', 0x1000000 + 5],
    ['crossing the wrap of 32 bits', 2 ** 32 - 100],
  ])('keep the time when %s', (_, start) => {
    const writer = new ChunkWriter()
    const times = Array.from({ length: 20 }, (_, n) => start + n * 33)
    const bytes = Buffer.concat(times.map(time => writer.write(6, message(time, 500))))
    expect(readInPieces(bytes, [7]).map(m => m.timestamp)).toEqual(times.map(time => time % 2 ** 32))
  })

  it('go on steadily where FFmpeg’s 31 bits of time begin again', () => {
    const writer = new ChunkWriter()
    const bytes = [0x7ffffff0, 0x10].map(time => writer.write(6, message(time, 10)))
    const [first, second] = readInPieces(Buffer.concat(bytes), [100])
    expect((second?.timestamp ?? 0) - (first?.timestamp ?? 0)).toBe(0x20)
  })

  it('begin with one full header and go on with deltas', () => {
    const writer = new ChunkWriter()
    expect(writer.write(4, message(1_000, 3, TYPE.audio)).toString('hex')).toBe('040003e8000003080100000' + '0e8e8e8')
    expect(writer.write(4, message(1_021, 3, TYPE.audio)).toString('hex')).toBe('4400001500000308' + 'fdfdfd')
    expect(writer.write(4, message(900, 1, TYPE.audio))[0]).toBe(4)
  })

  it('may be abandoned by an abort message', () => {
    const writer = new ChunkWriter()
    const partial = writer.write(6, message(0, 300)).subarray(0, 12 + 128)
    const abort = writer.write(2, control(TYPE.abort, 6))
    const whole = new ChunkWriter().write(6, message(40, 10))
    const read = readInPieces(Buffer.concat([partial, abort, whole]), [64])
    expect(read.map(m => m.data.length)).toEqual([4, 10])
  })

  it('of a hostile server end in a RangeError and bounded memory', () => {
    expect(() => new ChunkReader().push(Buffer.from('03000000ffffff1400000000', 'hex'))).toThrow(RangeError)
    expect(() => new ChunkReader().push(Buffer.from('c3', 'hex'))).toThrow(RangeError)
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), bytes => {
        try {
          new ChunkReader().push(Buffer.from(bytes))
        } catch (error) {
          expect(error).toBeInstanceOf(RangeError)
        }
      }),
      { numRuns: 1_000 },
    )
  })
})
