import fc from 'fast-check'
import type { DataBinding, DataFormat } from '../../runtime/contract/generated/ocl.v1.ts'
import type { DataWorld, TokenValue } from '../../runtime/ocl/data/types.ts'

/** Any binding of the schema, any value, and a world with good and bad names in it. */
const anyPattern = fc
  .array(fc.constantFrom('yyyy', 'LLLL', 'd', 'HH', 'h', 'mm', 'ss', 'SSS', 'a', ':', ' ', "'at'", 'EEE', 'q'), {
    minLength: 1,
    maxLength: 6,
  })
  .map(parts => parts.join(''))

export const anyPlace = fc.record({
  locale: fc.constantFrom('en-US', 'de', 'ru', 'ar-EG', 'ja', 'hi', 'xx-nowhere', 'not a language'),
  timezone: fc.constantFrom('UTC', 'Europe/Berlin', 'Asia/Kathmandu', 'Pacific/Chatham', 'Mars/Olympus'),
})

const decimals = fc.integer({ min: 0, max: 10 })
const word = fc.string({ maxLength: 20 })
const unit = fc.constantFrom('celsius', 'fahrenheit', 'km/h', 'knots', 'm', 'hPa')

export const anyFormat: fc.Arbitrary<DataFormat> = fc.oneof(
  fc.record(
    {
      type: fc.constant('number' as const),
      decimals,
      grouping: fc.boolean(),
      sign: fc.constantFrom('auto', 'always'),
      unit: word,
    },
    { requiredKeys: ['type'] },
  ),
  fc.record({ type: fc.constant('unit' as const), from: unit, to: unit, decimals }),
  fc.record(
    { type: fc.constant('plural' as const), zero: word, one: word, few: word, many: word, other: word },
    { requiredKeys: ['type', 'other'] },
  ),
  fc.record({ type: fc.constant('date' as const), pattern: anyPattern }),
  fc.record({ type: fc.constant('map' as const), values: fc.dictionary(word, word), other: word }),
)

export const START = Date.UTC(2026, 10, 23, 6)
const moment = fc.integer({ min: START - 200_000_000, max: START + 200_000_000 })

export const anyValue: fc.Arbitrary<TokenValue> = fc.record(
  {
    value: fc.oneof(fc.string(), fc.integer().map(String), fc.constant('{{locationName}}')),
    at: moment,
    ttl: fc.integer({ min: 1, max: 100_000_000 }),
  },
  { requiredKeys: ['value'] },
)

const plainBinding: fc.Arbitrary<DataBinding> = fc.record(
  {
    key: fc.constant('k'),
    format: anyFormat,
    ttl: fc.integer({ min: 0, max: 100_000_000 }),
    onStale: fc.constantFrom('keep', 'age', 'hide', 'text'),
    staleText: word,
    default: word,
  },
  { requiredKeys: ['key'] },
)

export const anyBinding: fc.Arbitrary<DataBinding> = fc.oneof(
  plainBinding,
  anyPattern.map(pattern => ({ key: 'k', clock: { pattern } })),
  fc.tuple(anyPattern, moment, fc.option(word, { nil: undefined })).map(([pattern, to, done]) => ({
    key: 'k',
    countdown: { to: new Date(to).toISOString(), pattern, ...(done !== undefined && { done }) },
  })),
)

/** Frames fall between ms, too. */
export const anyWorld: fc.Arbitrary<DataWorld> = fc
  .tuple(anyPlace, moment, fc.integer({ min: 0, max: 59 }))
  .map(([place, ms, frame]) => ({ ...place, now: ms + (frame * 1_000) / 60 }))
