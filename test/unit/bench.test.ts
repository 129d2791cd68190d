import { describe, expect, test } from 'vitest'
import { framesOff } from '../bench/take.ts'

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
