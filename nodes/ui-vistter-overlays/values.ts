import { span } from '../lib-ui/format.ts'
import type { LiveValue } from '../lib-ui/live-state.ts'

export interface Reading {
  key: string
  /** Left out: nothing was ever pushed. */
  value?: string
  age: string
  stale: boolean
}

/** The values that an overlay shows, and how old they are; without those that stand in the settings. Pure. */
export function readings(
  tokens: string[],
  values: Record<string, LiveValue>,
  site: Record<string, unknown>,
  now: number,
): Reading[] {
  return tokens
    .filter(key => values[key] || !Object.hasOwn(site, key))
    .map(key => {
      const known = values[key]
      if (!known) return { key, age: 'no value yet', stale: true }
      const stale = known.expires !== null && Date.parse(known.expires) <= now
      const age = span(now - Date.parse(known.pushedAt))
      return { key, value: known.value, age: stale ? `${age} old, too old` : `${age} ago`, stale }
    })
}
