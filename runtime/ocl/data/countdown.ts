import type { Countdown } from '../../contract/generated/ocl.v1.ts'
import { worldTime } from './calendar.ts'
import { numbersIn } from './intl.ts'
import { fieldsOf, written } from './pattern.ts'
import { type DataWorld, FOREVER, HAIR, type Said } from './types.ts'

/** Seconds of what a field counts. Hours are written h or H here, there being no halves of a day. */
const SECONDS: Record<string, number> = { d: 86_400, h: 3_600, H: 3_600, m: 60, s: 1 }

/** Undefined: `to` is no time, or one of a document that is not known here. */
export function countdownSaid(countdown: Countdown, world: DataWorld): Said | undefined {
  const { pattern, done } = countdown
  const left = leftUntil(countdown.to, world)
  if (left === undefined) return undefined
  const seconds = Math.max(0, Math.ceil((left - HAIR) / 1_000))
  const text = seconds === 0 && done !== undefined ? done : countdownText(seconds, pattern, world.locale)
  if (seconds === 0) return { text, hidden: false, until: FOREVER }
  const step = Math.min(...fieldsOf(pattern).flatMap(field => unitOf(field) ?? []), 86_400)
  const next = Math.max(0, Math.floor(seconds / step) * step - 1)
  return { text, hidden: false, until: world.now + left - next * 1_000 }
}

/** The largest unit that the pattern has takes what is more: 90 minutes are "90:00" as mm:ss. */
export function countdownText(seconds: number, pattern: string, locale: string): string {
  const units = new Set(fieldsOf(pattern).flatMap(field => unitOf(field) ?? []))
  const amounts = new Map<number, number>()
  let rest = seconds
  for (const unit of [...units].sort((a, b) => b - a)) {
    amounts.set(unit, Math.floor(rest / unit))
    rest %= unit
  }
  return written(pattern, field => {
    const amount = amounts.get(unitOf(field) ?? 0)
    if (amount === undefined) return field
    return numbersIn(locale, { useGrouping: false, minimumIntegerDigits: field.length }).format(amount)
  })
}

const unitOf = (field: string): number | undefined => SECONDS[field[0] ?? '']

/** ms; negative when it is over. */
function leftUntil(to: string, { now, timeline }: DataWorld): number | undefined {
  const own = timeline?.timeOf(to)
  if (timeline && own !== undefined) return own - timeline.at
  const moment = worldTime(to)
  return moment === undefined ? undefined : moment - now
}
