import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { classify } from '../../runtime/engine/ingest/classify.ts'
import { gathering } from '../../runtime/engine/ingest/gather.ts'
import { Heartbeat } from '../../runtime/engine/ingest/heartbeat.ts'
import { SoundWriter } from '../../runtime/engine/ingest/sound.ts'
import { Arena } from '../../runtime/engine/memory/arena.ts'
import { allocRing, Ring } from '../../runtime/engine/memory/ring.ts'

describe('the reading of a picture', () => {
  /** Reads `lengths` where each reading finds as many bytes as `there` says; answers at which readings it paused. */
  function pauses(lengths: number[], there: number[]): number[] {
    const paused: number[] = []
    let n = 0
    const read = gathering(
      (_target, _offset, length) => Math.min(length, there[n]),
      () => paused.push(n),
    )
    for (; n < lengths.length; n++) read(new Uint8Array(0), 0, lengths[n])
    return paused
  }

  test('pauses after a piece, so that the next reading finds more, and never otherwise', () => {
    const [header, picture, rest, sound] = [64, 3_000_000, 90_000, 4_096]
    expect(pauses([header, picture, picture, picture], [64, 32_768, 32_768, 400_000])).toEqual([2, 3])
    expect(pauses([header, picture, picture, picture], [64, 400_000, 400_000, 400_000])).toEqual([])
    expect(pauses([picture, rest, header, sound, header, picture], [32_768, 32_768, 64, 64, 64, 32_768])).toEqual([])
  })
})

describe('the heartbeat of a source', () => {
  /** Plays a second-by-second list of frame rates; answers the pulse after each second. */
  function play(rates: number[], nominal = 30) {
    const heart = new Heartbeat(0)
    let head = 0
    const pulses: string[] = []
    for (const [second, rate] of rates.entries()) {
      for (let i = 1; i <= 5; i++) {
        head += rate / 5
        heart.look(second * 1_000 + i * 200, head, nominal)
      }
      pulses.push(heart.pulse((second + 1) * 1_000))
    }
    return { heart, pulses }
  }

  test('connecting until the first frame, offline 3 s after the last one', () => {
    expect(play([0, 0, 30, 30, 0, 0, 0, 0, 30]).pulses).toEqual(
      'connecting connecting online online online online offline offline online'.split(' '),
    )
  })

  test('degraded while the rate is well below what the camera says, and back with hysteresis', () => {
    const { pulses } = play([...Array(7).fill(30), ...Array(7).fill(10), ...Array(7).fill(30)])
    expect(pulses[6]).toBe('online')
    expect(pulses[13]).toBe('degraded')
    expect(pulses[20]).toBe('online')
    const { heart } = play([...Array(7).fill(30), ...Array(7).fill(10)])
    expect(heart.slowness).toMatchObject({
      code: 'CAMERA_SLOW',
      detail: 'Of 30 pictures a second that it promises, 20 came.',
    })
    expect(play(Array(7).fill(30)).heart.slowness).toBeUndefined()
    expect(play(Array(12).fill(25)).pulses).not.toContain('degraded')
    expect(play(Array(12).fill(5), 0).pulses).not.toContain('degraded')
  })

  test('a connection without a picture is dead after 15 s, one that stopped after 10 s', () => {
    const heart = new Heartbeat(0)
    heart.look(14_900, 0, 0)
    expect(heart.silent(14_900)).toBe(false)
    expect(heart.silent(15_000)).toBe(true)
    heart.connecting(16_000)
    heart.look(17_000, 1, 0)
    expect(heart.silent(26_900)).toBe(false)
    expect(heart.silent(27_000)).toBe(true)
  })

  test('a try that failed means offline, and the counter may wrap', () => {
    const heart = new Heartbeat(0)
    heart.failure()
    expect(heart.pulse(100)).toBe('offline')
    heart.look(200, 0xffffffff, 0)
    heart.look(300, 3, 0)
    expect(heart.pulse(300)).toBe('online')
  })
})

