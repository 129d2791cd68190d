import { parseArgs } from 'node:util'
import { soak } from './soak.ts'

/** `npm run soak -- --minutes N [--chaos] [--seed S]`: exit code 1 when something did not hold. */
const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '10' },
    chaos: { type: 'boolean', default: false },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
  },
})
const began = Date.now()
const say = (line: string) => console.log(`[${((Date.now() - began) / 1_000).toFixed(1).padStart(7)} s] ${line}`)
const summary = await soak({ minutes: Number(values.minutes), chaos: values.chaos, seed: Number(values.seed), say })
console.log(JSON.stringify(summary, null, 2))
process.exit(summary.faults.length === 0 ? 0 : 1)
