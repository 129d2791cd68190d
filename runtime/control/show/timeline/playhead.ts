import { asVistterError } from '../../../contract/errors.ts'
import type { TimelineState } from '../../../contract/generated/openapi.v1.ts'
import { type Clock, rfc3339, sleep } from '../../../lib/clock.ts'
import type { PlannedCue, Recorder } from '../../ports.ts'
import type { CuePlayer, Showing } from './cue-player.ts'
import { Diary, type Noted } from './diary.ts'
import { OUTAGE, overlayOf, plannedCue } from './planned.ts'
import { cueAt, hasPicture, type Moment, nextMoment, nextPicture, roundOf, type ScoredCue } from './score.ts'

/** How long before its time a moment is dealt with (ms): takes and plays carry `at`. */
const LEAD = 600
/** How long before its cue a camera that nobody sees is sent at the latest (ms). */
const PREPARE = 8_000
/** So many cues are looked through for cameras that could turn already. */
const LOOKED_AHEAD = 50
/** How long the engine may take to say that a transition is over (ms). */
const SETTLED = 300

/** A timeline that runs, as it is kept: what a restart of control goes on from. Times in UTC ms. */
export interface Run {
  /** Absent off air. */
  program?: string
  actor: string
  startedAt: number
  /** When the position was 0; each journey of timing `arrival` moves it. */
  zero: number
  /** Position up to which everything has been dealt with. */
  handled?: number
  /** Position that is being joined, or whose camera is on its way. */
  joining?: number
  /** Overlays that it plays. */
  overlays: string[]
}

/** What runs. It may be changed meanwhile. */
export interface Running extends Noted {
  gap: 'hold' | 'slate'
  timing: 'clock' | 'arrival'
  offAir: boolean
}

interface Deps {
  timeline(): Running
  player: CuePlayer
  /** Undefined: it is over. */
  keep(run: Run | undefined): Promise<void>
  clock: Clock
  record: Recorder
  /** An overlay was to be shown: for proof of play, which tells it beside what was. */
  planned?(cue: PlannedCue): void
  /** What people see of it may have changed. */
  touched(): void
}

/** One timeline in its course: waits for each moment, and has its cues played a little ahead of their time. */
export class Playhead {
  private readonly ending = new AbortController()
  private run: Run
  private picture: { cue: ScoredCue; moving: boolean; at?: number } | undefined
  private readonly diary: Diary
  /** When each cue was last to begin, UTC ms. */
  private readonly begun = new Map<string, number>()
  private readonly deps: Deps

  constructor(run: Run, deps: Deps) {
    this.run = run
    this.deps = deps
    this.diary = new Diary(deps.record)
  }

  get program(): string | undefined {
    return this.run.program
  }

  /** Ends with the timeline or with stop(). */
  async follow(): Promise<void> {
    const { signal } = this.ending
    await this.join()
    while (!signal.aborted) {
      const moment = nextMoment(this.deps.timeline(), this.run.handled)
      if (!moment) return this.end()
      await this.await(moment)
      if (!signal.aborted) await this.perform(moment)
    }
  }

  /** As it stands it is kept: the next start of control goes on from there. */
  stop(): void {
    this.ending.abort()
  }

  /** Its picture stays; its overlays end. */
  async finish(): Promise<void> {
    this.stop()
    const { player, keep } = this.deps
    for (const id of this.run.overlays) await player.endOverlay(id, this.actor).catch(() => {}) // deleted meanwhile
    await keep(undefined)
  }

  state(): TimelineState {
    const { clock } = this.deps
    const { program, startedAt, actor, zero, joining } = this.run
    const timeline = this.deps.timeline()
    const now = clock.now()
    const waits = joining !== undefined && this.run.handled === undefined && now < zero + joining
    const next = nextPicture(timeline, this.run.handled ?? Number.NEGATIVE_INFINITY)
    return {
      status: waits ? 'waiting' : 'running',
      ...(program !== undefined && { program }),
      ...{ startedAt: rfc3339(startedAt), startedBy: actor, zeroAt: rfc3339(zero) },
      round: roundOf(timeline, Math.max(0, this.run.handled ?? joining ?? 0)),
      ...(this.picture && { cue: this.shownCue(this.picture) }),
      ...(next && { next: { id: next.cue.id, at: rfc3339(zero + next.since) } }),
    }
  }

