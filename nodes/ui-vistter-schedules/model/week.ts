import type { CalendarWindow } from '../../../runtime/contract/generated/openapi.v1.ts'

const MINUTE = 60_000
const DAY_MINUTES = 1_440

/** A part of a window on one day of the site. Minutes are those of its wall clock. */
export interface Slot {
  schedule: string
  name: string
  /** Whether it is on air then, and who is where it is not. */
  wins: boolean
  winner: string
  from: number
  to: number
  /** UTC ms. */
  at: number
  until: number
  /** Beside others that are at the same time: from 0 on, of so many. */
  lane: number
  lanes: number
}

export interface Day {
  /** YYYY-MM-DD of the site. */
  date: string
  slots: Slot[]
}

/** The date and the minute of the site's wall clock at a moment (UTC ms). Pure. */
export function wallOf(at: number, timeZone: string | undefined): { date: string; minute: number } {
  const all = { year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit' } as const
  const format = new Intl.DateTimeFormat('en', { ...all, hourCycle: 'h23', ...(timeZone && { timeZone }) })
  const part = Object.fromEntries(format.formatToParts(at).map(({ type, value }) => [type, value]))
  return { date: `${part.year}-${part.month}-${part.day}`, minute: Number(part.hour) * 60 + Number(part.minute) }
}

/** The dates of a number of days from that of a moment on. Pure. */
export function datesFrom(at: number, timeZone: string | undefined, days: number): string[] {
  const noon = Date.parse(`${wallOf(at, timeZone).date}T12:00:00Z`)
  return Array.from({ length: days }, (_, n) => new Date(noon + n * DAY_MINUTES * MINUTE).toISOString().slice(0, 10))
}

/** What a calendar has on each of these dates, cut where days and winners change. Pure. */
export function weekOf(windows: readonly CalendarWindow[], dates: readonly string[], timeZone?: string): Day[] {
  const slots = windows.flatMap(window =>
    window.parts.flatMap(part => {
      const slot = { ...{ schedule: window.schedule, name: window.name }, ...winnerOf(window, part) }
      return cut(Date.parse(part.from), Date.parse(part.to), timeZone).map(each => ({ ...slot, ...each }))
    }),
  )
  return dates.map(date => ({ date, slots: inLanes(slots.filter(slot => slot.date === date)) }))
}

const winnerOf = ({ schedule }: CalendarWindow, part: CalendarWindow['parts'][number]) => ({
  wins: part.schedule === schedule,
  winner: part.name,
})

type Cut = Pick<Slot, 'from' | 'to' | 'at' | 'until'> & { date: string }

/** A span at the midnights of the site. */
function cut(at: number, until: number, timeZone: string | undefined): Cut[] {
  const found: Cut[] = []
  let from = at
  // A window is at most some days long; the bound only guards against dates that never come.
  while (from < until && found.length < 40) {
    const { date, minute } = wallOf(from, timeZone)
    const midnight = midnightAfter(from, minute, date, timeZone)
    const to = Math.min(until, midnight)
    const end = to === midnight ? DAY_MINUTES : wallOf(to, timeZone).minute
    found.push({ date, from: minute, to: Math.max(end, minute + 1), at: from, until: to })
    from = to
  }
  return found
}

/** The first moment of the site's next date: on days on which the clock is changed, not when a day's minutes are over. */
function midnightAfter(at: number, minute: number, date: string, timeZone: string | undefined): number {
  let next = at - (at % MINUTE) + (DAY_MINUTES - minute) * MINUTE
  while (wallOf(next, timeZone).date === date) next += 30 * MINUTE
  while (wallOf(next - 30 * MINUTE, timeZone).date !== date) next -= 30 * MINUTE
  return next
}

function inLanes(slots: readonly (Omit<Slot, 'lane' | 'lanes'> & { date: string })[]): Slot[] {
  const free: number[] = []
  const placed = slots
    .toSorted((a, b) => a.from - b.from || Number(b.wins) - Number(a.wins))
    .map(({ date: _, ...slot }) => {
      const found = free.findIndex(end => end <= slot.from)
      const lane = found < 0 ? free.length : found
      free[lane] = slot.to
      return { ...slot, lane }
    })
  const lanesAt = ({ from, to }: { from: number; to: number }) =>
    1 + Math.max(0, ...placed.filter(other => other.from < to && from < other.to).map(({ lane }) => lane))
  return placed.map(slot => ({ ...slot, lanes: lanesAt(slot) }))
}
