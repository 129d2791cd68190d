import { stepsOf } from './pointer.ts'

/** Deeper than any document can be; what is deeper is not one, and would only exhaust the stack. */
const DEEPEST = 32
/** Values in a document, three times as many as a thousand cues have: what has more would hold up everything else. */
const MOST = 100_000

/** Why a tree is not looked at any further. */
export class NotATree extends Error {
  readonly reason: 'deep' | 'large'

  constructor(reason: 'deep' | 'large') {
    super(`too ${reason}`)
    this.reason = reason
  }
}

/** A copy of a JSON value that can be changed. Throws NotATree where it is nested too deeply or has too many values. */
export function copyOf(value: unknown): unknown {
  let count = 0
  const copy = (part: unknown, depth: number): unknown => {
    if (++count > MOST) throw new NotATree('large')
    if (typeof part !== 'object' || part === null) return part
    if (depth > DEEPEST) throw new NotATree('deep')
    // Array.from, as map leaves holes, which JSON does not have, as they are.
    if (Array.isArray(part)) return Array.from(part, item => copy(item, depth + 1))
    return Object.fromEntries(Object.entries(part).map(([key, item]) => [key, copy(item, depth + 1)]))
  }
  return copy(value, 0)
}

/** Takes the values at these pointers out of a tree. */
export function remove(tree: unknown, paths: Iterable<string>): void {
  const items = new Map<unknown[], Set<number>>()
  for (const path of paths) {
    const steps = stepsOf(path)
    const last = steps.at(-1)
    const holder = steps.slice(0, -1).reduce<unknown>((node, key) => childOf(node, key), tree)
    if (last === undefined) continue
    if (Array.isArray(holder)) items.set(holder, (items.get(holder) ?? new Set()).add(Number(last)))
    else if (isRecord(holder)) delete holder[last]
  }
  // Items go last and all at once, so that pointers stay right until then.
  for (const [list, gone] of items) {
    const kept = list.filter((_, i) => !gone.has(i))
    list.length = kept.length
    for (const [i, item] of kept.entries()) list[i] = item
  }
}

export const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** A member of an object or an item of an array; undefined where there is none. */
export function childOf(value: unknown, key: string): unknown {
  if (Array.isArray(value)) return value[Number(key)]
  return isRecord(value) && Object.hasOwn(value, key) ? value[key] : undefined
}

/** A value with its JSON pointer. */
export interface Node {
  value: unknown
  path: string
}

/** The items of a list that is a member of this node. */
export const inside = ({ value, path }: Node, key: string): Node[] => itemsOf(childOf(value, key), `${path}/${key}`)

/** The items of an array with their pointers; of anything else, none. */
function itemsOf(value: unknown, path: string): Node[] {
  return Array.isArray(value) ? value.map((item, i) => ({ value: item, path: `${path}/${i}` })) : []
}
