/** The members that differ: all that a merge patch, or a body whose rest has defaults, needs to say. Pure. */
export function changes<T extends object>(before: T, after: T): Partial<T> {
  const keys = Object.keys(after) as (keyof T)[]
  return Object.fromEntries(keys.filter(key => after[key] !== before[key]).map(key => [key, after[key]])) as Partial<T>
}
