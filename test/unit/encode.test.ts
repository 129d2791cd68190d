import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Cadence, encoderRate } from '../../runtime/engine/encode/cadence.ts'
import { Feeder } from '../../runtime/engine/encode/feeder.ts'
import { Arena } from '../../runtime/engine/memory/arena.ts'
import { allocRing, Ring } from '../../runtime/engine/memory/ring.ts'

describe('the rate of an encoder', () => {
  test.each([
    ['the program at its own rate', { num: 30, den: 1 }, 30, { num: 30, den: 1 }],
    ['never more than the program has', { num: 30, den: 1 }, 60, { num: 30, den: 1 }],
    ['60 of 59.94 means all of it', { num: 60_000, den: 1_001 }, 60, { num: 60_000, den: 1_001 }],
    ['30 of 59.94 means half of it', { num: 60_000, den: 1_001 }, 30, { num: 60_000, den: 2_002 }],
    ['15 of 60', { num: 60, den: 1 }, 15, { num: 60, den: 4 }],
    ['25 of 30 is a rate of its own', { num: 30, den: 1 }, 25, { num: 25, den: 1 }],
    ['12.5 of 30', { num: 30, den: 1 }, 12.5, { num: 12_500, den: 1_000 }],
  ])('%s', (_, program, fps, rate) => expect(encoderRate(program, fps)).toEqual(rate))

  test('frames are taken in order, on the grid, never early, and as many as the rate says', () => {
    fc.assert(
      fc.property(fc.constantFrom(24, 25, 30, 50, 60), fc.constantFrom(10, 12, 15, 20, 25, 30, 60), (program, fps) => {
        const rate = encoderRate({ num: program, den: 1 }, fps)
        const cadence = new Cadence(rate)
        const taken: number[] = []
        for (let n = 0; n < program * 10; n++) {
          const pts = (n * 1e6) / program
          const time = cadence.take(pts)
          if (time === undefined) continue
          expect(pts - time).toBeGreaterThan(-1e6 / program / 2)
          expect(pts - time).toBeLessThan(1e6 / program + 1)
          taken.push(time)
        }
        expect(taken.length).toBe(Math.min(program, (rate.num / rate.den) | 0) * 10)
        for (let i = 1; i < taken.length; i++) {
          expect(taken[i] - taken[i - 1]).toBeCloseTo((rate.den * 1e6) / rate.num, 3)
        }
      }),
    )
  })
})

describe('the feeder', () => {
  const shape = { width: 16, height: 16, slots: 8, audioFrames: 65_536 }

  function programme() {
    const arena = new Arena()
    const ring = new Ring(arena.memory, allocRing(arena, shape))
    let n = 0
    let pairs = 0
    const tick = (count = 1) => {
      for (; count > 0; count--, n++) {
        for (let i = 0; i < 1_600; i++, pairs++)
          ring.samples.fill(pairs & 0x7fff, (pairs % 65_536) * 2, (pairs % 65_536) * 2 + 2)
        ring.publishAudio(1_600)
        ring.bytes.fill(n, ring.writeAddress, ring.writeAddress + ring.slotBytes)
        ring.publish((n * 1e6) / 30, 0)
      }
    }
    return { ring, tick }
  }

  /** Runs a feeder; `between` is called before each written frame and may move the program on. */
  function feed(ring: Ring, frames: number, between: (written: number) => void, after?: number) {
    const pictures: number[] = []
    const sound: number[] = []
    let dropped = 0
    const feeder = new Feeder(
      ring,
      { num: 30, den: 1 },
      {
        unread: () => 0,
        lend: (source, offset) => {
          pictures.push(source[offset])
          between(pictures.length)
        },
        write: (source, offset, length) => {
          if (source === ring.bytes || length >= 4_000) {
            const view = new DataView(source.buffer, offset, length)
            for (let i = 0; i < length; i += 4) sound.push(view.getInt16(i, true))
          }
        },
      },
      after,
    )
    feeder.run(
      () => pictures.length >= frames,
      lost => {
        dropped += lost
      },
    )
    return { pictures, sound, dropped }
  }

  test('begins with the newest frame and its own sound, and leaves nothing out', () => {
    const { ring, tick } = programme()
    tick(5)
    const { pictures, sound, dropped } = feed(ring, 20, () => tick())
    expect(pictures).toEqual(Array.from({ length: 20 }, (_, n) => n + 4))
    // Sound begins with a packet of AAC on the program's own grid: the first one that begins with the picture or after it.
    const first = 7 * 1_024
    expect(sound).toEqual(Array.from({ length: sound.length }, (_, i) => (first + i) & 0x7fff))
    expect(sound.length).toBeGreaterThanOrEqual(19 * 1_600)
    expect(dropped).toBe(0)
  })

  const wireTime = (frame: number) => Math.round(1_000 + (frame * 1_000) / 30)

  test.each([
    ['with the first frame that it has not given', { given: 15, first: 16 }],
    ['with the oldest that the ring has', { given: 3, first: 15 }],
  ])('after a generation that died it begins %s', (_, { given, first }) => {
    const { ring, tick } = programme()
    tick(19)
    const { pictures, dropped } = feed(ring, 6, () => tick(), wireTime(given))
    expect(pictures).toEqual(Array.from({ length: 6 }, (_, n) => n + first))
    expect(dropped).toBe(0)
  })

  test('it never gives a frame twice: after the newest one it waits for the next', () => {
    const { ring, tick } = programme()
    tick(16)
    const given: number[] = []
    const sink = {
      lend: (source: Uint8Array, offset: number) => given.push(source[offset]),
      unread: () => 0,
      write: () => {},
    }
    const feeder = new Feeder(ring, { num: 15, den: 1 }, sink, wireTime(14))
    feeder.run(
      () => {
        tick()
        return given.length === 2
      },
      () => {},
    )
    // Of two frames one is taken here, so 15 is what 14 was.
    expect(given).toEqual([16, 18])
  })

  test('too slow an encoder loses pictures, never sound', () => {
    const { ring, tick } = programme()
    tick()
    const { pictures, sound, dropped } = feed(ring, 10, written => tick(written === 3 ? 20 : 1))
    expect(pictures.slice(0, 3)).toEqual([0, 1, 2])
    expect(pictures[3]).toBe(19)
    expect(dropped).toBe(16)
    expect(sound).toEqual(Array.from({ length: sound.length }, (_, i) => i & 0x7fff))
  })

  test('sound that is lost for good becomes as much silence', () => {
    const { ring, tick } = programme()
    tick()
    const { sound } = feed(ring, 6, written => tick(written === 2 ? 90 : 1))
    const total = sound.length
    // What is there stands where it belongs, and the rest is silence.
    const wrong = sound.filter((value, i) => value !== (i & 0x7fff) && value !== 0)
    expect(wrong).toEqual([])
    expect(sound.filter(value => value === 0).length).toBeGreaterThan(90 * 1_600 - 65_536)
    expect(sound.at(-1)).toBe((total - 1) & 0x7fff)
  })
})
