import { asVistterError } from '../../../contract/errors.ts'
import { type Clock, sleep } from '../../../lib/clock.ts'
import type { PlannedCue, Recorder } from '../../ports.ts'
import type { MissedCue } from '../make-goods.ts'
import { Breaks } from './breaks.ts'
import { CueOverlays } from './cue-overlays.ts'
import type { CuePlayer } from './cue-player.ts'
import type { CueWay } from './cue-way.ts'
import { Diary, type Told } from './diary.ts'
import { Handover } from './handover.ts'
import { inOrder, waitsForCamera } from './order.ts'
import { DROPPED, missedCue, plannedCue } from './planned.ts'
import type { Progress } from './progress.ts'
import type { Picture } from './run.ts'
import { cueAt, hasPicture, lastPicture, type Moment, overlayOf, type ScoredCue } from './score.ts'
import { turnAhead } from './turn-ahead.ts'

interface Deps {
  progress: Progress
  player: CuePlayer
  /** The way through the flow. */
  way: Pick<CueWay, 'offer'>
  /** What became of a cue. */
  told(told: Told): void
  clock: Clock
  record: Recorder
  /** An overlay was to be shown: for proof of play, which tells it beside what was. */
  planned?(cue: PlannedCue): void
  /** A cue was not shown. */
  missed?(cue: MissedCue): void
  ads?: ConstructorParameters<typeof Breaks>[0]['ads']
}

/** A cue at its moment. `into`: how much of it is over already (ms); `leg`: ends what is not on air yet. */
interface Entry {
  cue: ScoredCue
  position: number
  into: number
  leg: AbortSignal
}

/** Has the cues of a timeline played, and keeps book of what it plays. */
export class Performance {
  private shown: Picture | undefined
  private readonly diary: Diary
  private readonly overlays: CueOverlays
  private readonly handover: Handover
  private readonly breaks: Breaks
  /** When each cue was last to begin, UTC ms. */
  private readonly begun = new Map<string, number>()
  private readonly deps: Deps

  constructor(deps: Deps) {
    this.deps = deps
    this.breaks = new Breaks(deps)
    this.diary = new Diary(deps.record, told => deps.told(told))
    const dropped = (cue: ScoredCue, at: number) => this.passedOver(cue, at, 'dropped', DROPPED)
    this.overlays = new CueOverlays(deps)
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
    if (!starts.some(hasPicture) && ends.some(hasPicture)) this.leave(position)
    await this.enter(
      starts.map(cue => ({ cue, position, into: 0, leg })),
      position,
    )
  }

  /** What is under way at a position, wherever it was before; `starts`: as the flow has made it. */
  async join({ position, starts }: Moment, leg: AbortSignal): Promise<void> {
    const { picture, overlays } = cueAt(this.deps.progress.timeline, position)
    const planned = [...(picture ? [picture] : []), ...overlays.filter(({ cue }) => cue !== picture?.cue)]
    const underway = planned.flatMap(({ cue: { id }, since }) => {
      const cue = starts.find(each => each.id === id)
      return cue ? { cue, since } : []
    })
    const stays = underway.map(({ cue }) => overlayOf(cue))
    const { overlays: before, zero } = this.deps.progress.run
    this.overlays.end(
      before.filter(id => !stays.includes(id)),
      zero + position,
      leg,
    )
    void this.breaks.end()
    if (!picture) this.linger(position)
    await this.enter(
      underway.map(({ cue, since }) => ({ cue, position, into: position - since, leg })),
      position,
    )
  }