  private shownCue({ cue, moving, at }: NonNullable<Playhead['picture']>): NonNullable<TimelineState['cue']> {
    const times = at === undefined ? {} : { since: rfc3339(at), until: rfc3339(at + cue.duration) }
    return { id: cue.id, moving, ...times }
  }

  private get actor(): string {
    return this.deps.timeline().name
  }

  /** Begins in the middle: where it was told to, or where it is by now after an interruption. */
  private async join(): Promise<void> {
    const { clock, timeline } = this.deps
    const { zero, handled, joining } = this.run
    const now = clock.now()
    const next = nextMoment(timeline(), handled)
    const missed = handled !== undefined && next !== undefined && zero + next.position < now
    const position = joining ?? (missed ? now - zero : undefined)
    if (position === undefined) return this.see(handled)
    if (missed) this.diary.missed(timeline(), handled, position, (cue, at) => this.plan(cue, zero + at, OUTAGE))
    // What waited for a camera goes on waiting: its time has not passed.
    if (joining !== undefined && zero + joining < now) this.run = { ...this.run, zero: now - joining }
    const { picture, overlays } = cueAt(timeline(), position)
    const starts = [...new Set([...(picture ? [picture.cue] : []), ...overlays.map(({ cue }) => cue)])]
    await this.await({ position, starts, ends: [] })
    if (this.ending.signal.aborted) return
    const since = new Map([...(picture ? [picture] : []), ...overlays].map(each => [each.cue.id, each.since]))
    await this.perform({ position, starts, ends: [] }, since)
  }

  /** What is on air since an earlier life. */
  private see(handled: number | undefined): void {
    if (handled === undefined) return
    const { picture } = cueAt(this.deps.timeline(), handled)
    if (picture) this.picture = { cue: picture.cue, moving: false, at: this.run.zero + picture.since }
  }

  /** Until the time to deal with it has come; cameras that nobody sees turn meanwhile. */
  private async await({ position, starts }: Moment): Promise<void> {
    const { player, clock } = this.deps
    const { signal } = this.ending
    const due = this.run.zero + position
    const { program } = this.run
    const picture = starts.find(hasPicture)
    const preset = picture && program !== undefined && player.presetOf(picture, program)
    if (preset) {
      await sleep(due - PREPARE - clock.now(), signal)
      if (!signal.aborted) player.prepare(preset, 'cue')
    }
    await sleep(due - LEAD - clock.now(), signal)
  }

  private async perform({ position, starts, ends }: Moment, since?: Map<string, number>): Promise<void> {
    const timeline = this.deps.timeline()
    const due = this.run.zero + position
    const into = (cue: ScoredCue) => position - (since?.get(cue.id) ?? position)
    for (const cue of starts) this.plan(cue, due - into(cue))
    const picture = starts.find(hasPicture)
    const arrives = timeline.timing === 'arrival' && picture?.preset !== undefined
    this.endOverlays(ends, starts, due)
    if (!picture && ends.some(hasPicture)) this.leave(due)
    if (picture && arrives) {
      await this.save({ joining: position })
      await this.show(picture, position, into(picture))
      if (this.ending.signal.aborted) return
    } else if (picture) void this.show(picture, position, into(picture))
    for (const cue of starts) if (cue !== picture) void this.accompany(cue, position, into(cue))
    await this.save({ handled: position, joining: undefined })
  }

  /** The picture of a cue, and what belongs to it. */
  private async show(cue: ScoredCue, position: number, into: number): Promise<void> {
    const { player, touched } = this.deps
    const { name, offAir, timing } = this.deps.timeline()
    const due = this.run.zero + position
    const { program } = this.run
    this.picture = { cue, moving: cue.preset !== undefined }
    touched()
    try {
      const showing =
        program === undefined || offAir
          ? await player.turn(cue, { name: `tour ${name}`, rank: 'tour' })
          : await player.picture(cue, program, due, name)
      if (this.ending.signal.aborted) return
      if (timing === 'arrival' && cue.preset !== undefined) this.shift(Math.max(0, showing.at - due))
      this.picture = { cue, moving: false, at: showing.at - into }
      touched()
      await this.beside(cue, position, { at: showing.at, into })
      this.diary.done(this.deps.timeline(), cue, position, showing, due)
      void this.turnAhead(position, showing)
    } catch (thrown) {
      this.picture = undefined
      this.fail(cue, thrown)
    }
  }

