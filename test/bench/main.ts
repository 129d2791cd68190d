import { writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { compose } from './compose.ts'
import type { Figures } from './figure.ts'
import { resolveBench } from './resolve.ts'
import { show1 } from './show.ts'
import { show3 } from './show3.ts'
import { take } from './take.ts'

/**
 * `npm run bench -- --json FILE [--only show3,take]`: measures one thing after another (two cores are no place for two measurements at once),
 * prints the figures as they come and writes them to FILE. Ratios are taken side by side in this run.
 */
const { values } = parseArgs({ options: { json: { type: 'string' }, only: { type: 'string' } } })

const benches: Record<string, () => Promise<Figures>> = {
  compose,
  resolve: async () => resolveBench(),
  show1,
  show3,
  take,
}

const only = values.only ? new Set(values.only.split(',')) : undefined
for (const name of only ?? []) {
  if (!(name in benches))
    throw new Error(`no benchmark is called ${name}; there are ${Object.keys(benches).join(', ')}`)
}

const figures: Figures = {}
for (const [name, bench] of Object.entries(benches)) {
  if (only && !only.has(name)) continue
  const found = await bench()
  Object.assign(figures, found)
  for (const [key, { value, unit, baseline, note }] of Object.entries(found)) {
    const against = baseline === undefined ? '' : ` (against ${baseline})`
    console.log(`${key.padEnd(28)} ${value} ${unit}${against}${note ? `  ${note}` : ''}`)
  }
}
if (values.json) writeFileSync(values.json, `${JSON.stringify(figures, null, 2)}\n`)
