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

/**
 * A cue that begins. `since`: the position of that; `at`: UTC ms, when `into` (ms) of it is over; `joined`: it began before; `leg`:
 * ends what is not on air yet.
 */
interface Beginning {
  since: number
  at: number
  into: number
  joined: boolean
  leg?: AbortSignal
}

/** The last cue that plays an overlay. UTC ms. */
interface Turn {
  cue: ScoredCue
  at: number
  endsAt: number | undefined
}

/** The overlays that a timeline plays: with their cues, and across two of them where one follows the other. */
export class CueOverlays {
  private readonly turns = new Map<string, Turn>()
  private readonly deps: Deps

  constructor(deps: Deps) {
    this.deps = deps
  }

  async begin(cue: ScoredCue, { since, at, into, joined, leg }: Beginning): Promise<void> {
    const { player, progress, clock } = this.deps
    const { name } = progress.timeline
    const id = overlayOf(cue)
    if (id === undefined) return
    const turn = { cue, at, endsAt: this.endOf(cue, since) }
    const before = this.turns.get(id)
    this.turns.set(id, turn)
    // An overlay knows of one play that is to follow: that of a short cue would be lost to the one after it.
    const waits = before && !joined ? before.at - clock.now() : -1
    if (waits >= 0) await sleep(waits + 1, leg)
    if (leg?.aborted) return
    const { timeline } = progress
    const isOn = !joined && playedOn(timeline, cue, since) && progress.run.overlays.includes(id)
    if (isOn && player.playsOn(cue, at)) return player.prolong(cue, turn.endsAt)
    // Played through it would have begun with a cue before this one.
    const begun = joined ? playedFrom(timeline, cue, since, (each, ms) => player.lasts(each, ms)) : since
    // Its files may be long in coming: whoever stops or jumps meanwhile strikes it off this list.
    const { overlays } = progress.run
    const kept = progress.save({ overlays: [...new Set([...overlays, id])] })
    try {
      await player.overlay(cue, { at, into: into + since - begun, endsAt: turn.endsAt, leg }, name)
    } catch (thrown) {
      // A cue before this one may have put it on air.
      if (!overlays.includes(id)) progress.drop([id])
      throw thrown
    } finally {
      await kept
    }
    if (!progress.run.overlays.includes(id)) await player.endOverlay(id, name)
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
    for (const id of ids) this.turns.delete(id)
    await Promise.all(ids.map(id => player.endOverlay(id, name, at).catch(() => {}))) // deleted meanwhile
  }

  /** What is under way ends at another time. */
  async retime(): Promise<void> {
    const { progress, player } = this.deps
    const { overlays } = cueAt(progress.timeline, progress.run.handled ?? 0)
    for (const { cue, since } of overlays) {
      const id = overlayOf(cue) ?? ''
      if (!progress.run.overlays.includes(id)) continue
      const endsAt = this.endOf(cue, since)
      const turn = this.turns.get(id)
      if (turn) turn.endsAt = endsAt
      await player.prolong(cue, endsAt)
    }
  }

  async endAll(): Promise<void> {
    const { progress, player } = this.deps
    const ids = progress.run.overlays
    progress.drop(ids)
    for (const id of ids) await player.endOverlay(id, progress.timeline.name).catch(() => {}) // deleted meanwhile
  }

  /** The first moment without it (UTC ms); undefined where nobody knows, or where the cue after it plays it on. */
  private endOf(cue: ScoredCue, since: number): number | undefined {
    const { run, timeline } = this.deps.progress
    return goesOn(timeline, cue, since) ? undefined : endsAt(run, since, cue)
  }

  private async endOne(id: string, due: number, leg: AbortSignal): Promise<void> {
    const { player, clock, progress } = this.deps
    const turn = this.turns.get(id)
    if (turn && turn.endsAt !== due) {
      turn.endsAt = due
      await player.prolong(turn.cue, due).catch(() => {}) // deleted meanwhile
    }
    await sleep(due - clock.now(), leg)
    // What another cue plays, or is about to, is not taken off: what was there before it ends by itself.
    if (leg.aborted || this.turns.get(id) !== turn || !progress.run.overlays.includes(id)) return
    this.turns.delete(id)
    await player.endOverlay(id, progress.timeline.name).catch(() => {}) // deleted meanwhile
    if (!this.turns.has(id)) await progress.save({ overlays: progress.run.overlays.filter(one => one !== id) })
  }
}
