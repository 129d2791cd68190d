import { CUE_STEPS, type CueStep } from '../../../contract/cue-offer.ts'
import { stepsOf } from './offer.ts'
import { hasPicture, type ScoredCue } from './score.ts'

export interface Command<C> {
  step: CueStep
  of: C
}

/**
 * What begins in one instant, in the order in which it is commanded, whoever wrote it down in which order: all cameras
 * move, then all overlays change, then the picture is switched. Pure.
 */
export function inOrder<C extends { cue: ScoredCue }>(entries: readonly C[]): Command<C>[] {
  const all = entries.toSorted((a, b) => (a.cue.id < b.cue.id ? -1 : 1))
  return CUE_STEPS.flatMap(step =>
    all.filter(({ cue }) => stepsOf(cue).includes(step)).map(entry => ({ step, of: entry })),
  )
}

/** An overlay begins with the picture of its cue: one whose camera has to come first waits for it. Pure. */
export const waitsForCamera = (cue: ScoredCue): boolean => hasPicture(cue) && cue.preset !== undefined
