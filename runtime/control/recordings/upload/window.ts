import type { UploadWindow } from '../../../contract/generated/openapi.v1.ts'

const DAY = 1_440
const MINUTE = 60_000

/** Whether the window is open: from its begin up to, not including, its end. Pure. */
export function isOpen({ from, to }: UploadWindow, timezone: string, now: number): boolean {
  const [begin, end, minute] = [minutesOf(from), minutesOf(to), minuteOfDay(now, timezone)]
  if (begin === end) return true
  return begin < end ? minute >= begin && minute < end : minute >= begin || minute < end
}

/** When a closed window opens next (UTC ms). Pure. */
export function nextOpening({ from }: UploadWindow, timezone: string, now: number): number {
  const begin = minutesOf(from)
  const wait = (begin - minuteOfDay(now, timezone) + DAY) % DAY
  const at = Math.floor(now / MINUTE) * MINUTE + wait * MINUTE
  // Where the clocks change in between, the day has an hour more or less.
  const off = begin - minuteOfDay(at, timezone)
  return at + (off > DAY / 2 ? off - DAY : off < -DAY / 2 ? off + DAY : off) * MINUTE
}

function minutesOf(time: string): number {
  const [hours = 0, minutes = 0] = time.split(':').map(Number)
  return hours * 60 + minutes
}

function minuteOfDay(at: number, timezone: string): number {
  const format = new Intl.DateTimeFormat('en', {
    timeZone: timezone,
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  })
  return minutesOf(format.format(at))
}
