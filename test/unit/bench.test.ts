import { describe, expect, test } from 'vitest'
import { validateOcl } from '../../runtime/ocl/index.ts'
import { threeLayers } from '../bench/layers.ts'
import { movingLayers } from '../bench/moving-layers.ts'
import { verdict } from '../bench/peers/judge.ts'
import { firstPictures, framesOff } from '../bench/take.ts'

describe('the judge of timed takes', () => {
  const FRAME = 1_000 / 30
  const began = 1_700_000_000_123.4
  /** Where a take told for `at` begins, and with it what the judge gets; `late`: so many frames behind its own. */
  const difference = (n: number, late = 0): number => {
    const at = Math.round(began) + n * 607
    const frame = Math.ceil((at - began) / FRAME) + late
    return at - Math.round(frame * FRAME)
  }

  test('finds nothing where each begins on the first frame at or after its time', () => {
    expect(framesOff(Array.from({ length: 24 }, (_, n) => difference(n)))).toBe(0)
  })

  test('finds the one that is a frame late or early, and the one that never came', () => {
    const all = Array.from({ length: 24 }, (_, n) => difference(n))
    expect(framesOff([...all, difference(26, 1)])).toBe(1)
    expect(framesOff([...all, difference(26, -1)])).toBe(1)
    expect(framesOff([...all, Number.NaN])).toBe(1)
  })
})

describe('the first picture of a take', () => {
  const taken = [false, true, false, true].map((slate, n) => ({ slate, from: 1_000 + n * 300 }))
  /** Pictures at 10 Hz from the slate on; the source changes at these times. */
  const pictures = (changes: number[]) =>
    Array.from({ length: 60 }, (_, n) => {
      const slate = changes.filter(time => time <= n * 100).length % 2 === 0
      return { arrived: n * 100, timestamp: n * 100, thumbnail: Buffer.alloc(256, slate ? 0 : 200) }
    })
  const found = (changes: number[]) => firstPictures(taken, pictures(changes)).map(one => one?.arrived)

  test('is found, also when it comes after the next takes were sent', () => {
    expect(found([1_100, 1_400, 1_700, 2_000])).toEqual([1_100, 1_400, 1_700, 2_000])
    expect(found([3_000, 3_300, 3_600, 3_900])).toEqual([3_000, 3_300, 3_600, 3_900])
  })

  test('is not taken from another one when it never came', () => {
    expect(found([1_100, 2_000])).toEqual([1_100, undefined, undefined, 2_000])
  })
})

describe('the judge of recordings', () => {
  /** Pictures of a camera at 60 Hz as they should come, from number 955 on, over the end of its loop. */
  const good = Array.from({ length: 120 }, (_, n) => ({
    time: 1_000 + Math.round((n * 1_000) / 60),
    number: (955 + n) % 960,
  }))

  test('finds nothing in a good one', () => {
    expect(verdict(good, 2_000)).toEqual({ due: 120, missing: 0, repeated: 0, skipped: 0 })
  })

  test('finds what is missing by time, also a lag behind the wall clock', () => {
    const holes = good.filter((_, n) => n !== 10 && n !== 50 && n !== 51)
    expect(verdict(holes, 2_000)).toEqual({ due: 120, missing: 3, repeated: 0, skipped: 3 })
    expect(verdict(good, 3_000)).toMatchObject({ due: 180, missing: 61, repeated: 0 })
    expect(verdict([], 2_000)).toMatchObject({ due: 120, missing: 120 })
  })

  test('finds a picture that was shown again in the place of its successor', () => {
    const again = good.map((one, n) => (n === 30 ? { ...one, number: good[29].number } : one))
    expect(verdict(again, 2_000)).toEqual({ due: 120, missing: 0, repeated: 1, skipped: 1 })
  })
})

test('the overlays of the shows are without fault', () => {
  for (const document of [threeLayers, movingLayers])
    expect(validateOcl(document)).toMatchObject({ ok: true, warnings: [] })
})
