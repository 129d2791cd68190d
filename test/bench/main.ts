import { writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { compose } from './compose.ts'
import type { Figures } from './figure.ts'
import { oclShow } from './ocl-show.ts'
import { peers } from './peers/peers.ts'
import { resolveBench } from './resolve.ts'
import { show1 } from './show.ts'
import { show3 } from './show3.ts'
import { take } from './take.ts'

/**
 * `npm run bench -- --json FILE [--only show3,take] [--peers] [--seconds N]`: measures one thing after another (two cores
 * are no place for two measurements at once), prints the figures as they come and writes them to FILE. Ratios are taken
 * side by side in this run. One that fails is told and fails the run, and the others go on.
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
if (seconds !== undefined && !(seconds >= 5)) refuse('--seconds needs a number from 5 on')

const benches: Record<string, () => Promise<Figures>> = {
  compose,
  resolve: async () => resolveBench(),
  show1: () => show1(seconds),
  show3: () => show3(seconds),
  oclShow: () => oclShow(seconds),
  take,
  peers: () => peers(seconds),
}

const usual = Object.keys(benches).filter(name => name !== 'peers')
const chosen = new Set(values.only?.split(',') ?? usual)
if (values.peers) chosen.add('peers')
for (const name of chosen) {
  if (!Object.hasOwn(benches, name))
    refuse(`no benchmark is called ${name}; there are ${Object.keys(benches).join(', ')}`)
}

const figures: Figures = {}
for (const [name, bench] of Object.entries(benches)) {
  if (!chosen.has(name)) continue
  const found = await bench().catch(failed(name))
  Object.assign(figures, found)
  for (const [key, { value, unit, baseline, note }] of Object.entries(found)) {
    const against = baseline === undefined ? '' : ` (against ${baseline})`
    console.log(`${key.padEnd(32)} ${value} ${unit}${against}${note ? `  ${note}` : ''}`)
  }
}
if (values.json) writeFileSync(values.json, `${JSON.stringify(figures, null, 2)}\n`)

function failed(name: string): (error: unknown) => Figures {
  return error => {
    console.error(`${name} failed:`, error)
    process.exitCode = 1
    return {}
  }
}

function refuse(why: string): never {
  console.error(why)
  process.exit(2)
}
