import { expect, test } from 'vitest'
import { workOn } from '../unit/ocl-fuzz.ts'

test('a hundred thousand mutated documents: none breaks it, none holds it up for 50 ms', () => {
  workOn(0)
  const slow: { seed: number; ms: number }[] = []
  for (let seed = 1_000_001; seed <= 1_100_000; seed++) {
    const { ms } = workOn(seed)
    if (ms > 50) slow.push({ seed, ms })
  }
  expect(slow).toEqual([])
})
