import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Clock } from '../lib/clock.ts'

/** What was done to the flow file before Node-RED reads it; `damaged` is where an unusable file was put aside. */
export interface FlowFile {
  from: 'kept' | 'shipped' | 'previous deploy'
  damaged?: string
}

/**
 * Makes sure that Node-RED finds a flow file it can load: the shipped flows at the first start; after damage (a cut power
 * line, a hand edit) the previous deploy, else the shipped ones. Node-RED itself would start with nothing, which would
 * take every wire away.
 */
export function prepareFlowFile(userDir: string, shippedFolder: string, clock: Clock): FlowFile {
  mkdirSync(userDir, { recursive: true, mode: 0o700 })
  const file = join(userDir, 'flows.json')
  if (!existsSync(file)) {
    replace(file, shippedFlows(shippedFolder))
    return { from: 'shipped' }
  }
  if (flowsIn(file)) return { from: 'kept' }
  const damaged = join(userDir, `flows.damaged-${new Date(clock.now()).toISOString().replaceAll(':', '')}.json`)
  renameSync(file, damaged)
  // Node-RED keeps the deploy before the last one under this name.
  const previous = flowsIn(join(userDir, '.flows.json.backup'))
  replace(file, previous ?? shippedFlows(shippedFolder))
  return { from: previous ? 'previous deploy' : 'shipped', damaged }
}

/** Every file of the shipped folder together: each tells one story, and all of them make up the first flow. */
function shippedFlows(folder: string): unknown[] {
  const names = readdirSync(folder).filter(name => name.endsWith('.json'))
  return names.sort().flatMap(name => JSON.parse(readFileSync(join(folder, name), 'utf8')) as unknown[])
}

function flowsIn(file: string): unknown[] | undefined {
  try {
    const flows: unknown = JSON.parse(readFileSync(file, 'utf8'))
    return Array.isArray(flows) && flows.every(isNode) ? flows : undefined
  } catch {
    return undefined
  }
}

function isNode(item: unknown): boolean {
  return typeof item === 'object' && item !== null && 'id' in item && 'type' in item
}

/** Whole or not at all: a name appears only when its content is complete. */
function replace(file: string, flows: unknown[]): void {
  writeFileSync(`${file}.new`, `${JSON.stringify(flows, null, 4)}\n`, { mode: 0o600 })
  renameSync(`${file}.new`, file)
}
