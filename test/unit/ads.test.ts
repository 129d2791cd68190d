import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Break, Campaign, Placement } from '../../runtime/control/show/ads/campaign.ts'
import { nameOf } from '../../runtime/control/show/ads/campaign.ts'
import { planAds } from '../../runtime/control/show/ads/rotation.ts'

const HOUR = 3_600_000
const T = Date.UTC(2026, 6, 1)
const site = { timezone: 'UTC' }
const base = { fixed: [], owed: {}, site }

const campaign = (id: string, spots: number, more: Partial<Campaign> = {}): Campaign => ({
  ...{ id, advertiser: id, spots, creatives: [{ id: `${id}-1` }] },
  ...more,
})
const breaksOf = (count: number, spots: number, every: number): Break[] =>
  Array.from({ length: count }, (_, n) => ({ id: `b${n}`, at: T + n * every, spots, spotMs: 15_000 }))

const tally = (
  placements: readonly Placement[],
  of: (placement: Placement) => string | number = each => each.campaign,
) => Object.fromEntries([...Map.groupBy(placements, of)].map(([key, all]) => [key, all.length]))
const hourOf = ({ at }: Placement) => Math.floor(at / HOUR)

/** A day somebody planned by hand, so that there is a way to meet every count. */
const possible = fc
  .record({
    breaks: fc.integer({ min: 1, max: 24 }),
    spots: fc.integer({ min: 1, max: 4 }),
    hands: fc.array(fc.record({ campaign: fc.nat(5), place: fc.nat(23) }), { maxLength: 80 }),
    caps: fc.array(fc.record({ perHour: fc.integer({ min: 1, max: 5 }), perBreak: fc.integer({ min: 1, max: 2 }) }), {
      minLength: 6,
      maxLength: 6,
    }),
    parts: fc.array(fc.tuple(fc.integer({ min: 0, max: 3 }), fc.integer({ min: 4, max: 9 })), {
      minLength: 6,
      maxLength: 6,
    }),
  })
  .map(({ breaks: count, spots, hands, caps, parts }) => {
    const breaks = breaksOf(count, spots, HOUR / 4)
    const placed: { campaign: number; place: number }[] = []
    for (const hand of hands) {
      const place = hand.place % count
      const [from = 0, to = 24] = parts[hand.campaign] ?? []
      const hour = Math.floor(place / 4)
      const own = placed.filter(each => each.campaign === hand.campaign)
      const { perHour = 1, perBreak = 1 } = caps[hand.campaign] ?? {}
      const fits =
        placed.filter(each => each.place === place).length < spots &&
        own.filter(each => each.place === place).length < perBreak &&
        own.filter(each => Math.floor(each.place / 4) === hour).length < perHour &&
        hour >= from &&
        hour < to
      if (fits) placed.push({ campaign: hand.campaign, place })
    }
    const two = (n: number) => `${String(n).padStart(2, '0')}:00`
    const campaigns = caps.map((cap, n) =>
      campaign(`c${n}`, placed.filter(each => each.campaign === n).length, {
        ...cap,
        dayparts: [{ days: [0, 1, 2, 3, 4, 5, 6], from: two(parts[n]?.[0] ?? 0), to: two(parts[n]?.[1] ?? 0) }],
      }),
    )
    return { breaks, campaigns }
  })

