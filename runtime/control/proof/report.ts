import type { AdvertiserReport, SpotReport } from '../../contract/generated/openapi.v1.ts'
import { rfc3339 } from '../../lib/clock.ts'
import type { PlannedCue, SpotFact } from '../ports.ts'
import type { Airing, Airtimes } from './airtimes.ts'

/** Something that is shown for somebody; without an asset it is the overlay as a whole. */
interface Spot {
  asset: string | null
  sha256: string | null
  advertisers: readonly string[]
}

/** A cue of a timeline and what it was to show for advertisers, as it was written when its time came. */
export interface Planned extends PlannedCue {
  spots: readonly Spot[]
}

/** What was put above the show. UTC ms. */
interface Overridden {
  program: string
  kind: string
  reason: string
  from: number
  to: number
}

export interface Facts {
  planned: readonly Planned[]
  /** Of overlays only. */
  aired: Airtimes
  overrides: readonly Overridden[]
}

/** Of one frame (ms), where there was only one. */
const FRAME = 40
/** A spot of a campaign counts when so much of it was on air. */
const ENOUGH = 0.9
/** What was told last of it may be so old (ms), and is written a moment later. */
const TOLD_WITHIN = 6_000

/** In parts, so that whoever asks can do something else between two of them. */
type InParts<T> = Generator<void, T, void>

/** What was planned for each advertiser, what was on air, what was not, and why. Pure. */
export function* reportOf({ planned, aired, overrides }: Facts): InParts<AdvertiserReport[]> {
  const claimed = new Set<Airing>()
  const byName = new Map<string, SpotReport[]>()
  const tell = (advertisers: readonly string[], spot: SpotReport) => {
    for (const name of advertisers) {
      const spots = byName.get(name) ?? []
      spots.push(spot)
      byName.set(name, spots)
    }
  }
  for (const cue of planned) {
    for (const spot of cue.spots) {
      const here = seenOf(aired, cue, spot)
      for (const airing of here) claimed.add(airing)
      tell(spot.advertisers, spotOf(cue, spot, here, overrides))
    }
    yield
  }
  for (const airing of aired.all()) {
    if (airing.advertisers.length > 0 && !claimed.has(airing)) tell(airing.advertisers, unplanned(airing))
    yield
  }
  const report: AdvertiserReport[] = []
  for (const [name, spots] of [...byName].sort(([a], [b]) => (a < b ? -1 : 1))) {
    report.push(totals(name, spots))
    yield
  }
  return report
}

/** What became of the spots of campaigns. `now`: UTC ms. Pure. */
export function* spotFacts({ planned, aired, overrides }: Facts, now: number): InParts<SpotFact[]> {
  const facts: SpotFact[] = []
  for (const cue of planned) {
    const [spot] = cue.spots
    if (!cue.spot || !spot) continue
    const { outcome, why } = spotOf(cue, spot, seenOf(aired, cue, spot), overrides)
    const over = cue.why !== undefined || outcome === 'aired' || cue.at + cue.duration + TOLD_WITHIN <= now
    facts.push({ ...cue.spot, at: cue.at, outcome: over ? outcome : 'ahead', why: over ? why : null })
    yield
  }
  return facts
}

function seenOf(aired: Airtimes, { program, overlay, at, duration }: Planned, { asset }: Spot): Airing[] {
  const here = aired.during(overlay, at, at + duration)
  return here.filter(airing => airing.program === program && (asset === null || airing.asset === asset))
}

function spotOf(cue: Planned, { asset, sha256 }: Spot, here: Airing[], overrides: Facts['overrides']): SpotReport {
  const end = cue.at + cue.duration
  const ms = onAir(here, cue.at, end)
  const destinations = viewersOf(here, cue.at, end)
  const least = cue.spot ? ENOUGH * cue.duration : 0
  const outcome = ms === 0 || ms < least ? 'missed' : destinations.length === 0 ? 'unseen' : 'aired'
  const short = ms > 0 ? `Only ${(ms / 1_000).toFixed(1)} of ${(cue.duration / 1_000).toFixed(1)} s were on air. ` : ''
  const missed = () => `${short}${whyNot(cue, overrides)}`
  const why = outcome === 'aired' ? null : outcome === 'unseen' ? 'No destination was live.' : missed()
  return {
    ...{ at: rfc3339(cue.at), program: cue.program, timeline: cue.timeline.name, cue: cue.cue },
    ...{ overlay: cue.overlay, asset: asset ?? '', sha256: here[0]?.sha256 ?? sha256 ?? '' },
    ...{ campaign: cue.spot?.name ?? null, makesGood: cue.spot?.makesGood ?? null },
    ...{ plannedMs: Math.round(cue.duration), airedMs: Math.round(ms), frames: framesOf(here, cue.at, end) },
    ...{ outcome, why, destinations, proof: idsOf(here), pictures: picturesOf(here) },
  }
}

