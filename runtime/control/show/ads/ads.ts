import type {
  CampaignPatch,
  Campaign as CampaignView,
  NewCampaign,
  SpotMakeGood,
} from '../../../contract/generated/openapi.v1.ts'
import { type Clock, rfc3339 } from '../../../lib/clock.ts'
import type { Log } from '../../../lib/log.ts'
import {
  type Operations,
  operation,
  type PlannedCue,
  type Recorder,
  type Shelf,
  type ShowTime,
  type SpotFact,
} from '../../ports.ts'
import type { Site, Window } from '../schedule/windows.ts'
import { AdBreaks, type Showpiece } from './ad-breaks.ts'
import { breakIdBy } from './ahead.ts'
import type { Break, Placement } from './campaign.ts'
import { booked, type CampaignBody, Campaigns, creativeId } from './campaigns.ts'
import { dayAt, MADE_GOOD_WITHIN, makeGoodsOf, planDay, standingOf } from './day.ts'

interface Deps {
  shelf: Shelf<CampaignBody>
  overlays: ConstructorParameters<typeof AdBreaks>[0]['overlays'] & {
    has(id: string): boolean
    /** For how long an overlay is to be seen (ms); undefined: without end. */
    lengthOf(id: string): number | undefined
  }
  /** Breaks that are to come in [from, to), UTC ms. */
  ahead(from: number, to: number): Break[]
  proof: {
    planned(cue: PlannedCue): void
    /** Spots that were to be shown in [from, to), UTC ms. */
    spots(from: number, to: number): Promise<SpotFact[]>
  }
  site(): Site
  /** People's: days are theirs. */
  clock: Clock
  /** By which breaks are counted. */
  time: ShowTime
  log: Log
  record: Recorder
}

/** Ad slots: what was booked is shared out over the breaks of the day, counted by what was on air, and made good where it was not. */
export class Ads {
  readonly breaks: AdBreaks
  private readonly campaigns: Campaigns
  /** One break is filled after the other: each knows of those before. */
  private tail: Promise<unknown> = Promise.resolve()
  private readonly deps: Deps

  constructor(deps: Deps) {
    this.deps = deps
    this.campaigns = new Campaigns({ ...deps, hasOverlay: id => deps.overlays.has(id) })
    this.breaks = new AdBreaks({
      ...{ ...deps, clock: deps.time },
      planned: cue => deps.proof.planned(cue),
      fill: places => this.filled(places),
      pieceOf: (campaign, creative) => this.pieceOf(campaign, creative),
    })
  }

  operations(): Operations {
    const { campaigns } = this
    return {
      listCampaigns: operation(() => this.list()),
      addCampaign: operation<NewCampaign>(async ({ body, actor }) =>
        this.shown((await campaigns.add(body, actor.name)).id),
      ),
      getCampaign: operation(({ params }) => this.shown(campaigns.stored(params.id).id)),
      changeCampaign: operation<CampaignPatch>(async ({ params, body, actor }) =>
        this.shown((await campaigns.change(params.id, body, actor.name)).id),
      ),
      removeCampaign: operation(({ params, actor }) => campaigns.remove(params.id, actor.name)),
      listSpotMakeGoods: operation(() => this.makeGoods()),
    }
  }

  /** Of breaks by the clock of the show. */
  private async filled(places: readonly Break[]): Promise<Placement[]> {
    const { time } = this.deps
    const told = places.map(place => {
      const at = time.told(place.at)
      return { ...place, at, id: breakIdBy(place.id, () => at), own: place }
    })
    const byId = new Map(told.map(place => [place.id, place]))
    return (await this.fill(told)).flatMap(placement => {
      const place = byId.get(placement.break)
      return place ? [{ ...placement, break: place.own.id, at: placement.at - place.at + place.own.at }] : []
    })
  }

  /** What is to be shown in these breaks. */
  private fill(places: readonly Break[]): Promise<Placement[]> {
    const filled = this.tail.then(() => this.share(places))
    this.tail = filled.catch(() => {})
    return filled
  }

  private async share(places: readonly Break[]): Promise<Placement[]> {
    const { site } = this.deps
    const placements: Placement[] = []
    // Breaks of an outage may be of more than one day.
    for (const [from, here] of Map.groupBy(places, ({ at }) => dayAt(at, site()).from)) {
      const day = dayAt(from, site())
      const own = new Set(here.map(({ id }) => id))
      const first = Math.min(...here.map(({ at }) => at))
      const later = this.deps.ahead(first, day.to).filter(({ id, at }) => at >= first && !own.has(id))
      const facts = await this.facts(day, [...here, ...later])
      placements.push(...planDay(facts).placements.filter(placement => own.has(placement.break)))
    }
    return placements
  }

  private async facts(day: Window, breaks: Break[]) {
    const { site, proof } = this.deps
    const history = await proof.spots(day.from - MADE_GOOD_WITHIN, day.to)
    return { day, campaigns: this.campaigns.on(dateIn(day.from, site().timezone)), breaks, history, site: site() }
  }

  private pieceOf(campaign: string, creative: string): Showpiece | undefined {
    const found = this.campaigns.list().find(({ id }) => id === campaign)
    const piece = found?.body.creatives.find(each => creativeId(each) === creative)
    if (!found || !piece) return undefined
    const lasts = piece.scene === undefined ? this.deps.overlays.lengthOf(piece.overlay) : undefined
    const { overlay, scene } = piece
    return {
      name: found.body.name,
      overlay,
      ...(scene !== undefined && { scene }),
      ...(lasts !== undefined && { lasts }),
    }
  }

  private async list(): Promise<CampaignView[]> {
    const { clock, site } = this.deps
    const day = dayAt(clock.now(), site())
    const facts = await this.facts(day, this.deps.ahead(clock.now(), day.to))
    const plan = planDay(facts)
    return this.campaigns.list().map(stored => {
      const campaign = facts.campaigns.find(({ id }) => id === stored.id)
      const standing = standingOf(campaign ?? { ...booked(stored), spots: 0 }, facts, plan)
      return { id: stored.id, ...stored.body, active: campaign !== undefined, today: standing }
    })
  }

  private async shown(id: string): Promise<CampaignView | undefined> {
    return (await this.list()).find(campaign => campaign.id === id)
  }

  private async makeGoods(): Promise<SpotMakeGood[]> {
    const now = this.deps.clock.now()
    const history = await this.deps.proof.spots(now - MADE_GOOD_WITHIN, now)
    return makeGoodsOf(history)
      .toReversed()
      .map(({ name, missed, by }) => ({
        ...{ id: name, campaign: missed.campaign, name: missed.name, advertiser: missed.advertiser },
        ...{ creative: missed.creative, at: rfc3339(missed.at), why: missed.why ?? 'It was not to be seen.' },
        madeGoodAt: by ? rfc3339(by.at) : null,
      }))
  }
}

const dateIn = (at: number, timeZone: string): string => new Intl.DateTimeFormat('sv-SE', { timeZone }).format(at)
