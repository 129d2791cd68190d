import type { SpotFact } from '../../ports.ts'
import { type Hours, type Site, type Window, windowAt } from '../schedule/windows.ts'
import { type Break, type Campaign, nameOf, type Placement, type Shortfall } from './campaign.ts'
import { planAds } from './rotation.ts'

/** What was missed is made good for so long (ms). */
export const MADE_GOOD_WITHIN = 7 * 86_400_000

const WHOLE_DAY: Hours = { days: [0, 1, 2, 3, 4, 5, 6], from: '00:00', to: '00:00' }

/** A spot that was missed, and when it was made good, if it was. */
export interface MakeGood {
  name: string
  missed: SpotFact
  by?: SpotFact
}

/** The day of the site's calendar at a moment. Pure. */
export function dayAt(now: number, site: Site): Window {
  const day = windowAt(WHOLE_DAY, { timezone: site.timezone }, now)
  return day && day.from <= now ? day : { from: now, to: now + 86_400_000 }
}

interface Facts {
  day: Window
  /** Those that are to be shown on this day. */
  campaigns: readonly Campaign[]
  /** Of this day, from now on. */
  breaks: readonly Break[]
  /** Also of the days before. */
  history: readonly SpotFact[]
  site: Site
}

/** What is still to come of a day, what cannot be had, and what is owed from the days before. Pure. */
export function planDay({ day, campaigns, breaks, history, site }: Facts) {
  const fixed = history.filter(({ at, outcome }) => at >= day.from && at < day.to && counts(outcome)).map(placementOf)
  const { owed, open } = debtsOf(history, day)
  const today = history.filter(({ at, makesGood }) => at >= day.from && at < day.to && makesGood === undefined)
  const begun = Object.fromEntries(
    [...Map.groupBy(today, ({ campaign }) => campaign)].map(([id, all]) => [id, all.length]),
  )
  const plan = planAds({ campaigns, breaks, fixed, owed, since: day.from, site }, open, begun)
  return { ...plan, owed }
}

/** On air, or about to be. */
const counts = (outcome: SpotFact['outcome']): boolean => outcome === 'aired' || outcome === 'ahead'

/** Everything that was missed, the oldest first. One that was to make good another is that other, missed again. Pure. */
export function makeGoodsOf(history: readonly SpotFact[]): MakeGood[] {
  const shown = history.filter(({ outcome }) => counts(outcome))
  const good = new Map(shown.flatMap(spot => (spot.makesGood === undefined ? [] : [[spot.makesGood, spot] as const])))
  return history
    .filter(({ outcome, makesGood }) => !counts(outcome) && makesGood === undefined)
    .toSorted((a, b) => a.at - b.at)
    .map(missed => {
      const name = nameOf(missed)
      const by = good.get(name)
      return { name, missed, ...(by && { by }) }
    })
}

function debtsOf(history: readonly SpotFact[], day: Window) {
  const all = makeGoodsOf(history).filter(
    ({ missed }) => missed.at >= day.from - MADE_GOOD_WITHIN && missed.at < day.to,
  )
  // What was made good today belongs to what is wanted today as much as what still has to be.
  const earlier = all.filter(({ missed, by }) => missed.at < day.from && (by === undefined || by.at >= day.from))
  const owed: Record<string, number> = {}
  for (const { missed } of earlier) owed[missed.campaign] = (owed[missed.campaign] ?? 0) + 1
  return { owed, open: all.filter(({ by }) => by === undefined).map(({ missed }) => missed) }
}

const placementOf = (spot: SpotFact): Placement => ({
  ...{ break: spot.break, position: spot.position, at: spot.at },
  ...{ campaign: spot.campaign, advertiser: spot.advertiser, creative: spot.creative },
  ...(spot.makesGood !== undefined && { makesGood: spot.makesGood }),
})

/** How a campaign stands today. */
export interface Standing {
  booked: number
  owed: number
  aired: number
  missed: number
  ahead: number
  short: (Pick<Shortfall, 'why'> & { count: number }) | null
}

/** Pure. */
export function standingOf(campaign: Campaign, { day, history }: Facts, plan: ReturnType<typeof planDay>): Standing {
  const own = history.filter(spot => spot.campaign === campaign.id && spot.at >= day.from && spot.at < day.to)
  const count = (...outcomes: SpotFact['outcome'][]) => own.filter(({ outcome }) => outcomes.includes(outcome)).length
  const short = plan.shortfalls.find(each => each.campaign === campaign.id)
  return {
    ...{ booked: campaign.spots, owed: plan.owed[campaign.id] ?? 0 },
    ...{ aired: count('aired'), missed: count('missed', 'unseen') },
    ahead: count('ahead') + plan.placements.filter(each => each.campaign === campaign.id).length,
    short: short ? { count: short.wanted - short.placed, why: short.why } : null,
  }
}