  /** It is about to be joined there. */
  expect(position: number): void {
    const { picture } = cueAt(this.deps.progress.timeline, position)
    this.shown = picture && {
      ...{ cue: picture.cue, position: picture.since },
      moving: picture.cue.preset !== undefined,
    }
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
      this.passedOver(cue, run.zero + at, 'missed', why, isOwed(cue, at))
      if (isOwed(cue, at)) this.breaks.fill(cue, at)
    })
  }

  ended(): void {
    this.diary.ended(this.deps.progress.timeline)
  }

  private async enter(entries: Entry[], position: number): Promise<void> {
    const { progress } = this.deps
    const due = progress.run.zero + position
    for (const { cue, into, leg } of entries) {
      this.plan(cue, due - into)
      this.breaks.fill(cue, position - into, leg)
    }
    const picture = entries.find(({ cue }) => hasPicture(cue))
    const arrives = progress.timeline.timing === 'arrival' && picture?.cue.preset !== undefined
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
      else if (step === 'program') void this.sound(entry, due)
    }
    await progress.save({ handled: position, joining: undefined })
  }

  /** The picture of a cue, and what belongs to it. */
  private async show(entry: Entry): Promise<void> {
    const { player, progress } = this.deps
    const { cue, position, into, leg } = entry
    const { name, offAir, timing } = progress.timeline
    const { program, zero } = progress.run
    const due = zero + position
    const shown = { cue, position: position - into }
    this.shown = { ...shown, moving: cue.preset !== undefined }
    progress.touched()
    try {
      const showing =
        program === undefined || offAir
          ? await player.turn(cue, { name: `tour ${name}`, rank: 'tour' })
          : await player.picture(cue, program, due, name)
      if (leg.aborted) return
      if (timing === 'arrival' && cue.preset !== undefined) progress.shift(Math.max(0, showing.at - due))
      this.shown = { ...shown, moving: false, at: showing.at - into }
      progress.touched()
      if (waitsForCamera(cue) && program !== undefined)
        await this.overlays.begin(cue, position, { at: showing.at, into })
      void this.sound(entry, showing.at)
      this.diary.done(progress.timeline, cue, position, showing, due)
      void turnAhead(this.deps, { position, showing, leg })
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
    const { cue, position, into, leg } = entry
    const { run, timeline } = this.deps.progress
    try {
      if (run.program === undefined) return
      const at = run.zero + position
      await this.overlays.begin(cue, position, { at, into })
      if (!hasPicture(cue)) this.diary.accompanied(timeline, cue, at)
    } catch (thrown) {
      if (!leg.aborted) this.fail(cue, thrown)
    }
  }

  /** `at`: UTC ms. */
  private async sound({ cue, leg }: Entry, at: number): Promise<void> {
    const { player, progress } = this.deps
    const { program } = progress.run
    if (program === undefined || leg.aborted) return
    await player.sound(cue, program, at, progress.timeline.name).catch(thrown => this.fail(cue, thrown))
    if (!hasPicture(cue) && overlayOf(cue) === undefined) this.diary.accompanied(progress.timeline, cue, at)
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

  private leave(position: number): void {
    const { program, zero } = this.deps.progress.run
    const { gap, name } = this.deps.progress.timeline
    this.shown = undefined
    if (program !== undefined && gap === 'slate')
      void this.deps.player.gap(program, zero + position, name).catch(() => {})
  }

  /** Where no cue has a picture: what would be there had it been played so far. */
  private linger(position: number): void {
    const { run, timeline } = this.deps.progress
    const cue = lastPicture(timeline, position)
    if (timeline.gap === 'slate' || !cue || run.program === undefined) this.leave(position)
    else {
      const { player } = this.deps
      player.picture(cue, run.program, run.zero + position, timeline.name).catch(thrown => this.fail(cue, thrown))
    }
  }

  private fail(cue: ScoredCue, thrown: unknown): void {
    if (this.deps.progress.stopped) return
    this.diary.failed(this.deps.progress.timeline, cue, thrown)
    this.plan(cue, this.begun.get(cue.id), asVistterError(thrown).message)
  }

  /** It was to be shown, and nobody tries to. `at`: UTC ms. */
  private passedOver(
    cue: ScoredCue,
    at: number,
    outcome: NonNullable<Told['outcome']>,
    why: string,
    isOwed = false,
  ): void {
    this.plan(cue, at, why, isOwed)
    this.deps.told({ timeline: this.deps.progress.timeline, cue, due: at, outcome })
  }

  private plan(cue: ScoredCue, at: number | undefined, why?: string, isOwed = why !== undefined): void {
    const { timeline, run } = this.deps.progress
    const { program } = run
    if (at !== undefined) this.begun.set(cue.id, at)
    if (at !== undefined && why !== undefined && isOwed)
      this.deps.missed?.(missedCue(cue, timeline, { program, at, why }))
    const planned = plannedCue(cue, { timeline, program, at, why })
    if (planned) this.deps.planned?.(planned)
  }
}

/** Whoever jumps away waits for no camera. `work` does not fail. */
async function unlessLeft(work: Promise<void>, leg: AbortSignal): Promise<void> {
  const left = new AbortController()
  await Promise.race([work, sleep(Number.POSITIVE_INFINITY, AbortSignal.any([leg, left.signal]))])
  left.abort()
}
