import type { Campaign } from '../../runtime/contract/generated/openapi.v1.ts'

const WHY = {
  dayparts: 'no ad break is left in its hours. Add some to a timeline that runs or is scheduled',
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

/** The report of a month at the site (`back`: so many before this one), as a file. */
export function reportAddress(back: number, now: number, timeZone?: string): string {
  const [year, month] = wallOf(now, timeZone)
  const first = (months: number) => new Date(instantOf(Date.UTC(year, month - months, 1), timeZone)).toISOString()
  return `/api/v1/proof-of-play/report?format=csv&from=${first(back)}&to=${first(back - 1)}`
}

/** Year, month (from 0), day, hour, minute and second on the clock of the site. */
function wallOf(now: number, timeZone?: string): [number, number, number, number, number, number] {
  const numbers = { year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric' } as const
  const format = new Intl.DateTimeFormat('en', {
    ...{ ...numbers, second: 'numeric', hourCycle: 'h23' },
    ...(timeZone !== undefined && { timeZone }),
  })
  const parts = new Map(format.formatToParts(now).map(({ type, value }) => [type, Number(value)]))
  const of = (type: Intl.DateTimeFormatPartTypes) => parts.get(type) ?? 0
  return [of('year'), of('month') - 1, of('day'), of('hour'), of('minute'), of('second')]
}

/** When (UTC ms) the clock of the site shows what a UTC clock would at `wall`. Twice, as the clocks may change between. */
function instantOf(wall: number, timeZone?: string): number {
  const ahead = (at: number) => Date.UTC(...wallOf(at, timeZone)) - at
  return wall - ahead(wall - ahead(wall))
}
