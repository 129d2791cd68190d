import type { OverlaySummary } from '../../runtime/contract/generated/openapi.v1.ts'
import { span } from '../lib-ui/format.ts'
import type { LiveValue } from '../lib-ui/live-state.ts'

type Tokens = NonNullable<OverlaySummary['tokens']>

export interface Reading {
  key: string
  /** Left out: nothing was ever pushed. */
  value?: string
  age: string
  stale: boolean
}

/** The values that an overlay shows, and how old they are; without those that stand in the settings. Pure. */
export function readings(
  tokens: Tokens,
  values: Record<string, LiveValue>,
  site: Record<string, unknown>,
  now: number,
): Reading[] {
  return tokens
    .filter(({ key, default: standing }) => values[key] || !(Object.hasOwn(site, key) || standing === ''))
    .map(({ key, default: standing }) => {
      const known = values[key]
      if (!known && standing !== undefined) return { key, value: standing, age: 'until there is a value', stale: false }
      if (!known) return { key, age: 'no value yet', stale: true }
      const stale = known.expires !== null && Date.parse(known.expires) <= now
      const age = span(now - Date.parse(known.pushedAt))
      return { key, value: known.value, age: stale ? `${age} old, too old` : `${age} ago`, stale }
    })
}
