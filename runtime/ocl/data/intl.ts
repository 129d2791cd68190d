/**
 * Intl's formatters, kept: one costs up to a millisecond to make, and texts are worked out for each frame. Names that Intl
 * does not know are replaced instead of refused, because a document on air must not fail over one.
 */

/** More than any show uses at a time; a document that names thousands must not fill the memory. */
const MOST = 200

function kept<A extends readonly unknown[], T>(make: (...args: A) => T): (...args: A) => T {
  const made = new Map<string, T>()
  return (...args) => {
    const key = JSON.stringify(args)
    const found = made.get(key)
    if (found !== undefined) return found
    if (made.size >= MOST) made.clear()
    const fresh = make(...args)
    made.set(key, fresh)
    return fresh
  }
}

const orElse = (wanted: string, otherwise: string, attempt: (name: string) => unknown): string => {
  try {
    attempt(wanted)
    return wanted
  } catch {
    return otherwise
  }
}

const knownLocale = kept((locale: string) => orElse(locale, 'en', name => Intl.getCanonicalLocales(name)))

const knownTimezone = kept((timezone: string) =>
  orElse(timezone, 'UTC', timeZone => new Intl.DateTimeFormat('en', { timeZone })),
)

/** Whether it can be a language; an unknown one is told apart from no language tag at all only by its form. */
export const isLocale = kept((locale: string) => knownLocale(locale) === locale)

export const isTimezone = kept((timezone: string) => knownTimezone(timezone) === timezone)

export const numbersIn = kept(
  (locale: string, options: Intl.NumberFormatOptions) => new Intl.NumberFormat(knownLocale(locale), options),
)

/** The calendar is the one that patterns speak of, whatever is usual in the locale. */
export const datesIn = kept(
  (locale: string, timezone: string, options: Intl.DateTimeFormatOptions) =>
    new Intl.DateTimeFormat(knownLocale(locale), {
      ...options,
      calendar: 'gregory',
      timeZone: knownTimezone(timezone),
    }),
)

export const pluralsIn = kept((locale: string) => new Intl.PluralRules(knownLocale(locale)))

export const agesIn = kept(
  (locale: string) => new Intl.RelativeTimeFormat(knownLocale(locale), { numeric: 'always', style: 'short' }),
)
