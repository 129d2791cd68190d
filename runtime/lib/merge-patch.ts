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