describe('counts', () => {
  test('are met exactly whenever there is a way, within dayparts and caps', () => {
    fc.assert(
      fc.property(possible, ({ breaks, campaigns }) => {
        const { placements, shortfalls } = planAds({ ...base, breaks, campaigns })
        expect(shortfalls).toEqual([])
        const counts = tally(placements)
        for (const { id, spots, perHour = 0, perBreak = 0, dayparts = [] } of campaigns) {
          expect(counts[id] ?? 0).toBe(spots)
          const own = placements.filter(each => each.campaign === id)
          expect(Math.max(0, ...Object.values(tally(own, hourOf)))).toBeLessThanOrEqual(perHour)
          expect(Math.max(0, ...Object.values(tally(own, each => each.break)))).toBeLessThanOrEqual(perBreak)
          const [from = 0, to = 0] = [dayparts[0]?.from, dayparts[0]?.to].map(time => Number(time?.slice(0, 2)))
          for (const each of own) {
            const hour = hourOf(each) - T / HOUR
            expect(hour >= from && hour < to).toBe(true)
          }
        }
        expect(new Set(placements.map(nameOf)).size).toBe(placements.length)
        for (const { position, break: place } of placements)
          expect(position).toBeLessThan(breaks.find(({ id }) => id === place)?.spots ?? 0)
      }),
      { numRuns: 150 },
    )
  })

  test('where not all fit, as many are met as any plan could meet', () => {
    const small = fc.record({
      spots: fc.array(fc.integer({ min: 0, max: 2 }), { minLength: 1, maxLength: 4 }),
      wants: fc.array(fc.record({ spots: fc.integer({ min: 1, max: 3 }), perHour: fc.integer({ min: 1, max: 2 }) }), {
        minLength: 1,
        maxLength: 3,
      }),
    })
    fc.assert(
      fc.property(small, ({ spots, wants }) => {
        const breaks = breaksOf(spots.length, 0, HOUR / 2).map((place, n) => ({ ...place, spots: spots[n] ?? 0 }))
        const campaigns = wants.map((want, n) => campaign(`c${n}`, want.spots, { perHour: want.perHour }))
        const { placements, shortfalls } = planAds({ ...base, breaks, campaigns })
        expect(placements.length).toBe(most(spots, wants))
        for (const { campaign: id, wanted, placed } of shortfalls) {
          expect(placed).toBe(tally(placements)[id] ?? 0)
          expect(placed).toBeLessThan(wanted)
        }
      }),
      { numRuns: 150 },
    )
  })

  test('an hour of the clock is one of the clock that hangs there', () => {
    // In Delhi, half an hour ahead of the hours of UTC.
    const delhi = { timezone: 'Asia/Kolkata' }
    const breaks = [10, 25, 40, 55].map((minutes, n) => ({
      id: `b${n}`,
      at: T + minutes * 60_000,
      spots: 1,
      spotMs: 1,
    }))
    const { placements } = planAds({ ...base, site: delhi, breaks, campaigns: [campaign('a', 4, { perHour: 1 })] })
    expect(placements.map(({ at }) => Math.floor((at + 30 * 60_000) / HOUR))).toEqual([T / HOUR, T / HOUR + 1])
  })

  test('what cannot be had is told, and why; those with priority come first, equals give way alike', () => {
    const breaks = breaksOf(4, 2, HOUR / 4)
    const night = { days: [0, 1, 2, 3, 4, 5, 6], from: '22:00', to: '23:00' } satisfies NonNullable<
      Campaign['dayparts']
    >[0]
    const campaigns = [
      campaign('a', 4),
      campaign('b', 4),
      campaign('first', 3, { priority: 1 }),
      campaign('capped', 3, { perHour: 1, priority: 2 }),
      campaign('night', 1, { dayparts: [night] }),
    ]
    const { placements, shortfalls } = planAds({ ...base, breaks, campaigns })
    expect(tally(placements)).toEqual({ a: 2, b: 2, first: 3, capped: 1 })
    expect(shortfalls).toEqual([
      { campaign: 'a', wanted: 4, placed: 2, why: 'full' },
      { campaign: 'b', wanted: 4, placed: 2, why: 'full' },
      { campaign: 'capped', wanted: 3, placed: 1, why: 'caps' },
      { campaign: 'night', wanted: 1, placed: 0, why: 'dayparts' },
    ])
  })
})

describe('rotation', () => {
  test('spreads a campaign over its time, and shows its creatives in turn by their weights', () => {
    const creatives = [{ id: 'x', weight: 2 }, { id: 'y' }, { id: 'z' }]
    const { placements } = planAds({
      ...{ ...base, breaks: breaksOf(48, 2, HOUR / 2) },
      campaigns: [campaign('a', 24, { creatives }), campaign('b', 40)],
    })
    const own = placements.filter(each => each.campaign === 'a')
    const gaps = own.slice(1).map((each, n) => (each.at - (own[n]?.at ?? 0)) / HOUR)
    expect(Math.max(...gaps)).toBeLessThanOrEqual(1.51)
    expect(tally(own, each => each.creative)).toEqual({ x: 12, y: 6, z: 6 })
    for (let n = 0; n + 4 <= own.length; n += 4)
      expect(tally(own.slice(n, n + 4), each => each.creative)).toEqual({ x: 2, y: 1, z: 1 })
  })

  test('goes on where it was, and no advertiser follows himself where another one is there', () => {
    const breaks = breaksOf(6, 3, HOUR)
    const two = [{ id: 'x' }, { id: 'y' }]
    const campaigns = [
      campaign('a', 12, { advertiser: 'A', perBreak: 2, creatives: two }),
      campaign('b', 6, { advertiser: 'B' }),
    ]
    const { placements } = planAds({ ...base, breaks, campaigns })
    for (const [, here] of Map.groupBy(placements, each => each.break))
      expect(here.map(({ advertiser }) => advertiser)).toEqual(['A', 'B', 'A'])
    const fixed = placements.slice(0, 7)
    const again = planAds({ ...base, breaks, campaigns, fixed })
    expect([...fixed, ...again.placements].map(({ creative }) => creative)).toEqual(
      placements.map(({ creative }) => creative),
    )
  })
})

