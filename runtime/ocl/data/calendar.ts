import { datesIn, numbersIn } from './intl.ts'
import { fieldsOf, written } from './pattern.ts'

/** The years that Date can tell, less a day for time zones. */
const FARTHEST = 8.64e15 - 86_400_000

const RFC3339 = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)$/i

/** An RFC 3339 time as UTC ms. Date.parse alone would take much for a time that is none. */
export function worldTime(text: string): number | undefined {
  const ms = RFC3339.test(text) ? Date.parse(text.toUpperCase()) : Number.NaN
  return Number.isNaN(ms) ? undefined : ms
}

/** A moment (UTC ms) as the pattern wants it. Undefined: it lies outside the calendar. */
export function timeText(ms: number, pattern: string, locale: string, timezone: string): string | undefined {
  if (!(Math.abs(ms) <= FARTHEST)) return undefined
  const wall = wallTime(ms, timezone)
  const number = (value: number, digits: number) =>
    numbersIn(locale, { useGrouping: false, minimumIntegerDigits: digits }).format(value)
  const name = (options: Intl.DateTimeFormatOptions) => datesIn(locale, timezone, options).format(ms)
  const month = (style: 'long' | 'short') =>
    fieldsOf(pattern).some(field => field.startsWith('d'))
      ? (monthBesideDay(ms, locale, timezone, style) ?? name({ month: style }))
      : name({ month: style })
  const fields: Record<string, () => string> = {
    yyyy: () => number(wall.year, 4),
    yy: () => number(wall.year % 100, 2),
    LLLL: () => month('long'),
    LLL: () => month('short'),
    LL: () => number(wall.month, 2),
    L: () => number(wall.month, 1),
    dd: () => number(wall.day, 2),
    d: () => number(wall.day, 1),
    EEEE: () => name({ weekday: 'long' }),
    EEE: () => name({ weekday: 'short' }),
    HH: () => number(wall.hour, 2),
    H: () => number(wall.hour, 1),
    hh: () => number(wall.hour % 12 || 12, 2),
    h: () => number(wall.hour % 12 || 12, 1),
    mm: () => number(wall.minute, 2),
    m: () => number(wall.minute, 1),
    ss: () => number(wall.second, 2),
    s: () => number(wall.second, 1),
    SSS: () => number(((ms % 1_000) + 1_000) % 1_000, 3),
    a: () => halfOfDay(ms, locale, timezone) ?? (wall.hour < 12 ? 'AM' : 'PM'),
  }
  return written(pattern, field => fields[field]?.() ?? field)
}

function wallTime(ms: number, timezone: string) {
  const parts = datesIn('en-US', timezone, {
    ...{ numberingSystem: 'latn', hourCycle: 'h23' },
    ...{ year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric', second: 'numeric' },
  }).formatToParts(ms)
  const of = (type: Intl.DateTimeFormatPartTypes) => Number(parts.find(part => part.type === type)?.value)
  const [year, month, day] = [of('year'), of('month'), of('day')]
  return { year, month, day, hour: of('hour'), minute: of('minute'), second: of('second') }
}

/** Many languages bend a month's name beside a day ("5 мая", but "май"). Undefined where they write a number there. */
function monthBesideDay(ms: number, locale: string, timezone: string, month: 'long' | 'short'): string | undefined {
  const parts = datesIn(locale, timezone, { day: 'numeric', month }).formatToParts(ms)
  const name = parts.find(({ type }) => type === 'month')?.value
  return name && /\p{L}/u.test(name) ? name : undefined
}

const halfOfDay = (ms: number, locale: string, timezone: string): string | undefined =>
  datesIn(locale, timezone, { hour: 'numeric', hour12: true })
    .formatToParts(ms)
    .find(({ type }) => type === 'dayPeriod')?.value
