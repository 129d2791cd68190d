import type { PlannedCue } from '../../ports.ts'
import type { MissedCue } from '../make-goods.ts'
import { nextMoment, overlayOf, type Score, type ScoredCue } from './score.ts'

/** Why a cue was not shown that began while control was away. */
export const OUTAGE = 'The appliance did not run.'

/** Why a cue was not shown that the flow did not bring to the program. */
export const DROPPED = 'The flow let the cue go.'

interface Plan {
  timeline: { id: string; name: string }
  /** Undefined off air. */
  program: string | undefined
  at: number | undefined
  why?: string | undefined
}

/** What a cue means to viewers, beside what they saw; undefined where it shows no overlay. Pure. */
export function plannedCue(cue: ScoredCue, { timeline: { id, name }, program, at, why }: Plan): PlannedCue | undefined {
  const overlay = overlayOf(cue)
  if (program === undefined || overlay === undefined || at === undefined) return undefined
  const { scene } = typeof cue.overlay === 'object' ? cue.overlay : {}
  const named = { timeline: { id, name }, cue: cue.id, overlay, ...(scene !== undefined && { scene }) }
  // The same cue joined half way has the same time, to the ms.
  return { program, ...named, at: Math.round(at), duration: cue.duration, ...(why !== undefined && { why }) }
}

/** A cue that was not shown. Pure. */
export function missedCue(
  cue: ScoredCue,
  { id, name }: { id: string; name: string },
  { program, at, why }: { program: string | undefined; at: number; why: string },
): MissedCue {
  const { id: called, duration } = cue
  return { timeline: { id, name }, program, cue: called, overlay: overlayOf(cue), at: Math.round(at), duration, why }
}

/** After an outage of days nobody counts further. */
const MOST = 1_000

interface Stretch {
  program: string | undefined
  /** When the position was 0, UTC ms. */
  zero: number
  /** Positions: what began after one and was over by the other; from the very beginning where the first is left out. */
  after: number | undefined
  until: number
  why: string
}

/** The cues of a stretch that nobody saw. Pure. */
export function missedIn(timeline: Score & { id: string; name: string }, stretch: Stretch): MissedCue[] {
  const { program, zero, after, until, why } = stretch
  const found: MissedCue[] = []
  let moment = nextMoment(timeline, after)
  for (; moment && moment.position < until && found.length < MOST; moment = nextMoment(timeline, moment.position)) {
    const { position } = moment
    for (const cue of moment.starts)
      if (position + cue.duration <= until) found.push(missedCue(cue, timeline, { program, at: zero + position, why }))
  }
  return found
}
