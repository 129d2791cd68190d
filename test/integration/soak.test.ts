import { expect, test } from 'vitest'
import { soak } from '../soak/soak.ts'

/** Two minutes of chaos with the seed of the day; the hour is in test/long. A failure names the seed that repeats it. */
test('two minutes of chaos', async () => {
  const seed = Number(process.env.VISTTER_SOAK_SEED ?? Math.floor(Date.now() / 86_400_000))
  const said: string[] = []
  const summary = await soak({ minutes: 2, chaos: true, seed, say: line => said.push(line) })
  expect(summary.faults, `seed ${seed}\n${said.join('\n')}`).toEqual([])
  expect(summary.recorded.frames).toBeGreaterThan(3_000)
}, 300_000)
