type Json = Record<string, unknown>

const isObject = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value)

/** JSON merge patch (RFC 7396): null removes a member, objects merge, everything else replaces. */
export function mergePatch<T extends object>(target: T, patch: object): T {
  const result: Json = { ...(target as Json) }
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete result[key]
    else if (isObject(value)) result[key] = mergePatch(isObject(result[key]) ? result[key] : {}, value)
    else if (value !== undefined) result[key] = value
  }
  return result as T
}

export interface Difference {
  /** JSON pointer (RFC 6901). */
  path: string
  from?: unknown
  to?: unknown
}

/** What differs between two values, member by member, in the order of their names. */
export function differences(from: unknown, to: unknown, path = ''): Difference[] {
  if (isObject(from) && isObject(to)) {
    const keys = [...new Set([...Object.keys(from), ...Object.keys(to)])].sort()
    return keys.flatMap(key =>
      differences(from[key], to[key], `${path}/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`),
    )
  }
  return JSON.stringify(from) === JSON.stringify(to) ? [] : [{ path, from, to }]
}

interface PatchStep {
  op: 'add' | 'remove' | 'replace'
  path: string
  value?: unknown
}

/** The same as a JSON patch (RFC 6902). */
export function jsonPatch(different: readonly Difference[]): PatchStep[] {
  return different.map(({ path, from, to }) => {
    if (to === undefined) return { op: 'remove', path }
    return { op: from === undefined ? 'add' : 'replace', path, value: to }
  })
}

/** The merge patch that makes `to` of `from`. */
export function mergePatchBetween(from: object, to: object): Json {
  const [before, after] = [from as Json, to as Json]
  const patch: Json = {}
  for (const key of new Set([...Object.keys(before), ...Object.keys(after)])) {
    const [old, wanted] = [before[key], after[key]]
    if (wanted === undefined) patch[key] = null
    else if (isObject(old) && isObject(wanted)) patch[key] = mergePatchBetween(old, wanted)
    else if (JSON.stringify(old) !== JSON.stringify(wanted)) patch[key] = wanted
  }
  return patch
}
