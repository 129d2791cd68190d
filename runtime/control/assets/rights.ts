import { type Fault, fault } from '../../contract/errors.ts'
import type { Asset } from '../../contract/generated/ocl.v1.ts'
import { rfc3339 } from '../../lib/clock.ts'

/** Where and when an asset would be shown. */
export interface Showing {
  /** UTC ms. */
  at: number
  timezone: string
  territory?: string | undefined
}

const TERRITORY = 'territory:'

/** Why the rights of an asset keep it from the air; undefined when they do not. Pure. */
export function hindrance({ id, rights }: Pick<Asset, 'id' | 'rights'>, showing: Showing): Fault | undefined {
  if (!rights) return undefined
  const { at, timezone, territory } = showing
  if (at >= expiryOf(rights.expires, timezone))
    return fault('ASSET_EXPIRED', `The right to show asset ${id} ended: ${rights.expires}.`)
  const named = rights.tags.filter(tag => tag.toLowerCase().startsWith(TERRITORY))
  const allowed = named.map(tag => tag.slice(TERRITORY.length).trim().toUpperCase())
  if (territory === undefined || allowed.length === 0 || allowed.includes(territory.toUpperCase())) return undefined
  return fault('ASSET_TERRITORY', `Asset ${id} may be shown in ${allowed.join(', ')}, not in ${territory}.`)
}

/** The rights of an asset as people are told of them. Pure. */
export function rightsOf({ rights }: Pick<Asset, 'rights'>, timezone: string): { tags?: string[]; until?: string } {
  const until = expiryOf(rights?.expires, timezone)
  return {
    ...(rights && rights.tags.length > 0 && { tags: rights.tags }),
    ...(Number.isFinite(until) && { until: rfc3339(until) }),
  }
}

/**
 * The moment (UTC ms) from which it may not be shown. A date is the beginning of that day at the site. What cannot be
 * read is over already: to show what may not be shown is the worse mistake.
 */
export function expiryOf(expires: string | undefined, timezone: string): number {
  if (expires === undefined) return Number.POSITIVE_INFINITY
  const key = `${timezone} ${expires}`
  const known = expiries.get(key)
  if (known !== undefined) return known
  const at = /^\d{4}-\d{2}-\d{2}$/.test(expires) ? beginOfDay(expires, timezone) : Date.parse(expires)
  const expiry = Number.isNaN(at) ? Number.NEGATIVE_INFINITY : at
  if (expiries.size >= MOST_EXPIRIES) expiries.clear()
  expiries.set(key, expiry)
  return expiry
}

/** All files of all overlays are looked at whenever anything changes, and to read a date in a time zone is slow. */
const expiries = new Map<string, number>()
const MOST_EXPIRIES = 2_000

function beginOfDay(date: string, timezone: string): number {
  const utc = Date.parse(`${date}T00:00:00Z`)
  if (Number.isNaN(utc)) return Number.NaN
  // The clocks may change between the first guess and the moment that is meant.
  const guess = utc - offsetAt(utc, timezone)
  return utc - offsetAt(guess, timezone)
}

/** How far the clock on the wall is ahead of UTC at a moment (ms). */
function offsetAt(at: number, timezone: string): number {
  const parts = Object.fromEntries(
    wallClock(timezone)
      .formatToParts(at)
      .map(({ type, value }) => [type, Number(value)]),
  )
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = parts
  return Date.UTC(year, month - 1, day, hour, minute, second) - Math.floor(at / 1_000) * 1_000
}

/** Making one takes longer than using it a hundred times, and rights are looked at often. */
let latest: { timezone: string; format: Intl.DateTimeFormat } | undefined

function wallClock(timeZone: string): Intl.DateTimeFormat {
  if (latest?.timezone === timeZone) return latest.format
  const date = { year: 'numeric', month: 'numeric', day: 'numeric' } as const
  const time = { hour: 'numeric', minute: 'numeric', second: 'numeric', hourCycle: 'h23' } as const
  const format = new Intl.DateTimeFormat('en', { timeZone, ...date, ...time })
  latest = { timezone: timeZone, format }
  return format
}
