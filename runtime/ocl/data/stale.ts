import type { DataBinding } from '../../contract/generated/ocl.v1.ts'
import { agesIn } from './intl.ts'
import { type DataWorld, FOREVER, HAIR, type Said, type TokenValue } from './types.ts'

const SECOND = 1_000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

/** UTC ms from which a value is stale. */
export function staleFrom({ at, ttl }: TokenValue, boundTtl?: number): number {
  const lasts = ttl ?? boundTtl
  return at === undefined || lasts === undefined ? FOREVER : at + lasts
}

/** What stands there of a stale value, `text` being what it was. */
export function staleSaid(
  text: string,
  { at = 0 }: TokenValue,
  { onStale = 'keep', staleText = '' }: Pick<DataBinding, 'onStale' | 'staleText'>,
  { now, locale }: Pick<DataWorld, 'now' | 'locale'>,
): Said {
  switch (onStale) {
    case 'keep':
      return { text, hidden: false, until: FOREVER }
    case 'hide':
      return { text, hidden: true, until: FOREVER }
    case 'text':
      return { text: staleText, hidden: false, until: FOREVER }
    case 'age': {
      const { words, next } = ageOf(now - at, locale)
      return { text: `${text} (${words})`, hidden: false, until: at + next }
    }
  }
}

/** "5 min. ago" as the language has it, and the age (ms) at which it becomes another. */
function ageOf(age: number, locale: string): { words: string; next: number } {
  const ms = Math.max(0, age + HAIR)
  const [unit, length] = unitFor(ms)
  const count = Math.floor(ms / length)
  return { words: agesIn(locale).format(-count, unit), next: (count + 1) * length }
}

function unitFor(ms: number): ['second' | 'minute' | 'hour' | 'day', number] {
  if (ms < MINUTE) return ['second', SECOND]
  if (ms < HOUR) return ['minute', MINUTE]
  return ms < DAY ? ['hour', HOUR] : ['day', DAY]
}
