import { expect, test } from 'vitest'
import { soak } from '../soak/soak.ts'

test('an hour of chaos', async () => {
  const seed = Number(process.env.VISTTER_SOAK_SEED ?? Math.floor(Date.now() / 86_400_000))
  const summary = await soak({ minutes: 60, chaos: true, seed, say: line => console.log(line) })
  console.log(JSON.stringify(summary, null, 2))
  expect(summary.faults, `seed ${seed}`).toEqual([])
}, 4_500_000)
