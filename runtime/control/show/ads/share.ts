import { type Hours, hourAt, type Site, type Window, windowAt } from '../schedule/windows.ts'
import type { Break, Campaign, Placement, Shortfall } from './campaign.ts'
import { Flow } from './flow.ts'

/** What is to be shared out. */
export interface Inventory {
  campaigns: readonly Campaign[]
  breaks: readonly Break[]
  /** What is fixed: on air already, or not to be moved. It counts, also against the caps. */
  fixed: readonly Placement[]
  /** Of earlier days: so many more than were booked, by campaign. */
  owed: Readonly<Record<string, number>>
  /** Since when there have been breaks (UTC ms), where some are over: what is spread anew at each of them must not be put off for ever. */
  since?: number
  site: Site
}

interface Claim {
  campaign: Campaign
  /** How many are still to be placed. */
  wanted: number
  from: number
  /** The ways to the breaks in its dayparts, in order of time. */
  ways: { place: Break; pipes: number[] }[]
  /** As many as its dayparts and caps allow. */
  most: number
  /** Which of the ways would be best for the next one: as far from its last one as it will be from those that follow. */
  first: number
  placed: number
  /** There is no way for one more, and there will be none. */
  shut?: boolean
}

/** How many spots of which campaign are in which break. */
export interface Shares {
  shares: { campaign: Campaign; place: Break; count: number }[]
  shortfalls: Shortfall[]
}

/**
 * Shares breaks out: every count is met whenever there is any way at all to meet it; each campaign is spread over its time
 * as evenly as that allows. Where not all fit, priority decides, then all give way alike. Pure.
 */
export function share(inventory: Inventory): Shares {
  const { flow, end, claims } = networkOf(inventory)
  const priorities = [...new Set(claims.map(({ campaign }) => campaign.priority ?? 0))].sort((a, b) => b - a)
  for (const priority of priorities) {
    const equals = claims.filter(({ campaign }) => (campaign.priority ?? 0) === priority)
    for (const { claim, n } of turns(equals)) place(flow, end, claim, n)
  }
  return {
    shares: claims.flatMap(({ campaign, ways }) =>
      ways
        .map(({ place, pipes: [, , booked = 0] }) => ({ campaign, place, count: flow.through(booked) }))
        .filter(({ count }) => count > 0),
    ),
    shortfalls: claims.filter(({ placed, wanted }) => placed < wanted).map(shortfallOf),
  }
}

/** Campaign → its hour → its break → the break → out. */
function networkOf({ campaigns, breaks, fixed, owed, since, site }: Inventory) {
  const flow = new Flow()
  const end = flow.node()
  const ordered = breaks.toSorted((a, b) => a.at - b.at)
  const hourOf = hoursOf(site)
  const exits = new Map(
    ordered.map(place => {
      const node = flow.node()
      const taken = fixed.filter(each => each.break === place.id).length
      return [place.id, { node, pipe: flow.pipe(node, end, Math.max(0, place.spots - taken)), taken }]
    }),
  )
  const claims = campaigns.map((campaign): Claim => {
    const own = fixed.filter(each => each.campaign === campaign.id)
    const { perHour = Number.POSITIVE_INFINITY, perBreak = 1, spots } = campaign
    const from = flow.node()
    const hours = new Map<number, { node: number; pipe: number; room: number; fits: number }>()
    const ways: Claim['ways'] = []
    for (const place of ordered.filter(within(campaign.dayparts, site))) {
      const exit = exits.get(place.id)
      if (!exit) continue
      const hour = hourOf(place.at)
      const room = Math.max(0, perHour - own.filter(({ at }) => hourOf(at) === hour).length)
      const known = hours.get(hour)
      const node = known?.node ?? flow.node()
      const through = known ?? { node, pipe: flow.pipe(from, node, room), room, fits: 0 }
      hours.set(hour, through)
      const here = flow.node()
      const left = Math.max(0, perBreak - own.filter(each => each.break === place.id).length)
      through.fits += Math.min(left, place.spots)
      const booked = flow.pipe(node, here, left)
      ways.push({ place, pipes: [through.pipe, flow.pipe(here, exit.node, left), booked, exit.pipe] })
    }
    const most = [...hours.values()].reduce((sum, { room, fits }) => sum + Math.min(room, fits), 0)
    const wanted = Math.max(0, spots + (owed[campaign.id] ?? 0) - own.length)
    const last = own.length > 0 ? Math.max(...own.map(({ at }) => at)) : undefined
    return { campaign, wanted, from, ways, most, placed: 0, first: firstOf(ways, wanted, last, since) }
  })
  return { flow, end, claims }
}

/** Asked for each break by each campaign, and a calendar takes its time. */
function hoursOf(site: Site): (at: number) => number {
  const known = new Map<number, number>()
  return at => {
    const hour = known.get(at) ?? hourAt(at, site)
    known.set(at, hour)
    return hour
  }
}

/** `last`: when it was last to be seen, UTC ms. Counted in breaks, of which so many may have passed since then as usual in that time. */
function firstOf(ways: Claim['ways'], wanted: number, last: number | undefined, since: number | undefined): number {
  const gap = ways.length / Math.max(1, wanted)
  const apart = ways.slice(1).map(({ place }, n) => place.at - (ways[n]?.place.at ?? 0))
  const usual = apart.toSorted((a, b) => a - b)[Math.floor(apart.length / 2)] ?? Number.POSITIVE_INFINITY
  const from = last ?? since
  const passed = from === undefined ? 0 : ((ways[0]?.place.at ?? from) - from) / usual
  return Math.max(0, (last === undefined ? gap / 2 : gap) - passed)
}

/** Whose turn it is: all advance through their counts alike. */
function turns(claims: readonly Claim[]): { claim: Claim; n: number }[] {
  const all = claims.flatMap(claim => Array.from({ length: claim.wanted }, (_, n) => ({ claim, n })))
  const progress = ({ claim, n }: { claim: Claim; n: number }) => (n + 0.5) / claim.wanted
  return all.sort((a, b) => progress(a) - progress(b))
}

function place(flow: Flow, end: number, claim: Claim, n: number): void {
  const { ways, from, placed, most } = claim
  // More of the same is not to be had; a search would only find that out anew.
  if (placed >= most || claim.shut) return
  const best = Math.min(ways.length - 1, Math.floor(claim.first + (n * ways.length) / claim.wanted))
  for (let away = 0; away < ways.length; away++)
    for (const index of away === 0 ? [best] : [best + away, best - away]) {
      const way = ways[index]
      if (way && flow.push(way.pipes)) {
        claim.placed++
        return
      }
    }
  if (flow.more(from, end)) claim.placed++
  else claim.shut = true
}

function shortfallOf({ campaign, wanted, placed, ways, most }: Claim): Shortfall {
  const why = ways.length === 0 ? 'dayparts' : most < wanted ? 'caps' : 'full'
  return { campaign: campaign.id, wanted, placed, why }
}

/** Whether a break begins in one of the dayparts; asked in order of time. */
function within(dayparts: readonly Hours[] | undefined, site: Site): (place: Break) => boolean {
  if (!dayparts) return () => true
  const windows = new Map<Hours, Window | undefined>()
  const open = (hours: Hours, at: number): boolean => {
    const known = windows.get(hours)
    if (!windows.has(hours) || (known && at >= known.to)) windows.set(hours, windowAt(hours, site, at))
    const window = windows.get(hours)
    return window !== undefined && window.from <= at && at < window.to
  }
  return ({ at }) => dayparts.some(hours => open(hours, at))
}
