import { getTimes } from 'suncalc'
import type { Schedule } from '../../../contract/generated/openapi.v1.ts'

export type Hours = Pick<Schedule, 'days' | 'from' | 'to' | 'dates' | 'blackouts'>

/** Where the appliance stands. */
export interface Site {
  timezone: string
  location?: { latitude: number; longitude: number } | undefined
}

/** UTC ms; it is over at `to`. */
export interface Window {
  from: number
  to: number
}

const MINUTE = 60_000
const DAY = 86_400_000
const SUN = /^(sunrise|sunset)(?:([+-])(\d{1,3}))?$/

export const needsSun = ({ from, to }: Pick<Hours, 'from' | 'to'>): boolean => SUN.test(from) || SUN.test(to)

/** The window that is open, or else the next one within a year; undefined: there is none. Pure. */
export function windowAt(hours: Hours, site: Site, now: number): Window | undefined {
  const today = dateOf(now, site.timezone)
  // One that began yesterday may go on over midnight; the sun's minutes may move it by most of a day besides.
  for (let day = -2; day <= 366; day++) {
    const window = windowOn(hours, site, today + day * DAY)
    if (window && now < window.to) return window
  }
  return undefined
}

/** The windows that are open at some time from one moment to another, in order. Pure. */
export function windowsBetween(hours: Hours, site: Site, from: number, to: number): Window[] {
  const found: Window[] = []
  // The sun's minutes may move a window by most of a day, and it may go on over midnight.
  for (let date = dateOf(from, site.timezone) - 2 * DAY; date <= dateOf(to, site.timezone) + DAY; date += DAY) {
    const window = windowOn(hours, site, date)
    if (window && window.from < to && window.to > from) found.push(window)
  }
  return found
}

/** The window that begins on a date (its midnight as if that were in UTC). */
function windowOn(hours: Hours, site: Site, date: number): Window | undefined {
  const text = new Date(date).toISOString().slice(0, 10)
  const { days, dates, blackouts = [] } = hours
  if (!days.includes(new Date(date).getUTCDay())) return undefined
  if (dates && (text < dates.from || text > dates.to)) return undefined
  if (blackouts.some(({ from, to }) => text >= from && text <= to)) return undefined
  const from = moment(hours.from, site, date)
  const to = moment(hours.to, site, date)
  if (from === undefined || to === undefined) return undefined
  if (to > from) return { from, to }
  // Later on the wall, and yet not later: the night in which the clocks go forward has left it out.
  if (!needsSun(hours) && hours.to > hours.from) return undefined
  const tomorrow = moment(hours.to, site, date + DAY)
  return tomorrow === undefined || tomorrow <= from ? undefined : { from, to: tomorrow }
}

/** UTC ms; undefined: the sun does not rise or set there on this date. */
function moment(time: string, { timezone, location }: Site, date: number): number | undefined {
  const [, event, sign, minutes = '0'] = SUN.exec(time) ?? []
  if (event === undefined) {
    const [hours = 0, minute = 0] = time.split(':').map(Number)
    return utcOf(date + hours * 60 * MINUTE + minute * MINUTE, timezone)
  }
  if (!location) return undefined
  // At the site's own noon its date is meant, wherever on the globe it is.
  const noon = new Date(utcOf(date + DAY / 2, timezone))
  const at = getTimes(noon, location.latitude, location.longitude)[event === 'sunrise' ? 'sunrise' : 'sunset']
  const ms = at ? at.getTime() : Number.NaN
  if (Number.isNaN(ms)) return undefined
  return Math.round(ms / MINUTE) * MINUTE + (sign === '-' ? -1 : 1) * Number(minutes) * MINUTE
}

/** The midnight of the site's date at a moment, as if it were in UTC. */
const dateOf = (at: number, timezone: string): number => Math.floor((at + offset(at, timezone)) / DAY) * DAY

/** What a wall clock of the site shows, as UTC ms. What it leaves out is an hour later; what it shows twice, the first time. */
function utcOf(wall: number, timezone: string): number {
  const [before, after] = [offset(wall - DAY, timezone), offset(wall + DAY, timezone)]
  const [early, late] = [wall - Math.max(before, after), wall - Math.min(before, after)]
  if (early + offset(early, timezone) === wall) return early
  return late + offset(late, timezone) === wall ? late : wall - before
}

const HOUR = 60 * MINUTE

/** When the hour of the site's clock began that it is at a moment (UTC ms): not all clocks are whole hours ahead. */
export const hourAt = (at: number, { timezone }: Site): number => at - ((at + offset(at, timezone)) % HOUR)

const formats = new Map<string, Intl.DateTimeFormat>()

/** How far the site's wall clock is ahead of UTC (ms). */
function offset(at: number, timeZone: string): number {
  const all = { year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric' } as const
  const format = formats.get(timeZone) ?? new Intl.DateTimeFormat('en', { timeZone, ...all, hourCycle: 'h23' })
  formats.set(timeZone, format)
  const part = Object.fromEntries(format.formatToParts(at).map(({ type, value }) => [type, Number(value)]))
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0 } = part
  return Date.UTC(year, month - 1, day, hour, minute) - Math.floor(at / MINUTE) * MINUTE
}
