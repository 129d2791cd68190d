import { asVistterError } from '../../../contract/errors.ts'
import type { Clock } from '../../../lib/clock.ts'
import type { Recorder } from '../../ports.ts'
import { soon } from '../take-lead.ts'
import { Breaks } from './breaks.ts'
import { CueOverlays } from './cue-overlays.ts'
import { CuePlans } from './cue-plans.ts'
import type { CuePlayer } from './cue-player.ts'
import { CueSounds } from './cue-sounds.ts'
import type { CueWay } from './cue-way.ts'
import { Diary } from './diary.ts'
import { Handover } from './handover.ts'
import { inOrder, waitsForCamera } from './order.ts'
import { DROPPED } from './planned.ts'
import type { Progress } from './progress.ts'
import type { Picture } from './run.ts'
import { cueAt, hasPicture, lastPicture, type Moment, overlayOf, type ScoredCue } from './score.ts'
import { turnAhead } from './turn-ahead.ts'
import { unlessLeft } from './unless-left.ts'

type Deps = ConstructorParameters<typeof CuePlans>[0] & {
  progress: Progress
  player: CuePlayer
  /** The way through the flow. */
  way: Pick<CueWay, 'offer'>
  clock: Clock
  record: Recorder
  ads?: ConstructorParameters<typeof Breaks>[0]['ads']
}

/** A cue at its moment. `leg`: ends what is not on air yet. */
interface Entry {
  cue: ScoredCue
  /** The position at which it begins. */
  since: number
  /** UTC ms of its first frame, in time for the mixer: all of one instant have the same. */
  at: number
  /** How much of it is over by then (ms). */
  into: number
  /** It may have begun long ago. */
  joined: boolean
  /** Whether the sound is as the timeline has it by then, with what this cue says of it. */
  tuned: boolean
  leg: AbortSignal
}

/** Has the cues of a timeline played, and keeps book of what it plays. */
export class Performance {
  private shown: Picture | undefined
  private readonly diary: Diary
  private readonly overlays: CueOverlays
  private readonly sounds: CueSounds
  private readonly handover: Handover
  private readonly breaks: Breaks
  private readonly plans: CuePlans
  private readonly deps: Deps

  constructor(deps: Deps) {
    this.deps = deps
    this.breaks = new Breaks(deps)
    this.plans = new CuePlans(deps)
    this.diary = new Diary(deps.record, told => deps.told(told))
    const dropped = (cue: ScoredCue, at: number) => this.plans.passedOver(cue, at, 'dropped', DROPPED)
    this.overlays = new CueOverlays(deps)
    this.sounds = new CueSounds({ ...deps, diary: this.diary })
    this.handover = new Handover({ ...deps, diary: this.diary, dropped })
  }

  get picture(): Picture | undefined {
    return this.shown
  }

  /** Resolves at `lead` (UTC ms), when a moment is to be dealt with: with its cues as the flow has made them. */
  async takeOver(moment: Moment, lead: number, signal: AbortSignal): Promise<Moment> {
    const { timeline, run } = this.deps.progress
    const { program, zero } = run
    return this.handover.pass(moment, { timeline, program, due: zero + moment.position, lead }, signal)
  }

  /** Cues that begin and end together. */
  async perform({ position, starts, ends }: Moment, leg: AbortSignal): Promise<void> {
    this.endOverlays(ends, starts, position, leg)
    const at = this.momentOf(
      position,
      starts.some(cue => this.arrives(cue)),
    )
    const into = at - this.deps.progress.run.zero - position
    if (!starts.some(hasPicture) && ends.some(hasPicture)) this.leave(at)
    await this.enter(
      starts.map(cue => ({ cue, since: position, at, into, joined: false, tuned: false, leg })),
      position,
    )
  }

