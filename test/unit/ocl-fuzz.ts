import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { nextChange, resolve } from '../../runtime/ocl/resolve.ts'
import { validateOcl } from '../../runtime/ocl/validate.ts'

/** Documents with something wrong in them, by the number of a seed: the same number gives the same document, anywhere. */
const examples = join(import.meta.dirname, '../../docs/studio/examples')
const sources = readdirSync(examples)
  .filter(name => name.endsWith('.json'))
  .map(name => readFileSync(join(examples, name), 'utf8'))

type Random = (below: number) => number

/** Mulberry32. */
function randomOf(seed: number): Random {
  let state = seed | 0
  return below => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return Math.floor((((t ^ (t >>> 14)) >>> 0) / 4_294_967_296) * below)
  }
}

const repeated = (text: string, times: number): string => text.repeat(times)

/** What has broken readers of documents before. */
const JUNK: ((random: Random) => unknown)[] = [
  () => null,
  () => true,
  () => '',
  () => [],
  () => ({}),
  () => -1,
  () => 1e308,
  () => -0,
  () => 5e-324,
  () => Number.MAX_SAFE_INTEGER,
  () => 100_000_000_000,
  () => '\ud800',
  () => 'x\udc00y\u0000',
  () => repeated('9', 400),
  () => repeated('é', 3_000),
  () => `{{${repeated(' ', 1_990)}`,
  () => repeated('{{a', 600),
  () => `{{ ${repeated('a ', 900)}}}`,
  () => `t+${repeated('1', 11)}s`,
  () => '999999999f',
  () => '99:59:59.999',
  () => `cubic-bezier(${repeated(' ', 60)})`,
  () => 'cubic-bezier(0.1, -99, 0.9, 99)',
  () => `#${repeated('f', 5_000)}`,
  () => '__proto__',
  () => 'constructor',
  () => JSON.parse('{"__proto__": {"polluted": true}, "constructor": {"prototype": 1}, "toString": 1, "length": -1}'),
  () => nested(20),
  () => nested(300),
  random => Array.from({ length: random(2_000) }, (_, i) => i),
  random => Array.from({ length: random(300) }, () => ({})),
  random => Object.fromEntries(Array.from({ length: random(500) }, (_, i) => [`k${i}`, i])),
]

function nested(depth: number): unknown {
  let value: unknown = 1
  for (let i = 0; i < depth; i++) value = i % 2 ? [value] : { scenes: value }
  return value
}

type Holder = Record<string, unknown> | unknown[]

const isHolder = (value: unknown): value is Holder => typeof value === 'object' && value !== null

/** A holder somewhere in the tree, and one of its keys; deeper ones as likely as those further up. */
function placeIn(tree: unknown, random: Random): { holder: Holder; key: string } | undefined {
  const places: { holder: Holder; key: string }[] = []
  const collect = (value: unknown) => {
    if (!isHolder(value) || places.length > 5_000) return
    for (const [key, child] of Object.entries(value)) {
      places.push({ holder: value, key })
      collect(child)
    }
  }
  collect(tree)
  return places.length === 0 ? undefined : places[random(places.length)]
}

function mutated(seed: number): unknown {
  const random = randomOf(seed)
  const tree: unknown = JSON.parse(sources[random(sources.length)])
  for (let n = 1 + random(4); n > 0; n--) {
    const place = placeIn(tree, random)
    if (!place) break
    const { holder, key } = place
    const value: unknown = Reflect.get(holder, key)
    switch (random(6)) {
      case 0:
        Reflect.deleteProperty(holder, key)
        break
      case 1: {
        const other = placeIn(tree, random)
        if (other) Reflect.set(holder, key, structuredClone(Reflect.get(other.holder, other.key)))
        break
      }
      case 2:
        // Thousands of the same, such as overlapping cues with ids of their own.
        if (Array.isArray(value) && value.length > 0) Reflect.set(holder, key, manyOf(value, 1 + random(250)))
        break
      case 3:
        if (typeof value === 'number') Reflect.set(holder, key, value * [-1, 1e6, 1e-9, 0][random(4)])
        else if (typeof value === 'string') Reflect.set(holder, key, value.slice(0, random(value.length)))
        break
      default:
        Reflect.set(holder, key, JUNK[random(JUNK.length)](random))
    }
  }
  return tree
}

function manyOf(items: unknown[], count: number): unknown[] {
  return Array.from({ length: count }, (_, i) => {
    const item: unknown = structuredClone(items[i % items.length])
    if (isHolder(item) && Object.hasOwn(item, 'id') && i >= items.length) Reflect.set(item, 'id', `copy ${i}`)
    return item
  })
}

/** Longest work in one go (ms). It is done again where it was long: what else the machine did is not ours. */
export function workOn(seed: number): { ms: number; accepted: boolean } {
  const document = mutated(seed)
  let best = { ms: Number.POSITIVE_INFINITY, accepted: false }
  for (let tries = 0; tries < 4 && best.ms > 40; tries++) {
    const once = work(document)
    if (once.ms < best.ms) best = once
  }
  return best
}

function work(input: unknown): { ms: number; accepted: boolean } {
  const steps: number[] = []
  const timed = <T>(step: () => T): T => {
    const began = process.cpuUsage()
    const answer = step()
    const { user, system } = process.cpuUsage(began)
    steps.push((user + system) / 1_000)
    return answer
  }
  const checked = timed(() => validateOcl(input))
  if (checked.ok) {
    const context = {}
    for (const t of [0, 33.3, 1_000, 5_000, 60_000]) {
      timed(() => resolve(checked.document, t, context))
      timed(() => nextChange(checked.document, t, context))
    }
  } else if (checked.errors.length === 0) throw new Error('refused without a reason')
  return { ms: Math.max(...steps), accepted: checked.ok }
}
