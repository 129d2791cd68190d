import type { DataFormat, MapFormat, NumberFormat, PluralFormat } from '../../contract/generated/ocl.v1.ts'
import { timeText, worldTime } from './calendar.ts'
import { numbersIn, pluralsIn } from './intl.ts'
import type { DataWorld } from './types.ts'
import { converted, signOf } from './unit.ts'

/** Between a number and its unit: narrow, and no place for a line to break. */
const NARROW = '\u202f'
const NUMBER = /^[+-]?(\d{1,40}(\.\d{0,40})?|\.\d{1,40})(e[+-]?\d{1,3})?$/i

type Place = Pick<DataWorld, 'locale' | 'timezone'>

/** A value in the form that a document asks for; one that cannot have it ("n/a" as a number) stands there as it came. */
export function formatted(value: string, format: DataFormat, place: Place): string {
  switch (format.type) {
    case 'number':
      return withNumber(value, number => numberText(number, format, place.locale))
    case 'unit':
      return withNumber(value, number => {
        const { from, to, decimals } = format
        const other = converted(number, from, to)
        return other === undefined
          ? value
          : numberText(other, { type: 'number', decimals, unit: signOf(to) }, place.locale)
      })
    case 'plural':
      return withNumber(value, number => pluralText(number, format, place.locale))
    case 'date': {
      const ms = momentOf(value)
      const { pattern, timezone = place.timezone } = format
      return ms === undefined ? value : (timeText(ms, pattern, place.locale, timezone) ?? value)
    }
    case 'map':
      return mapped(value, format)
  }
}

/** Also of {{number}}, which an automation counts. */
export function numberText(value: number, format: NumberFormat, locale: string): string {
  const { decimals = 0, grouping = true, sign = 'auto', unit } = format
  const text = numbersIn(locale, {
    minimumFractionDigits: decimals,
    maximumFractionDigits: decimals,
    // auto: as the language has it; Spanish, say, writes 1234, but 12.345.
    useGrouping: grouping ? 'auto' : false,
    signDisplay: sign,
    // What rounds to nothing is nothing: "-0 °C" is on no thermometer.
  }).format(Number(value.toFixed(decimals)) === 0 ? 0 : value)
  return unit ? `${text}${NARROW}${unit}` : text
}

function pluralText(number: number, words: PluralFormat, locale: string): string {
  const category = pluralsIn(locale).select(number)
  const chosen =
    number === 0 && words.zero !== undefined ? words.zero : category === 'zero' ? undefined : words[category]
  const shown = numbersIn(locale, { maximumFractionDigits: 10, useGrouping: 'auto' }).format(number)
  return (chosen ?? words.other).replaceAll('#', () => shown)
}

const mapped = (value: string, { values, other }: MapFormat): string =>
  (Object.hasOwn(values, value) ? values[value] : other) ?? value

function withNumber(value: string, text: (number: number) => string): string {
  const trimmed = value.trim()
  const number = NUMBER.test(trimmed) ? Number(trimmed) : Number.NaN
  return Number.isFinite(number) ? text(number) : value
}

/** RFC 3339, or ms since 1970. */
function momentOf(value: string): number | undefined {
  const trimmed = value.trim()
  return NUMBER.test(trimmed) ? Number(trimmed) : worldTime(trimmed)
}
