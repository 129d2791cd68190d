import type { PlannedCue } from '../../ports.ts'
import type { MissedCue } from '../make-goods.ts'
import type { Told } from './diary.ts'
import { missedCue, plannedCue } from './planned.ts'
import type { Progress } from './progress.ts'
import type { ScoredCue } from './score.ts'

interface Deps {
  progress: Pick<Progress, 'run' | 'timeline'>
  /** What became of a cue. */
  told(told: Told): void
  /** An overlay was to be shown: for proof of play, which tells it beside what was. */
  planned?(cue: PlannedCue): void
  /** A cue was not shown. */
  missed?(cue: MissedCue): void
}

/** What was to be shown, and what of it nobody tried to show. */
export class CuePlans {
  /** When each cue was last to begin, UTC ms. */
  private readonly begun = new Map<string, number>()
  private readonly deps: Deps

  constructor(deps: Deps) {
    this.deps = deps
  }

  /** `at`: UTC ms; left out: when it was last to begin. `why`: it was not shown. */
  note(cue: ScoredCue, at = this.begun.get(cue.id), why?: string, isOwed = why !== undefined): void {
    const { timeline, run } = this.deps.progress
    const { program } = run
    if (at !== undefined) this.begun.set(cue.id, at)
    if (at !== undefined && why !== undefined && isOwed)
      this.deps.missed?.(missedCue(cue, timeline, { program, at, why }))
    const planned = plannedCue(cue, { timeline, program, at, why })
    if (planned) this.deps.planned?.(planned)
  }

  /** It was to be shown, and nobody tries to. `at`: UTC ms. */
  passedOver(cue: ScoredCue, at: number, outcome: NonNullable<Told['outcome']>, why: string, isOwed = false): void {
    this.note(cue, at, why, isOwed)
    this.deps.told({ timeline: this.deps.progress.timeline, cue, due: at, outcome })
  }
}
