import type { Stored } from '../../ports.ts'
import { type Booking, bookingsBetween, calendarOf, type Slot } from './calendar.ts'
import type { ScheduleBody } from './schedules.ts'

/** What of a window was not shown. UTC ms. */
export interface Owed {
  timeline: string
  /** When its position was 0. */
  zero: number
  from: number
  to: number
}

/** Further back nobody looks (ms). */
const BACK = 31 * 86_400_000

/** What schedules would have shown while the appliance was away, but for what had begun before. Pure. */
export function owedSince(slots: Slot[], kept: readonly Stored<ScheduleBody>[], last: number, now: number): Owed[] {
  const from = Math.max(last, now - BACK)
  const begun = new Set(kept.flatMap(({ id, body: { ran } }) => (ran && !ran.yields ? [`${id} ${ran.from}`] : [])))
  const owed = calendarOf(bookingsBetween(slots, from, now)).flatMap(({ parts, ...booking }) =>
    parts.flatMap(part => {
      const isMine = part.winner.schedule === booking.schedule && !begun.has(keyOf(booking))
      const span = { from: Math.max(part.from, from), to: Math.min(part.to, now) }
      return isMine && span.to > span.from ? [{ timeline: booking.timeline, zero: booking.window.from, ...span }] : []
    }),
  )
  return owed.sort((a, b) => a.from - b.from)
}

const keyOf = ({ schedule, window }: Booking): string => `${schedule} ${window.from}`
