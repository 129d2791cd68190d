import { asVistterError } from '../../../contract/errors.ts'
import type { PlayRequest } from '../../../contract/generated/openapi.v1.ts'
import { type Clock, rfc3339, sleep } from '../../../lib/clock.ts'
import type { Log } from '../../../lib/log.ts'
import type { PlannedCue } from '../../ports.ts'
import { OUTAGE } from '../timeline/planned.ts'
import type { Break, Placement } from './campaign.ts'

/** How long before its time a spot is given to the engine (ms). */
const LEAD = 500
/** And how long after its end it is taken off (ms): by then its last frame is on air in any case. */
const AFTER = 200

/** A cue of a timeline whose time has come, and that is filled with spots. */
export interface AdSlot {
  program: string
  timeline: { id: string; name: string }
  cue: string
  place: Break
  /** The appliance did not run. */
  missed: boolean
}

/** What whoever runs the timeline has to do with it. */
export interface AdHost {
  /** It ends. */
  signal: AbortSignal
  /** An overlay plays in its name, or does not any more. */
  plays(overlay: string, on: boolean): void
}

/** What is shown for a creative. */
export interface Showpiece {
  name: string
  overlay: string
  scene?: string
  /** For how long it is to be seen, if that is shorter than the spot (ms). */
  lasts?: number
}

interface Deps {
  /** What is to be shown in these breaks, which may be over; those that come later are thought of. */
  fill(places: readonly Break[]): Promise<Placement[]>
  pieceOf(campaign: string, creative: string): Showpiece | undefined
  overlays: {
    play(id: string, request: PlayRequest & { endsAt: number; leg: AbortSignal }, actor: string): Promise<unknown>
    /** Takes it off, if it still is the play that ends then (UTC ms), and nothing follows it. */
    end(id: string, endsAt: number, actor: string): Promise<unknown>
  }
  planned(cue: PlannedCue): void
  clock: Clock
  log: Pick<Log, 'error'>
}

/** Breaks in their course: each is filled shortly before it begins, and its spots are played one after another. */
export class AdBreaks {
  /** What ends each that runs. */
  private readonly running = new Map<string, AbortSignal>()
  private over: AdSlot[] = []
  private readonly deps: Deps

  constructor(deps: Deps) {
    this.deps = deps
  }

  /** Never rejects. */
  run(slot: AdSlot, host: AdHost): void {
    if (slot.missed) this.miss(slot)
    const { id } = slot.place
    // One that was left, and is entered anew before it has noticed, goes on with its next spot.
    if (slot.missed || this.running.get(id)?.aborted === false) return
    this.running.set(id, host.signal)
    this.show(slot, host)
      .catch(error => this.deps.log.error({ err: error }, 'a break was not shown'))
      .finally(() => this.running.get(id) === host.signal && this.running.delete(id))
  }

  private async show(slot: AdSlot, host: AdHost): Promise<void> {
    for (const placement of await this.deps.fill([slot.place])) {
      if (host.signal.aborted) return
      await this.spot(slot, placement, host)
    }
  }

  private async spot(slot: AdSlot, placement: Placement, { signal, plays }: AdHost): Promise<void> {
    const { clock, pieceOf, overlays, planned } = this.deps
    const { at } = placement
    const endsAt = at + slot.place.spotMs
    const piece = pieceOf(placement.campaign, placement.creative)
    const plan = plannedOf(slot, placement, piece)
    if (endsAt <= clock.now()) return planned({ ...plan, why: OUTAGE })
    await sleep(at - LEAD - clock.now(), signal)
    if (signal.aborted) return
    planned(plan)
    if (!piece) return planned({ ...plan, why: 'It is not there any more.' })
    const { overlay, scene } = piece
    try {
      plays(overlay, true)
      await overlays.play(
        overlay,
        { at: rfc3339(at), endsAt, leg: signal, ...(scene !== undefined && { scene }) },
        slot.timeline.name,
      )
    } catch (thrown) {
      if (!signal.aborted) plays(overlay, false)
      return planned({ ...plan, why: asVistterError(thrown).message })
    }
    // What it was is known to the timeline until then, so that it can be taken off.
    void sleep(endsAt - clock.now(), signal).then(() => signal.aborted || plays(overlay, false))
    // Without it nobody sees the overlay any more, and it would be called on air until its next spot.
    sleep(endsAt + AFTER - clock.now(), signal)
      .then(() => signal.aborted || overlays.end(overlay, endsAt, slot.timeline.name))
      .catch(error => this.deps.log.error({ err: error, overlay }, 'a spot was not taken off'))
  }

  /** What would have been shown is written as missed. All of an outage are planned at once. */
  private miss(slot: AdSlot): void {
    this.over.push(slot)
    if (this.over.length > 1) return
    queueMicrotask(() => {
      const slots = this.over
      this.over = []
      this.own(slots).catch(error => this.deps.log.error({ err: error }, 'breaks of an outage are not written'))
    })
  }

  private async own(slots: readonly AdSlot[]): Promise<void> {
    const byPlace = new Map(slots.map(slot => [slot.place.id, slot]))
    for (const placement of await this.deps.fill(slots.map(({ place }) => place))) {
      const slot = byPlace.get(placement.break)
      const piece = this.deps.pieceOf(placement.campaign, placement.creative)
      if (slot) this.deps.planned({ ...plannedOf(slot, placement, piece), why: OUTAGE })
    }
  }
}

function plannedOf({ program, timeline, cue, place }: AdSlot, placement: Placement, piece?: Showpiece): PlannedCue {
  const { at, ...spot } = placement
  const { overlay = '', scene, name = '', lasts = place.spotMs } = piece ?? {}
  return {
    ...{ program, timeline, cue: `${cue}/${placement.position}`, overlay, at },
    ...(scene !== undefined && { scene }),
    duration: Math.min(lasts, place.spotMs),
    spot: { ...spot, name },
  }
}
