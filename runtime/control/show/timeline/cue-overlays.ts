import { type Clock, sleep } from '../../../lib/clock.ts'
import type { CuePlayer } from './cue-player.ts'
import { playedFrom } from './played-from.ts'
import { endsAt, type Run } from './run.ts'
import { cueAt, goesOn, overlayOf, playedOn, type Score, type ScoredCue } from './score.ts'

interface Deps {
  /** How far it is, on air or on the preview bus. */
  progress: {
    readonly timeline: Score & { name: string }
    readonly run: Pick<Run, 'zero' | 'held' | 'handled' | 'overlays'>
    save(change: Pick<Run, 'overlays'>): Promise<void>
    drop(overlays: readonly string[]): void
  }
  player: Pick<CuePlayer, 'overlay' | 'prolong' | 'endOverlay' | 'playsOn' | 'lasts'>
  clock: Clock
}

/** A cue that begins. `since`: the position of that; `at`: UTC ms, when `into` (ms) of it is over; `joined`: it began before. */
interface Beginning {
  since: number
  at: number
  into: number
  joined: boolean
}

/** The overlays that a timeline plays: with their cues, and across two of them where one follows the other. */
export class CueOverlays {
  private readonly deps: Deps

  constructor(deps: Deps) {
    this.deps = deps
  }

  async begin(cue: ScoredCue, { since, at, into, joined }: Beginning): Promise<void> {
    const { player, progress } = this.deps
    const { name } = progress.timeline
    const id = overlayOf(cue)
    if (id === undefined) return
    const ends = this.endOf(cue, since)
    const { timeline } = progress
    const isOn = !joined && playedOn(timeline, cue, since) && progress.run.overlays.includes(id)
    if (isOn && player.playsOn(cue, at)) return player.prolong(cue, ends)
    // Played through it would have begun with a cue before this one.
    const begun = joined ? playedFrom(timeline, cue, since, (each, ms) => player.lasts(each, ms)) : since
    await player.overlay(cue, { at, into: into + since - begun, endsAt: ends }, name)
    await progress.save({ overlays: [...new Set([...progress.run.overlays, id])] })
  }

  /** Those are over at a moment (UTC ms). */
  end(ids: Iterable<string | undefined>, due: number, leg: AbortSignal): void {
    for (const id of new Set(ids)) if (id !== undefined) void this.endOne(id, due, leg)
  }

  /** They leave with the frame of a moment (UTC ms), though nobody knew of it when they began. */
  async leaveAllBut(stays: ReadonlySet<string | undefined>, at: number): Promise<void> {
    const { player, progress } = this.deps
    const { name } = progress.timeline
    const ids = progress.run.overlays.filter(id => !stays.has(id))
    progress.drop(ids)
    await Promise.all(ids.map(id => player.endOverlay(id, name, at).catch(() => {}))) // deleted meanwhile
  }

  /** What is under way ends at another time. */
  async retime(): Promise<void> {
    const { progress, player } = this.deps
    const { overlays } = cueAt(progress.timeline, progress.run.handled ?? 0)
    for (const { cue, since } of overlays)
      if (progress.run.overlays.includes(overlayOf(cue) ?? '')) await player.prolong(cue, this.endOf(cue, since))
  }

  async endAll(): Promise<void> {
    const { progress, player } = this.deps
    for (const id of progress.run.overlays) await player.endOverlay(id, progress.timeline.name).catch(() => {}) // deleted
  }

  /** The first moment without it (UTC ms); undefined where nobody knows, or where the cue after it plays it on. */
  private endOf(cue: ScoredCue, since: number): number | undefined {
    const { run, timeline } = this.deps.progress
    return goesOn(timeline, cue, since) ? undefined : endsAt(run, since, cue)
  }

  private async endOne(id: string, due: number, leg: AbortSignal): Promise<void> {
    const { player, clock, progress } = this.deps
    await sleep(due - clock.now(), leg)
    if (leg.aborted || !progress.run.overlays.includes(id)) return
    await player.endOverlay(id, progress.timeline.name).catch(() => {}) // deleted meanwhile
    await progress.save({ overlays: progress.run.overlays.filter(one => one !== id) })
  }
}