/** Somebody played it by hand, or a flow did. */
function unplanned(airing: Airing): SpotReport {
  const { from, program, cue, overlay, asset, sha256, frames, fromMs, toMs } = airing
  const destinations = viewersOf([airing], fromMs, toMs + FRAME)
  const seen = destinations.length > 0 || airing.inherited === true
  return {
    ...{
      at: from,
      program,
      timeline: null,
      campaign: null,
      makesGood: null,
      cue: cue ?? '',
      overlay: overlay ?? '',
      asset: asset ?? '',
      sha256: sha256 ?? '',
    },
    ...{ plannedMs: 0, airedMs: Math.round(shared(airing, fromMs, Number.POSITIVE_INFINITY)), frames },
    ...{ outcome: seen ? 'aired' : 'unseen', why: null, destinations, proof: idsOf([airing]) },
    pictures: picturesOf([airing]),
  }
}

function whyNot({ program, at, duration, why }: Planned, overrides: Facts['overrides']): string {
  if (why !== undefined) return why
  const over = overrides.find(each => each.program === program && each.from < at + duration && each.to >= at)
  return over ? `An override (${over.kind}): ${over.reason}` : 'It was not to be seen.'
}

const frameOf = ({ fromMs, toMs, frames }: Airing): number => (frames > 1 ? (toMs - fromMs) / (frames - 1) : FRAME)

/** For how long it was on air in [from, to). */
const shared = (airing: Airing, from: number, to: number): number =>
  Math.max(0, Math.min(airing.toMs + frameOf(airing), to) - Math.max(airing.fromMs, from))

/** For how long any of them was: two elements at the same time are no longer than one. */
function onAir(here: readonly Airing[], from: number, to: number): number {
  let sum = 0
  let until = from
  for (const airing of here.toSorted((a, b) => a.fromMs - b.fromMs)) {
    sum += shared(airing, until, to)
    until = Math.max(until, airing.toMs + frameOf(airing))
  }
  return sum
}

const framesOf = (here: readonly Airing[], from: number, to: number): number =>
  here.reduce((sum, airing) => sum + Math.min(airing.frames, Math.round(shared(airing, from, to) / frameOf(airing))), 0)

/** What is on air now is no row yet. */
const idsOf = (here: readonly Airing[]): number[] => here.map(({ id }) => id).filter(id => id > 0)

const picturesOf = (here: readonly Airing[]): string[] => [...new Set(here.flatMap(({ picture }) => picture ?? []))]

/** Destinations that carried some of it. */
function viewersOf(here: readonly Airing[], from: number, to: number): string[] {
  const live = here.flatMap(({ destinations, fromMs, toMs }) =>
    destinations.filter(each => {
      const [begin, end] = [Date.parse(each.from), each.to === null ? Number.POSITIVE_INFINITY : Date.parse(each.to)]
      return begin <= Math.min(toMs, to) && end >= Math.max(fromMs, from)
    }),
  )
  return [...new Set(live.map(({ name }) => name))].sort()
}

function totals(advertiser: string, spots: SpotReport[]): AdvertiserReport {
  const booked = spots.filter(({ timeline }) => timeline !== null)
  const count = (outcome: SpotReport['outcome']) => booked.filter(spot => spot.outcome === outcome).length
  return {
    ...{ advertiser, planned: booked.length, aired: count('aired'), unseen: count('unseen'), missed: count('missed') },
    unplanned: spots.length - booked.length,
    airedMs: spots.reduce((sum, { airedMs }) => sum + airedMs, 0),
    spots: spots.toSorted((a, b) => (a.at < b.at ? -1 : 1)),
  }
}