describe('why a session ended', () => {
  const ended = (said: string, more = {}) => classify({ said, hadFrames: false, silent: false, ranForMs: 100, ...more })

  test.each([
    ['pipe:4: Server returned 401 Unauthorized (authorization failed)', 'CAMERA_AUTH'],
    ['[rtsp @ 0x1] method DESCRIBE failed: 404 Not Found\npipe:4: Server returned 404 Not Found', 'CAMERA_NO_STREAM'],
    [
      '[tcp @ 0x1] Connection to tcp://127.0.0.1:1 failed: Connection refused\npipe:4: Connection refused',
      'CAMERA_UNREACHABLE',
    ],
    [
      '[tcp @ 0x1] Failed to resolve hostname cam: Name or service not known\npipe:4: Input/output error',
      'CAMERA_UNREACHABLE',
    ],
    [
      "[concat @ 0x1] Impossible to open 'http://x/'\npipe:4: Invalid data found when processing input",
      'CAMERA_NOT_A_STREAM',
    ],
    ['[h264 @ 0x1] Could not find codec parameters for stream 0', 'CAMERA_UNSUPPORTED'],
    ['something new', 'CAMERA_UNREACHABLE'],
    ['', 'CAMERA_UNREACHABLE'],
  ])('%s', (said, code) => expect(ended(said).code).toBe(code))

  test('what a connection that had worked says last is not the cause', () => {
    expect(ended('401 Unauthorized', { hadFrames: true }).code).toBe('CAMERA_DROPPED')
    expect(ended('', { hadFrames: true, silent: true }).code).toBe('CAMERA_SILENT')
  })

  test('no answer at all is not called bad data', () => {
    expect(ended('pipe:4: Invalid data found', { ranForMs: 3_050 }).code).toBe('CAMERA_SILENT')
    expect(ended('', { silent: true }).code).toBe('CAMERA_SILENT')
  })
})

describe('sound in its circle', () => {
  const CIRCLE = 4_096

  /** Writes packets of a counting sound; answers what a reader finds at each time (µs → sample). */
  function write(packets: { ptsUs: number; pairs: number; value: number }[]) {
    const arena = new Arena()
    const ring = new Ring(arena.memory, allocRing(arena, { width: 2, height: 2, slots: 2, audioFrames: CIRCLE }))
    const sound = new SoundWriter(ring)
    for (const { ptsUs, pairs, value } of packets) {
      let left = pairs - Math.min(pairs, sound.align(ptsUs))
      while (left > 0) {
        const { at, pairs: fit } = sound.room
        const some = Math.min(left, fit)
        ring.samples.fill(value, at * 2, (at + some) * 2)
        sound.publish(some)
        left -= some
      }
    }
    const at = (ptsUs: number) => {
      const index = Math.round(((ptsUs - ring.audioStart) * 48_000) / 1e6)
      return ring.samples[(((index % CIRCLE) + CIRCLE) % CIRCLE) * 2]
    }
    return { ring, at, endUs: ring.audioStart + (ring.audioHead * 1e6) / 48_000 }
  }

  test('packets in a row are put in a row; jitter is left alone', () => {
    const { ring, endUs } = write([
      { ptsUs: 7_000_000, pairs: 480, value: 1 },
      { ptsUs: 7_012_000, pairs: 480, value: 2 },
      { ptsUs: 7_019_000, pairs: 480, value: 3 },
    ])
    expect(ring.audioHead).toBe(1_440)
    expect(endUs).toBeCloseTo(7_030_000, 0)
  })

  test('a gap is filled with silence, an overlap is cut off', () => {
    const gap = write([
      { ptsUs: 0, pairs: 480, value: 5 },
      { ptsUs: 40_000, pairs: 480, value: 6 },
    ])
    expect([gap.at(5_000), gap.at(25_000), gap.at(45_000)]).toEqual([5, 0, 6])
    expect(gap.endUs).toBeCloseTo(50_000, 0)
    const overlap = write([
      { ptsUs: 0, pairs: 2_400, value: 5 },
      { ptsUs: 20_000, pairs: 2_400, value: 6 },
    ])
    expect([overlap.at(40_000), overlap.at(60_000)]).toEqual([5, 6])
    expect(overlap.endUs).toBeCloseTo(70_000, 0)
  })

  test.each([60e6, -60e6])('after a jump of %i µs nothing old is found under new times', jump => {
    const { ring, at, endUs } = write([
      { ptsUs: 100e6, pairs: 4_000, value: 5 },
      { ptsUs: 100e6 + jump, pairs: 480, value: 6 },
    ])
    expect(endUs).toBeCloseTo(100e6 + jump + 10_000, 0)
    expect(at(100e6 + jump + 5_000)).toBe(6)
    expect(at(100e6 + jump - 5_000)).toBe(0)
    expect(ring.audioHead).toBe(4_000 + CIRCLE + 480)
  })

  test('whatever comes, the end of the line is the end of the last packet within the tolerance', () => {
    fc.assert(
      fc.property(
        fc.array(fc.record({ ptsUs: fc.integer({ min: 0, max: 400_000 }), pairs: fc.integer({ min: 1, max: 2_000 }) })),
        packets => {
          let reached = Number.NEGATIVE_INFINITY
          for (const [n, packet] of packets.entries()) {
            const { endUs } = write(packets.slice(0, n + 1).map(one => ({ ...one, value: 1 })))
            reached = packet.ptsUs + (packet.pairs * 1e6) / 48_000
            expect(endUs).toBeGreaterThanOrEqual(reached - 15_100)
          }
        },
      ),
      { numRuns: 50 },
    )
  })
})
