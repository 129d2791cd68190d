import type { Hours, Site, Window } from './windows.ts'
import { windowsBetween } from './windows.ts'

/** A schedule, as far as it may stand in another one's way. */
export interface Slot {
  schedule: string
  timeline: string
  /** Undefined: a tour, which is on no program and stands in nobody's way. */
  program: string | undefined
  /** The higher one wins. */
  priority: number
  hours: Hours
  /** With the time zone of the schedule. */
  site: Site
}

/** A window of a schedule. */
export interface Booking extends Omit<Slot, 'hours' | 'site'> {
  window: Window
}

/** A part of a window, and whose timeline its program shows meanwhile. */
export interface Part extends Window {
  winner: Booking
}

export interface Entry extends Booking {
  parts: Part[]
}

/** All windows that are open at some time in a span, in the order in which they begin. Pure. */
export function bookingsBetween(slots: readonly Slot[], from: number, to: number): Booking[] {
  const all = slots.flatMap(({ hours, site, ...slot }) =>
    windowsBetween(hours, site, from, to).map(window => ({ ...slot, window })),
  )
  return all.toSorted((a, b) => a.window.from - b.window.from || (a.schedule < b.schedule ? -1 : 1))
}

/**
 * Who of those that are open rules: the higher priority; of equal ones whichever began later, because a special stands in the
 * middle of what is on every day; of those the shorter one; else the newer schedule. Pure.
 */
export function winnerOf(open: readonly Booking[]): Booking | undefined {
  return open.toSorted(before)[0]
}

function before(a: Booking, b: Booking): number {
  const rules = b.priority - a.priority || b.window.from - a.window.from || a.window.to - b.window.to
  return rules || (a.schedule > b.schedule ? -1 : 1)
}

export const isOpen = ({ window: { from, to } }: Booking, at: number): boolean => from <= at && at < to

/** Each window, cut where its winner changes. Pure. */
export function calendarOf(bookings: readonly Booking[]): Entry[] {
  return bookings.map(booking => ({ ...booking, parts: partsOf(booking, rivalsOf(booking, bookings)) }))
}

function rivalsOf(booking: Booking, all: readonly Booking[]): Booking[] {
  const { program, window } = booking
  if (program === undefined) return [booking]
  return all.filter(other => {
    const meets = other.window.from < window.to && other.window.to > window.from
    return other === booking || (other.program === program && meets)
  })
}

function partsOf({ window }: Booking, rivals: readonly Booking[]): Part[] {
  const edges = rivals.flatMap(({ window: { from, to } }) => [from, to])
  const cuts = [...new Set(edges)].filter(at => at >= window.from && at <= window.to).sort((a, b) => a - b)
  const parts: Part[] = []
  for (const [n, from] of cuts.slice(0, -1).entries()) {
    const winner = winnerOf(rivals.filter(each => isOpen(each, from)))
    const last = parts.at(-1)
    const to = cuts[n + 1] ?? window.to
    if (!winner) continue
    if (last?.winner === winner) last.to = to
    else parts.push({ from, to, winner })
  }
  return parts
}
