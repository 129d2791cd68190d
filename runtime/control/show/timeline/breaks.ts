import type { AdBreaks } from '../ads/ad-breaks.ts'
import { breakOf } from '../ads/ahead.ts'
import type { CuePlayer } from './cue-player.ts'
import type { Progress } from './progress.ts'
import type { ScoredCue } from './score.ts'

interface Deps {
  progress: Pick<Progress, 'run' | 'timeline'>
  player: Pick<CuePlayer, 'endOverlay'>
  /** Fills them. */
  ads?: Pick<AdBreaks, 'run'> | undefined
}

/** The breaks of a timeline that runs, whose spots come one after another by themselves. */
export class Breaks {
  /** Overlays that are on air as spots; after a restart they end by themselves. */
  private readonly spots = new Set<string>()
  private readonly deps: Deps

  constructor(deps: Deps) {
    this.deps = deps
  }

  /** `since`: the position at which the cue begins; `leg`: ends what is not on air yet. Without it the cue is over already. */
  fill(cue: ScoredCue, since: number, leg?: AbortSignal): void {
    const { program, zero } = this.deps.progress.run
    const { id, name } = this.deps.progress.timeline
    const place = breakOf(id, cue, zero + since)
    if (!place || program === undefined) return
    const plays = (overlay: string, on: boolean) => void (on ? this.spots.add(overlay) : this.spots.delete(overlay))
    const host = { signal: leg ?? AbortSignal.abort(), plays }
    this.deps.ads?.run({ program, timeline: { id, name }, cue: cue.id, place, missed: leg === undefined }, host)
  }

  /** What is on air of them leaves it. */
  async end(): Promise<void> {
    const { player, progress } = this.deps
    const all = [...this.spots]
    this.spots.clear()
    for (const id of all) await player.endOverlay(id, progress.timeline.name).catch(() => {}) // deleted meanwhile
  }
}
