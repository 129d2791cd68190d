import type { CueDone, CueStep, StepDone } from '../../../contract/cue-offer.ts'
import { rfc3339 } from '../../../lib/clock.ts'
import type { ShowTime } from '../../ports.ts'
import type { FirstFrames } from '../first-frames.ts'
import type { CueEntry } from './cue-log.ts'
import type { CueWay } from './cue-way.ts'
import type { Told } from './diary.ts'
import { type Offer, stepsOf } from './offer.ts'
import { overlayOf } from './score.ts'

/** The engine tells of a first frame within this (ms). */
const HEARD_WITHIN = 1_500

interface Deps {
  clock: ShowTime
  firstFrames: Pick<FirstFrames, 'of'>
  way: Pick<CueWay, 'finish'>
  /** Writes it down. */
  note(entry: CueEntry): void
}

/** Measures what became of cues, writes it down, and tells the nodes that carried them. */
export class CueReports {
  private readonly deps: Deps

  constructor(deps: Deps) {
    this.deps = deps
  }

  /** Never rejects. */
  async tell(told: Told): Promise<void> {
    const actual = await this.measured(told)
    const { way, clock, note } = this.deps
    const read = (at: number) => clock.told(at)
    const offer = told.outcome ? undefined : way.finish(told, each => doneOf(each, told, actual, read))
    const { planned, ...entry } = entryOf(told, actual, offer, clock.now())
    const late = actual === undefined ? undefined : actual - planned
    note({ ...entry, planned: read(planned), actual: late === undefined ? undefined : read(planned) + late })
  }

  private async measured({ showing }: Told): Promise<number | undefined> {
    if (!showing?.take) return showing?.at
    const { clock, firstFrames } = this.deps
    return firstFrames.of(showing.take, Math.max(0, showing.at - clock.now()) + HEARD_WITHIN)
  }
}

type Carried = Pick<Offer, 'takerOf' | 'offer'>

/** As it is written down. Pure. */
function entryOf(told: Told, actual: number | undefined, carried: Carried | undefined, now: number): CueEntry {
  const { timeline, cue, due, showing } = told
  const error = told.error ?? showing?.error
  const { program } = carried?.offer ?? {}
  const { scene = undefined } = typeof cue.overlay === 'object' ? cue.overlay : {}
  const facts = {
    ...{ program, camera: cue.camera, preset: cue.preset, overlay: overlayOf(cue), scene },
    ...{ journeyMs: showing?.journeyMs, code: error?.code, why: error?.detail },
  }
  return {
    ...{ timeline: timeline.id, cue: cue.id, actual, facts: JSON.parse(JSON.stringify(facts)) },
    planned: due ?? (carried ? Date.parse(carried.offer.at) : now),
    outcome: told.outcome ?? (showing ? 'done' : 'failed'),
    by: told.outcome === 'dropped' ? 'flow' : (carried?.takerOf('program') ?? 'control'),
  }
}

/** `read`: a moment as people read it. */
function doneOf(carried: Carried, told: Told, actual: number | undefined, read: (at: number) => number): CueDone {
  const { cue, showing, error } = told
  const due = told.due ?? Date.parse(carried.offer.at)
  const steps = stepsOf(cue).map(step => stepDone(step, carried.takerOf(step), { ...told, due }, actual, read))
  return { outcome: error && !showing ? 'failed' : 'done', by: carried.takerOf('program'), steps }
}

/** The camera that did not arrive is shown all the same: only its own step has failed then. */
function stepDone(
  step: CueStep,
  by: StepDone['by'],
  { due, showing, error }: Told & { due: number },
  actual: number | undefined,
  read: (at: number) => number,
): StepDone {
  const planned = rfc3339(read(due))
  const fault = error ?? (step === 'preset' ? showing?.error : undefined)
  if (!showing || fault) return { step, by, planned, outcome: 'failed', ...(fault && { error: fault }) }
  const { journeyMs = 0, at } = showing
  // The camera was there before the picture; an overlay begins with the picture.
  if (step === 'preset') return { step, by, planned, latencyMs: Math.round(journeyMs), outcome: 'done' }
  const seen = step === 'program' ? actual : at
  const when = seen === undefined ? {} : { actual: rfc3339(read(due) + seen - due), latencyMs: Math.round(seen - due) }
  return { step, by, planned, ...when, outcome: 'done' }
}