  /**
   * What is under way at a position, wherever it was before; `starts`: as the flow has made it. `lands`: it is to be there when
   * it is on air, however long that takes.
   */
  async join({ position, starts }: Moment, leg: AbortSignal, lands: boolean): Promise<void> {
    const { progress } = this.deps
    const { timeline } = progress
    const { picture, overlays } = cueAt(timeline, position)
    const late = picture && this.arrives(picture.cue) ? picture.cue.id : undefined
    const at = this.momentOf(position, lands || late !== undefined)
    const { run } = progress
    const planned = [...(picture ? [picture] : []), ...overlays.filter(({ cue }) => cue !== picture?.cue)]
    const underway = planned.flatMap(({ cue: { id }, since }) => {
      const cue = starts.find(each => each.id === id)
      return cue ? { cue, since } : []
    })
    const stays = new Set(underway.map(({ cue }) => overlayOf(cue)))
    void this.overlays.leaveAllBut(stays, at)
    void this.breaks.end()
    void this.sounds.join(position, { at, but: late, leg })
    if (!picture) this.linger(position, at)
    const began = { at, joined: true, leg }
    const entries = underway.map(each => ({
      ...each,
      ...began,
      into: at - run.zero - each.since,
      tuned: each.cue.id !== late,
    }))
    await this.enter(entries, position)
  }

  /** It is about to be joined there. */
  expect(position: number): void {
    const { cue, since = 0 } = cueAt(this.deps.progress.timeline, position).picture ?? {}
    this.shown = cue && { cue, position: since, moving: cue.preset !== undefined }
  }

  /** What is on air since an earlier life. */
  see(handled: number | undefined, leg: AbortSignal): void {
    if (handled === undefined) return
    this.expect(handled)
    const { run, timeline } = this.deps.progress
    for (const { cue, since } of cueAt(timeline, handled).overlays) this.breaks.fill(cue, since, leg)
    if (this.shown) this.shown = { ...this.shown, moving: false, at: run.zero + this.shown.position }
  }

  /** What is under way ends at another time. */
  retime(): Promise<void> {
    return this.overlays.retime()
  }

  async endAll(): Promise<void> {
    await this.overlays.endAll()
    await this.breaks.end()
  }

  /** Positions: the last that was dealt with, and where it goes on. */
  missed(handled: number, position: number, why: string): void {
    const { run, timeline } = this.deps.progress
    // One that is still under way is joined.
    const isOwed = (cue: ScoredCue, at: number) => at + cue.duration <= position
    this.diary.missed(timeline, handled, position, (cue, at) => {
      this.plans.passedOver(cue, run.zero + at, 'missed', why, isOwed(cue, at))
      if (isOwed(cue, at)) this.breaks.fill(cue, at)
    })
  }

  ended(): void {
    this.diary.ended(this.deps.progress.timeline)
  }

  private async enter(entries: Entry[], position: number): Promise<void> {
    const { progress } = this.deps
    const { run } = progress
    for (const { cue, since, leg } of entries) {
      this.plans.note(cue, run.zero + since)
      this.breaks.fill(cue, since, leg)
    }
    const picture = entries.find(({ cue }) => hasPicture(cue))
    const arrives = picture !== undefined && this.arrives(picture.cue)
    if (picture && arrives) {
      await progress.save({ joining: position })
      await unlessLeft(this.show(picture), picture.leg)
      if (picture.leg.aborted) return
    }
    for (const { step, of: entry } of inOrder(entries)) {
      const waits = waitsForCamera(entry.cue)
      if (entry === picture && arrives) continue
      if (step === 'preset') this.send(entry.cue)
      else if (step === 'overlay' && !waits) void this.accompany(entry)
      else if (step === 'program' && entry === picture) void this.show(entry)
      else if (step === 'program') void this.sound(entry, entry.at)
    }
    await progress.save({ handled: position, joining: undefined })
  }

  /** What follows waits until its camera is there. */
  private arrives({ preset }: ScoredCue): boolean {
    return this.deps.progress.timeline.timing === 'arrival' && preset !== undefined
  }

