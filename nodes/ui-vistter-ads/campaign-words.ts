import type { Campaign } from '../../runtime/contract/generated/openapi.v1.ts'

const WHY = {
  dayparts: 'no break is left in its hours',
  caps: 'its own limits',
  full: 'all places are taken',
}

/** What was booked, in a line. */
export function bookedWords({ advertiser, spots, dayparts, from, to }: Campaign): string {
  const hours = dayparts?.map(part => `${part.from} to ${part.to}`).join(', ')
  const dates = from || to ? [from && `from ${from}`, to && `until ${to}`].filter(Boolean).join(' ') : undefined
  return [advertiser, `${spots} a day`, hours, dates].filter(Boolean).join(' · ')
}

/** How it stands today, in a line. */
export function todayWords({ active, today }: Campaign): string {
  const { booked, owed, aired, missed, ahead, short } = today
  if (!active) return 'Not today.'
  const wanted = owed > 0 ? `${booked} and ${owed} from the days before` : `${booked}`
  const facts = `Today: ${wanted} planned, ${aired} aired, ${missed} missed, ${ahead} to come.`
  return short ? `${facts} ${short.count} cannot be had: ${WHY[short.why]}.` : facts
}

export function campaignStatus({ enabled, active, today }: Campaign): { text: string; tone: string } {
  if (!enabled) return { text: 'Off', tone: '' }
  if (!active) return { text: 'Not today', tone: '' }
  if (today.short) return { text: `${today.short.count} short`, tone: 'is-warn' }
  const left = today.booked + today.owed - today.aired
  return left <= 0 ? { text: 'Done for today', tone: 'is-ok' } : { text: 'On course', tone: 'is-ok' }
}

/** The report of a month of the browser's calendar (`back`: so many before this one), as a file. */
export function reportAddress(back: number, now: number): string {
  const day = new Date(now)
  const first = (months: number) => new Date(day.getFullYear(), day.getMonth() - months, 1).toISOString()
  return `/api/v1/proof-of-play/report?format=csv&from=${first(back)}&to=${first(back - 1)}`
}
