import { stepsOf } from './pointer.ts'

/** Deeper than any document can be; what is deeper is not one, and would only exhaust the stack. */
const DEEPEST = 32

/** A copy of a JSON value that can be changed. Undefined: it is nested too deeply. */
export function copyOf(value: unknown, depth = 0): unknown {
  if (typeof value !== 'object' || value === null) return value
  if (depth > DEEPEST) throw new TooDeep()
  if (Array.isArray(value)) return value.map(item => copyOf(item, depth + 1))
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, copyOf(item, depth + 1)]))
}

export class TooDeep extends Error {}

/** Takes the values at these pointers out of a tree; later items of an array go first, so that pointers stay right. */
export function remove(tree: unknown, paths: string[]): void {
  const items: { list: unknown[]; index: number }[] = []
  for (const path of paths) {
    const steps = stepsOf(path)
    const last = steps.at(-1)
    const holder = steps.slice(0, -1).reduce<unknown>((node, key) => childOf(node, key), tree)
    if (last === undefined) continue
    if (Array.isArray(holder)) items.push({ list: holder, index: Number(last) })
    else if (isRecord(holder)) delete holder[last]
  }
  for (const { list, index } of items.toSorted((a, b) => b.index - a.index)) list.splice(index, 1)
}

export const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** A member of an object or an item of an array; undefined where there is none. */
export function childOf(value: unknown, key: string): unknown {
  if (Array.isArray(value)) return value[Number(key)]
  return isRecord(value) && Object.hasOwn(value, key) ? value[key] : undefined
}

/** The items of an array with their pointers; of anything else, none. */
export function itemsOf(value: unknown, path: string): { value: unknown; path: string }[] {
  return Array.isArray(value) ? value.map((item, i) => ({ value: item, path: `${path}/${i}` })) : []
}
