import type { DataBinding } from '../../contract/generated/ocl.v1.ts'
import { parseDuration } from '../time.ts'
import { clockSaid } from './clock.ts'
import { countdownSaid } from './countdown.ts'
import { formatted } from './format.ts'
import { staleFrom, staleSaid } from './stale.ts'
import { type DataWorld, FOREVER, HAIR, type Said, type TokenValue } from './types.ts'

/** Of one token: what comes from outside must not become an endless picture. */
const LONGEST = 2_000

const NOTHING: Said = { hidden: false, until: FOREVER }

/**
 * What a token says: its binding, its value (if any) and the world at that moment. Pure. What comes out is words and never
 * read again, so that a value which holds "{{name}}" shows just that.
 */
export function sayData(binding: DataBinding, value: TokenValue | undefined, world: DataWorld): Said {
  const said = saying(binding, value, world)
  return said.text !== undefined && said.text.length > LONGEST ? { ...said, text: shortened(said.text) } : said
}

function saying(binding: DataBinding, value: TokenValue | undefined, world: DataWorld): Said {
  const standIn: Said = { ...NOTHING, ...(binding.default !== undefined && { text: binding.default }) }
  if (binding.clock) return clockSaid(binding.clock, world)
  if (binding.countdown) return countdownSaid(binding.countdown, world) ?? standIn
  if (!value) return standIn
  const text = binding.format ? formatted(bounded(value.value), binding.format, world) : value.value
  const stale = staleFrom(value, parseDuration(binding.ttl, world.rate))
  if (world.now + HAIR < stale) return { text, hidden: false, until: stale }
  return staleSaid(bounded(text), value, binding, world)
}

const bounded = (text: string): string => (text.length > LONGEST ? shortened(text) : text)

/** Half of a pair is no letter. */
const shortened = (text: string): string => text.slice(0, LONGEST).replace(/[\ud800-\udbff]$/, '')