  /** When it is on air (UTC ms): where the mixer has to be told ahead, not at once. `lands`: the position is that of then. */
  private momentOf(position: number, lands: boolean): number {
    const { progress, clock } = this.deps
    const { program, zero } = progress.run
    const due = zero + position
    if (program === undefined) return due
    const at = Math.max(due, soon(clock.now()))
    if (lands) progress.shift(at - due)
    return at
  }

  /** The picture of a cue, and what belongs to it. */
  private async show(entry: Entry): Promise<void> {
    const { player, progress } = this.deps
    const { cue, since, at: due, leg } = entry
    const { name, offAir } = progress.timeline
    const { program } = progress.run
    const shown = { cue, position: since }
    this.shown = { ...shown, moving: cue.preset !== undefined }
    progress.touched()
    try {
      const showing =
        program === undefined || offAir
          ? await player.turn(cue, { name: `tour ${name}`, rank: 'tour' })
          : await player.picture(cue, program, due, name)
      if (leg.aborted) return
      if (this.arrives(cue)) progress.shift(Math.max(0, showing.at - due))
      this.shown = { ...shown, moving: false, at: showing.at - entry.into }
      progress.touched()
      if (waitsForCamera(cue) && program !== undefined) await this.overlays.begin(cue, { ...entry, at: showing.at })
      void this.sound(entry, showing.at)
      this.diary.done(progress.timeline, cue, since, showing, due)
      void turnAhead(this.deps, { position: since, showing, leg })
    } catch (thrown) {
      if (leg.aborted) return
      this.shown = undefined
      this.fail(cue, thrown)
    }
  }

  /** A camera that nobody sees turns first of all. */
  private send(cue: ScoredCue): void {
    const { player, progress } = this.deps
    const { program } = progress.run
    const preset = program === undefined ? undefined : player.presetOf(cue, program)
    if (preset) player.prepare(preset, 'cue')
  }

  /** The overlay of a cue whose time is known. */
  private async accompany(entry: Entry): Promise<void> {
    const { cue, at, leg } = entry
    const { run, timeline } = this.deps.progress
    try {
      if (run.program === undefined) return
      await this.overlays.begin(cue, entry)
      if (!hasPicture(cue)) this.diary.accompanied(timeline, cue, at)
    } catch (thrown) {
      if (!leg.aborted) this.fail(cue, thrown)
    }
  }

  /** `at`: UTC ms. */
  private async sound({ cue, tuned, leg }: Entry, at: number): Promise<void> {
    const { run, timeline } = this.deps.progress
    if (run.program === undefined || leg.aborted) return
    if (!tuned) await this.sounds.begin(cue, at).catch(thrown => this.fail(cue, thrown))
    if (!hasPicture(cue) && overlayOf(cue) === undefined) this.diary.accompanied(timeline, cue, at)
  }

  private endOverlays(ends: ScoredCue[], starts: ScoredCue[], position: number, leg: AbortSignal): void {
    const stays = new Set(starts.map(overlayOf))
    const ended = ends.map(cue => overlayOf(this.handover.asMade(cue)))
    this.overlays.end(
      ended.filter(id => !stays.has(id)),
      this.deps.progress.run.zero + position,
      leg,
    )
  }

  private leave(at: number): void {
    const { program } = this.deps.progress.run
    const { gap, name } = this.deps.progress.timeline
    this.shown = undefined
    if (program !== undefined && gap === 'slate') void this.deps.player.gap(program, at, name).catch(() => {})
  }

  /** Where no cue has a picture: what would be there had it been played so far. */
  private linger(position: number, at: number): void {
    const { run, timeline } = this.deps.progress
    const cue = lastPicture(timeline, position)
    if (timeline.gap === 'slate' || !cue || run.program === undefined) this.leave(at)
    else {
      const { player } = this.deps
      player.picture(cue, run.program, at, timeline.name).catch(thrown => this.fail(cue, thrown))
    }
  }

  private fail(cue: ScoredCue, thrown: unknown): void {
    if (this.deps.progress.stopped) return
    this.diary.failed(this.deps.progress.timeline, cue, thrown)
    this.plans.note(cue, undefined, asVistterError(thrown).message)
  }
}
