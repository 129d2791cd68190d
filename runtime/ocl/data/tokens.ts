import type { DataBinding } from '../../contract/generated/ocl.v1.ts'
import { sayData } from './say.ts'
import { staleFrom } from './stale.ts'
import { type DataWorld, FOREVER, HAIR, type Said, type TokenValue } from './types.ts'

/** Where the value of a {{token}} may come from. The first that has it wins, in this order. */
export interface TokenScopes {
  /** {{number}} as the cue's automation counts it, already written. */
  number?: string
  /** The document's `data`, by key. A binding takes its value from the scopes after it. */
  bindings?: ReadonlyMap<string, DataBinding>
  /** By API, by a flow, by Studio. */
  pushed?: Record<string, TokenValue>
  segment?: Record<string, string>
  /** Its settings: `locationName` and its own tokens. */
  site?: Record<string, string>
}

/** Of two bindings of one key the later written one holds. */
export const bindingsOf = (data: DataBinding[] = []): ReadonlyMap<string, DataBinding> =>
  new Map(data.map(binding => [binding.key, binding]))

/** What {{name}} says. Pure. */
export function sayToken(name: string, scopes: TokenScopes, world: DataWorld): Said {
  if (name === 'number' && scopes.number !== undefined) return { text: scopes.number, hidden: false, until: FOREVER }
  const { segment, site } = scopes
  const setting = own(segment, name) ?? own(site, name)
  const settled: TokenValue | undefined = setting === undefined ? undefined : { value: setting }
  const pushed = own(scopes.pushed, name)
  const binding = scopes.bindings?.get(name)
  if (binding) return sayData(binding, pushed ?? settled, world)
  // Nobody said what to do with one that is stale: it is gone.
  const fresh = pushed && world.now + HAIR < staleFrom(pushed) ? pushed : undefined
  return sayData({ key: name }, fresh ?? settled, world)
}

const own = <T>(record: Record<string, T> | undefined, key: string): T | undefined =>
  record && Object.hasOwn(record, key) ? record[key] : undefined
