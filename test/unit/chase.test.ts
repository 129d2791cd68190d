import { expect, test } from 'vitest'
import { chase } from '../../nodes/lib-ui/chase.ts'

const STEP = 0.1

/** Plays for so many seconds against a live stream, and answers how far behind it is then. */
function play(behind: number, seconds: number, stalls = 0): number {
  let rate = 1
  for (let at = 0; at < seconds; at += STEP) {
    const next = chase(behind, rate, stalls)
    rate = next.rate
    behind = (next.jump ?? behind) - (rate - 1) * STEP
  }
  return behind
}

test.each([0, 0.1, 0.3, 0.44])('%d s behind is left alone', behind => {
  expect(chase(behind, 1, 0)).toEqual({ rate: 1 })
})

test('a little late it hurries until it is close, not only until it is no longer late', () => {
  expect(chase(0.6, 1, 0).rate).toBeGreaterThan(1)
  expect(chase(0.4, 1.2, 0).rate).toBeGreaterThan(1)
  expect(chase(0.29, 1.2, 0)).toEqual({ rate: 1 })
  expect(play(0.89, 4)).toBeLessThan(0.31)
})

test('a whole group of pictures late it jumps, at its own speed', () => {
  expect(chase(2.5, 1.3, 0)).toEqual({ rate: 1, jump: 0.3 })
})

test('stalls ask for a larger cushion, within the second', () => {
  expect(play(0.6, 60, 1)).toBeGreaterThan(play(0.6, 60, 0))
  expect(play(0.89, 60, 100)).toBeLessThan(0.7)
  expect(chase(0.5, 1, 2)).toEqual({ rate: 1 })
})
