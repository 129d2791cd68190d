import { expect, test } from 'vitest'
import { workOn } from './ocl-fuzz.ts'

const DOCUMENTS = 5_000

test('five thousand mutated documents: none breaks it, none holds it up for 50 ms', { timeout: 60_000 }, () => {
  workOn(0)
  let accepted = 0
  const slow: { seed: number; ms: number }[] = []
  for (let seed = 1; seed <= DOCUMENTS; seed++) {
    const done = workOn(seed)
    if (done.accepted) accepted++
    if (done.ms > 50) slow.push({ seed, ms: done.ms })
  }
  expect(slow).toEqual([])
  // Mutations that are all refused, or all accepted, would test half of it.
  expect(accepted).toBeGreaterThan(DOCUMENTS / 10)
  expect(accepted).toBeLessThan(DOCUMENTS * 0.9)
  expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false)
})
