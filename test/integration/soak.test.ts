import { expect, test } from 'vitest'
import { soak } from '../soak/soak.ts'

/** Its first fifteen deeds are of fourteen kinds: every part is killed, every peer cut, stalled and refused. */
const SEED = 5_229

/** The hour, with another seed each day, is in test/long. */
test('two minutes of chaos', async () => {
  const said: string[] = []
  const summary = await soak({ minutes: 2, chaos: true, seed: SEED, say: line => said.push(line) })
  const story = `${said.join('\n')}\n${JSON.stringify(summary, null, 2)}`
  expect(summary.faults, story).toEqual([])
  expect(Object.keys(summary.deeds).length, story).toBeGreaterThanOrEqual(8)
  expect(summary.recorded.frames, story).toBeGreaterThan(3_000)
  expect(summary.childStarts, story).toBeGreaterThan(8)
}, 300_000)
