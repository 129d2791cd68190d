import type { PlannedCue } from '../../ports.ts'
import type { MissedCue } from '../make-goods.ts'
import { overlayOf, type ScoredCue } from './score.ts'

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
