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
  /** Of overlays that are on air as spots, or about to be, how many times; after a restart they end by themselves. */
  private readonly spots = new Map<string, number>()
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
    const host = {
      signal: leg ?? AbortSignal.abort(),
      plays: (overlay: string, on: boolean) => this.count(overlay, on ? 1 : -1),
    }
    this.deps.ads?.run({ program, timeline: { id, name }, cue: cue.id, place, missed: leg === undefined }, host)
  }

  /** What is on air of them leaves it. */
  async end(): Promise<void> {
    const { player, progress } = this.deps
    const all = [...this.spots.keys()]
    this.spots.clear()
    // All at once: what comes in their place meanwhile is no business of theirs.
    await Promise.all(all.map(id => player.endOverlay(id, progress.timeline.name).catch(() => {}))) // deleted meanwhile
  }

  /** The next spot of an overlay is on its way before the one on air is over. */
  private count(overlay: string, more: number): void {
    const spots = (this.spots.get(overlay) ?? 0) + more
    if (spots > 0) this.spots.set(overlay, spots)
    else this.spots.delete(overlay)
  }
}
