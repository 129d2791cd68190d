import { writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { compose } from './compose.ts'
import type { Figures } from './figure.ts'
import { peers } from './peers/peers.ts'
import { resolveBench } from './resolve.ts'
import { show1 } from './show.ts'
import { show3 } from './show3.ts'
import { take } from './take.ts'

/**
 * `npm run bench -- --json FILE [--only show3,take] [--peers] [--seconds N]`: measures one thing after another (two cores are no place for two measurements at once),
 * prints the figures as they come and writes them to FILE. Ratios are taken side by side in this run.
 */
const { values } = parseArgs({
  options: {
    json: { type: 'string' },
    only: { type: 'string' },
    peers: { type: 'boolean', default: false },
    seconds: { type: 'string' },
  },
})
const seconds = values.seconds === undefined ? undefined : Number(values.seconds)
if (seconds !== undefined && !(seconds >= 5)) throw new Error('--seconds needs a number from 5 on')

const benches: Record<string, () => Promise<Figures>> = {
  compose,
  resolve: async () => resolveBench(),
  show1: () => show1(seconds),
  show3: () => show3(seconds),
  take,
  peers: () => peers(seconds),
}

const usual = Object.keys(benches).filter(name => name !== 'peers')
const chosen = new Set(values.only?.split(',') ?? usual)
if (values.peers) chosen.add('peers')
for (const name of chosen) {
  if (!(name in benches))
    throw new Error(`no benchmark is called ${name}; there are ${Object.keys(benches).join(', ')}`)
}

const figures: Figures = {}
for (const [name, bench] of Object.entries(benches)) {
  if (!chosen.has(name)) continue
  const found = await bench()
  Object.assign(figures, found)
  for (const [key, { value, unit, baseline, note }] of Object.entries(found)) {
    const against = baseline === undefined ? '' : ` (against ${baseline})`
    console.log(`${key.padEnd(28)} ${value} ${unit}${against}${note ? `  ${note}` : ''}`)
  }
}
if (values.json) writeFileSync(values.json, `${JSON.stringify(figures, null, 2)}\n`)