describe('a simulated day', () => {
  const breaks = breaksOf(144, 4, HOUR / 6)
  const day = (from: string, to: string): Pick<Campaign, 'dayparts'> => ({
    dayparts: [{ days: [0, 1, 2, 3, 4, 5, 6], from, to }],
  })
  const campaigns = [
    campaign('bay-cafe', 96, { creatives: [{ id: 'am' }, { id: 'pm' }] }),
    campaign('boats', 48, { perHour: 3 }),
    campaign('evening', 10, { ...day('18:00', '21:00'), perHour: 6 }),
    campaign('breakfast', 12, day('06:00', '09:00')),
    campaign('night', 10, day('22:00', '02:00')),
    campaign('town', 110),
    campaign('double', 60, { perBreak: 2, priority: 1 }),
  ]
  const booked = Object.fromEntries(campaigns.map(({ id, spots }) => [id, spots]))

  /** Break after break; what `fails` is not seen, and the rest of the day is planned anew each time. */
  function simulate(fails: (placement: Placement) => boolean) {
    const seen: Placement[] = []
    const missed: Placement[] = []
    let plan = planAds({ ...base, breaks, campaigns }).placements
    for (const [n, { id }] of breaks.entries()) {
      const now = plan.filter(each => each.break === id)
      const failed = now.filter(fails)
      seen.push(...now.filter(each => !failed.includes(each)))
      missed.push(...failed.filter(({ makesGood }) => makesGood === undefined))
      if (failed.length === 0) continue
      const good = new Set(seen.map(({ makesGood }) => makesGood))
      const open = missed.filter(each => !good.has(nameOf(each)))
      plan = planAds({ ...base, breaks: breaks.slice(n + 1), campaigns, fixed: seen }, open).placements
    }
    return { seen, missed }
  }

  test('meets its counts exactly', () => {
    const { seen, missed } = simulate(() => false)
    expect(tally(seen)).toEqual(booked)
    expect(missed).toEqual([])
  })

  test('with an outage: every spot that was missed is made good the same day, and is named', () => {
    // The camera's mast is struck from 18:40 to 19:20, and some spots fail besides.
    const out = ({ at }: Placement) => at >= T + 18.6 * HOUR && at < T + 19.3 * HOUR
    const { seen, missed } = simulate(each => out(each) || (each.at < T + 12 * HOUR && nameOf(each).endsWith('7/2')))
    expect(tally(seen)).toEqual(booked)
    expect(missed.length).toBeGreaterThan(10)
    expect(seen.flatMap(({ makesGood }) => makesGood ?? []).sort()).toEqual(missed.map(nameOf).sort())
  })

  test('with an evening that is gone: the counts say what is owed, and the next day makes it good', () => {
    const { seen, missed } = simulate(({ at }) => at >= T + 17 * HOUR)
    expect(missed.length).toBeGreaterThan(0)
    const owed = Object.fromEntries(campaigns.map(({ id, spots }) => [id, spots - (tally(seen)[id] ?? 0)]))
    expect(owed.evening).toBe(10)
    const tomorrow = breaks.map(each => ({ ...each, at: each.at + 24 * HOUR }))
    const left = campaigns.map(each => ({ ...each, spots: 4, perHour: 100 }))
    const names = missed.slice(-20)
    const next = planAds({ ...base, breaks: tomorrow, campaigns: left, owed }, names)
    expect(next.shortfalls).toEqual([])
    expect(tally(next.placements)).toEqual(Object.fromEntries(left.map(({ id }) => [id, 4 + (owed[id] ?? 0)])))
    expect(next.placements.flatMap(({ makesGood }) => makesGood ?? []).sort()).toEqual(names.map(nameOf).sort())
  })
})

/** By trying everything: how many spots fit at best. Breaks half an hour apart; one of a campaign in a break. */
function most(rooms: readonly number[], wants: readonly { spots: number; perHour: number }[]): number {
  const [want, ...others] = wants
  if (!want) return 0
  let best = 0
  for (let choice = 0; choice < 2 ** rooms.length; choice++) {
    const taken = rooms.map((_, n) => (choice >> n) & 1)
    const sum = taken.reduce((all, one) => all + one, 0)
    const hours = [0, 1].map(hour => (taken[2 * hour] ?? 0) + (taken[2 * hour + 1] ?? 0))
    if (sum > want.spots || hours.some(count => count > want.perHour)) continue
    if (rooms.some((room, n) => (taken[n] ?? 0) > room)) continue
    const left = rooms.map((room, n) => room - (taken[n] ?? 0))
    best = Math.max(best, sum + most(left, others))
  }
  return best
}
