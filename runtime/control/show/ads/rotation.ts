import { type Break, type Campaign, nameOf, type Placement } from './campaign.ts'
import { type Inventory, share } from './share.ts'

export interface AdPlan {
  /** In order of time; what was fixed is not among them. */
  placements: Placement[]
  shortfalls: ReturnType<typeof share>['shortfalls']
}

/** Spots that were planned and not seen; one that was to make good another is the other, missed again. */
export type Missed = readonly Pick<Placement, 'break' | 'position' | 'campaign'>[]

/** How many spots of each campaign were begun in this time that stand for themselves, whatever became of them. */
export type Begun = Readonly<Record<string, number>>

/** Whom to show when: who was seen longest ago comes first, no advertiser follows himself where another one is there. Pure. */
export function planAds(inventory: Inventory, missed: Missed = [], begun?: Begun): AdPlan {
  const { shares, shortfalls } = share(inventory)
  const turns = new Turns(inventory.fixed)
  const byBreak = Map.groupBy(shares, ({ place }) => place)
  const breaks = [...byBreak.keys()].sort((a, b) => a.at - b.at)
  const placements = breaks.flatMap(place => {
    const here = (byBreak.get(place) ?? []).flatMap(({ campaign, count }) => Array<Campaign>(count).fill(campaign))
    return inBreak(place, here, inventory.fixed, turns)
  })
  const own = ({ id, spots }: Campaign) => [id, begun ? Math.max(0, spots - (begun[id] ?? 0)) : 0] as const
  return { placements: madeGood(placements, missed, new Map(inventory.campaigns.map(own))), shortfalls }
}

function inBreak(place: Break, here: Campaign[], fixed: readonly Placement[], turns: Turns): Placement[] {
  const before = fixed.filter(each => each.break === place.id).toSorted((a, b) => a.position - b.position)
  const taken = new Set(before.map(({ position }) => position))
  turns.begin(before.at(-1)?.advertiser)
  const free = Array.from({ length: place.spots }, (_, n) => n).filter(n => !taken.has(n))
  const waiting = [...here]
  return free.slice(0, here.length).flatMap(position => {
    const campaign = turns.next(waiting)
    if (!campaign) return []
    waiting.splice(waiting.indexOf(campaign), 1)
    const { id, advertiser } = campaign
    const at = place.at + position * place.spotMs
    return [{ break: place.id, position, at, campaign: id, advertiser, creative: turns.seen(campaign, at) }]
  })
}

/** Who was seen when, and which of its creatives how often. */
class Turns {
  private readonly lastAt = new Map<string, number>()
  private readonly counts = new Map<string, number>()
  private last: string | undefined

  constructor(fixed: readonly Placement[]) {
    for (const { campaign, creative, at } of fixed.toSorted((a, b) => a.at - b.at)) this.count(campaign, creative, at)
  }

  /** Another break; `last`: whose spot is there already. */
  begin(last: string | undefined): void {
    this.last = last
  }

  next(waiting: readonly Campaign[]): Campaign | undefined {
    const others = waiting.filter(({ advertiser }) => advertiser !== this.last)
    const sizes = Map.groupBy(waiting, ({ advertiser }) => advertiser)
    // Whoever has more than half of what is to come would else be left to follow himself.
    const urgent = others.filter(({ advertiser }) => 2 * (sizes.get(advertiser)?.length ?? 0) > waiting.length)
    const [choice = []] = [urgent, others, waiting].filter(({ length }) => length > 0)
    return choice.toSorted((a, b) => this.since(a) - this.since(b))[0]
  }

  /** Answers the creative whose turn it is. */
  seen({ id, advertiser, creatives }: Campaign, at: number): string {
    const due = creatives.map(({ id: creative, weight = 1 }) => {
      const shown = this.counts.get(keyOf(id, creative)) ?? 0
      return { creative, at: (shown + 0.5) / weight }
    })
    const { creative = '' } = due.toSorted((a, b) => a.at - b.at)[0] ?? {}
    this.count(id, creative, at)
    this.last = advertiser
    return creative
  }

  private since({ id }: Campaign): number {
    return this.lastAt.get(id) ?? 0
  }

  private count(campaign: string, creative: string, at: number): void {
    const key = keyOf(campaign, creative)
    this.counts.set(key, (this.counts.get(key) ?? 0) + 1)
    this.lastAt.set(campaign, at)
  }
}

/** The last spots of a campaign stand for those that it missed: without the miss they would not be there. */
function madeGood(placements: readonly Placement[], missed: Missed, own: ReadonlyMap<string, number>): Placement[] {
  const waiting = Map.groupBy(missed, ({ campaign }) => campaign)
  const left = new Map([...Map.groupBy(placements, ({ campaign }) => campaign)].map(([id, all]) => [id, all.length]))
  const stead = placements.toReversed().map(placement => {
    const { campaign } = placement
    const count = left.get(campaign) ?? 0
    left.set(campaign, count - 1)
    // Those that stand for themselves come first.
    const one = count > (own.get(campaign) ?? 0) ? waiting.get(campaign)?.pop() : undefined
    return one ? { ...placement, makesGood: nameOf(one) } : placement
  })
  return stead.reverse()
}

const keyOf = (campaign: string, creative: string): string => JSON.stringify([campaign, creative])