  /** A cue without a picture of its own. */
  private async accompany(cue: ScoredCue, position: number, into: number): Promise<void> {
    await this.beside(cue, position, { at: this.run.zero + position, into }).catch(thrown => this.fail(cue, thrown))
  }

  private async beside(cue: ScoredCue, position: number, { at, into }: { at: number; into: number }): Promise<void> {
    const { player } = this.deps
    const { program } = this.run
    if (program === undefined) return
    const endsAt = this.run.zero + position - into + cue.duration
    const overlay = await player.overlay(cue, { at, into, endsAt }, this.actor)
    if (overlay !== undefined) await this.save({ overlays: [...new Set([...this.run.overlays, overlay])] })
    void player.sound(cue, program, at, this.actor).catch(thrown => this.fail(cue, thrown))
  }

  private endOverlays(ends: ScoredCue[], starts: ScoredCue[], due: number): void {
    const stays = new Set(starts.map(overlayOf))
    for (const id of new Set(ends.map(overlayOf))) if (id !== undefined && !stays.has(id)) void this.endOverlay(id, due)
  }

  private async endOverlay(id: string, due: number): Promise<void> {
    const { player, clock } = this.deps
    const { signal } = this.ending
    await sleep(due - clock.now(), signal)
    if (signal.aborted || !this.run.overlays.includes(id)) return
    await player.endOverlay(id, this.actor).catch(() => {}) // deleted meanwhile
    await this.save({ overlays: this.run.overlays.filter(one => one !== id) })
  }

  private leave(due: number): void {
    const { program } = this.run
    const { gap } = this.deps.timeline()
    this.picture = undefined
    if (program !== undefined && gap === 'slate') void this.deps.player.gap(program, due, this.actor).catch(() => {})
  }

  private async end(): Promise<void> {
    const { clock, timeline } = this.deps
    await sleep(this.run.zero + (this.run.handled ?? 0) - clock.now(), this.ending.signal)
    if (this.ending.signal.aborted) return
    await this.finish()
    this.diary.ended(timeline())
  }

  /** Cameras that the next cues need, and that nobody sees, turn while there is time. */
  private async turnAhead(position: number, { alone, camera }: Showing): Promise<void> {
    const { player, clock, timeline } = this.deps
    const { signal } = this.ending
    const { program } = this.run
    if (program === undefined) return
    await sleep(alone + SETTLED - clock.now(), signal)
    const busy = new Set([camera])
    let next = nextPicture(timeline(), position)
    for (let looked = 0; next && looked < LOOKED_AHEAD && !signal.aborted; looked++) {
      const preset = player.presetOf(next.cue, program)
      if (preset && !busy.has(preset.camera)) {
        busy.add(preset.camera)
        player.prepare(preset, 'tour')
      }
      next = nextPicture(timeline(), next.since)
    }
  }

  private fail(cue: ScoredCue, thrown: unknown): void {
    if (this.ending.signal.aborted) return
    this.diary.failed(this.deps.timeline(), cue, thrown)
    this.plan(cue, this.begun.get(cue.id), asVistterError(thrown).message)
  }

  private plan(cue: ScoredCue, at: number | undefined, why?: string): void {
    const planned = plannedCue(cue, { timeline: this.deps.timeline(), program: this.run.program, at, why })
    if (!planned) return
    this.begun.set(cue.id, planned.at)
    this.deps.planned?.(planned)
  }

  private shift(ms: number): void {
    this.run = { ...this.run, zero: this.run.zero + ms }
  }

  private async save(change: { [K in keyof Run]?: Run[K] | undefined }): Promise<void> {
    const { joining, ...run } = { ...this.run, ...change } as Run
    this.run = { ...run, ...(joining !== undefined && { joining }) }
    if (!this.ending.signal.aborted) await this.deps.keep(this.run)
    this.deps.touched()
  }
}
