import type { Schedule } from '../../../runtime/contract/generated/openapi.v1.ts'

export const DAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'] as const
/** As people read a week. */
export const WEEK: readonly number[] = [1, 2, 3, 4, 5, 6, 0]

/** A time of a schedule as its form has it: by the clock, or by the sun and so many minutes after (or before) it. */
export type Hour = { by: 'clock'; time: string } | { by: 'sunrise' | 'sunset'; minutes: number }

const SUN = /^(sunrise|sunset)([+-]\d{1,3})?$/
/** What the API takes. */
const MOST_MINUTES = 999

export function parseHour(text: string): Hour {
  const [, by, minutes = '0'] = SUN.exec(text) ?? []
  return by === undefined ? { by: 'clock', time: text } : { by: by as 'sunrise' | 'sunset', minutes: Number(minutes) }
}

export function hourText(hour: Hour): string {
  if (hour.by === 'clock') return hour.time
  const minutes = Math.round(Math.max(-MOST_MINUTES, Math.min(MOST_MINUTES, hour.minutes || 0)))
  return minutes === 0 ? hour.by : `${hour.by}${minutes > 0 ? '+' : '-'}${Math.abs(minutes)}`
}

/** "sunset-15" as "15 min before sunset". */
export function hourWords(text: string): string {
  const hour = parseHour(text)
  if (hour.by === 'clock') return hour.time
  if (hour.minutes === 0) return hour.by
  return `${Math.abs(hour.minutes)} min ${hour.minutes < 0 ? 'before' : 'after'} ${hour.by}`
}

/** Days as people say them: "every day", "Mon–Fri, Sun", "Sat, Sun". */
export function dayWords(days: readonly number[]): string {
  if (WEEK.every(day => days.includes(day))) return 'every day'
  const rows: number[][] = [[]]
  for (const day of WEEK)
    if (days.includes(day)) rows.at(-1)?.push(day)
    else rows.push([])
  const short = (day = 0) => DAYS[day]?.slice(0, 3) ?? ''
  return rows.flatMap(row => (row.length > 2 ? `${short(row[0])}–${short(row.at(-1))}` : row.map(short))).join(', ')
}

/** When it runs, in a line. Pure. */
export function scheduleWords({ days, from, to, dates, blackouts, priority }: Schedule): string {
  const out = blackouts?.length ?? 0
  return [
    `${dayWords(days)}, ${hourWords(from)} – ${hourWords(to)}`,
    dates && `${dates.from} to ${dates.to}`,
    out > 0 && (out === 1 ? 'but not on one date' : `but not on ${out} dates`),
    priority > 0 && `priority ${priority}`,
  ]
    .filter(Boolean)
    .join(' · ')
}

/** How it is, in a word or two, at the site's time. Pure. */
export function scheduleStatus({ enabled, open, next }: Schedule, timeZone?: string): { text: string; tone: string } {
  if (!enabled) return { text: 'Off', tone: '' }
  if (!next) return { text: 'Never', tone: 'is-warn' }
  const at = (text: string, options: Intl.DateTimeFormatOptions) =>
    new Date(text).toLocaleString([], { ...options, ...(timeZone && { timeZone }) })
  if (open) return { text: `Now, until ${at(next.to, { timeStyle: 'short' })}`, tone: 'is-ok' }
  return { text: at(next.from, { weekday: 'short', hour: '2-digit', minute: '2-digit' }), tone: '' }
}
