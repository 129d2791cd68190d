import type { TimelineState } from '../../../contract/generated/openapi.v1.ts'
import { sleep } from '../../../lib/clock.ts'
import type { ShowTime } from '../../ports.ts'
import { Performance } from './performance.ts'
import { OUTAGE } from './planned.ts'
import { Progress } from './progress.ts'
import { beginsAt, extended, type Hold, jumped, positionAt, type Run, type Running, released, stateOf } from './run.ts'
import { cueAt, hasPicture, lengthOf, type Moment, nextMoment, nextPicture } from './score.ts'

/** How long before its time a moment is dealt with (ms): takes and plays carry `at`. */
const LEAD = 600
/** What the news of a jump needs to the mixer (ms); people see it within 200. */
const JUMP_LEAD = 100
/** How long before its cue a camera that nobody sees is sent at the latest (ms). */
const PREPARE = 8_000

type Deps = ConstructorParameters<typeof Progress>[1] &
  Omit<ConstructorParameters<typeof Performance>[0], 'progress'> & {
    /** When another timeline takes its program over (UTC ms). */
    until(): number | undefined
    /** Its first picture is due then (UTC ms). */
    begins(at: number): void
    clock: ShowTime
  }

/** One timeline in its course: waits for each moment, and has its cues performed a little ahead of their time. */
export class Playhead {
  /** Ends what was begun of a stretch that is left by a jump, or with the timeline. */
  private leg = new AbortController()
  /** Ends a wait: what comes next, or when, has changed. */
  private pause = new AbortController()
  private joined = false
  /** Where it goes it shall be when that is on air, and not so much further. */
  private lands = false
  /** What is joined was extended by more than it has lasted: so much longer (ms) it stays once it is there. */
  private owed = 0
  private readonly progress: Progress
  private readonly performance: Performance
  private readonly deps: Deps

  constructor(run: Run, deps: Deps) {
    this.deps = deps
    this.progress = new Progress(run, deps)
    this.performance = new Performance({ ...deps, progress: this.progress })
  }

  get program(): string | undefined {
    return this.progress.run.program
  }

  /** Ends with the timeline or with stop(). */
  async follow(): Promise<void> {
    while (!this.progress.stopped) {
      const { signal } = this.leg
      if (this.joined) await this.advance(signal)
      else await this.join(signal)
    }
  }

  /** When its first picture is due (UTC ms); undefined: it is under way. */
  get beginsAt(): number | undefined {
    return beginsAt(this.progress.run)
  }

  /** As it stands it is kept: the next start of control goes on from there. */
  stop(): void {
    this.progress.stop()
    this.leg.abort()
    this.pause.abort()
  }

  /** Its picture stays; its overlays end. */
  async finish(): Promise<void> {
    this.stop()
    await this.performance.endAll()
    await this.progress.end()
  }

  state(): TimelineState {
    const { run, timeline } = this.progress
    const { clock } = this.deps
    return stateOf(timeline, run, this.performance.picture, { now: clock.now(), off: clock.off })
  }

  /** To a position of the present round, at once. */
  async jump(position: number): Promise<void> {
    const { run, timeline } = this.progress
    const length = lengthOf(timeline.cues)
    const round = timeline.loop ? Math.max(0, Math.floor(positionAt(run, this.deps.clock.now()) / length)) : 0
    await this.land(round * length + position)
  }

  /** To the next cue, at once; from the last one to the end. */
  async skip(): Promise<void> {
    const { run, timeline } = this.progress
    const { handled = 0 } = run
    const next = nextPicture(timeline, handled)?.since ?? nextMoment(timeline, handled)?.position
    await this.land(next ?? lengthOf(timeline.cues))
  }

  /** What is under way gets longer, and all that follows is so much later. */
  async extend(ms: number): Promise<void> {
    await this.bend(extended(this.progress.run, ms))
  }

  /** What is under way stays; held once more, it is held by these words. */
  async hold(hold: Omit<Hold, 'since'>): Promise<void> {
    const { run } = this.progress
    await this.bend({ ...run, held: { since: run.held?.since ?? this.deps.clock.now(), ...hold } })
  }

  async release(): Promise<void> {
    await this.bend(released(this.progress.run, this.deps.clock.now()))
  }

  /** What is under way is shown again: somebody had put something else there. */
  async rejoin(): Promise<void> {
    await this.goAgain(this.present)
  }

  /** Its cues were changed: what is under way by the new ones is shown at once. */
  async edited(before: Running): Promise<void> {
    const { timeline } = this.progress
    const { present } = this
    const seen = (score: Running) => JSON.stringify(cueAt(score, present.position))
    if (this.joined && present.position >= 0 && seen(before) !== seen(timeline)) await this.goAgain(present)
    else this.wake()
  }

  /** Where nothing moves by going there: it will be there by then. Never before what is under way, however much that was extended. */
  private get present(): { position: number; owed: number } {
    const { run } = this.progress
    const position = positionAt(run, this.soon)
    const owed = Math.max(0, (run.handled ?? position) - position)
    return { position: position + owed, owed }
  }

  private async goAgain({ position, owed }: { position: number; owed: number }): Promise<void> {
    const gone = this.goTo(position, this.progress.run.held)
    this.owed = owed
    await gone
  }

  private get soon(): number {
    return Math.ceil(this.deps.clock.now() + JUMP_LEAD)
  }

  private land(position: number): Promise<void> {
    const gone = this.goTo(position)
    this.lands = true
    return gone
  }

  private async goTo(position: number, held?: Hold): Promise<void> {
    const { progress, performance } = this
    this.leg.abort()
    this.leg = new AbortController()
    this.joined = false
    this.lands = false
    this.owed = 0
    const at = this.soon
    const kept = progress.set({ ...jumped(progress.run, position, at), ...(held && { held: { ...held, since: at } }) })
    performance.expect(position)
    this.wake()
    await kept
  }

  /** Other times for what is under way and what follows. */
  private async bend(run: Run): Promise<void> {
    const kept = this.progress.set(run)
    this.wake()
    await this.performance.retime()
    await kept
  }

  /** What it waits for may be another moment now. */
  wake(): void {
    this.pause.abort()
    this.pause = new AbortController()
    if (this.progress.stopped) this.pause.abort()
  }

  /** Begins in the middle: where it was told to, or where it is by now after an interruption. */
  private async join(leg: AbortSignal): Promise<void> {
    const { progress, deps, performance } = this
    const { run, timeline } = progress
    const { handled, joining, zero } = run
    const now = deps.clock.now()
    const position = positionAt(run, now)
    const next = nextMoment(timeline, handled)
    const missed = joining === undefined && handled !== undefined && next !== undefined && next.position < position
    if (missed) performance.missed(handled, position, OUTAGE)
    // What waited for a camera goes on waiting: its time has not passed.
    if (joining !== undefined && zero + joining < now) progress.shift(now - joining - zero)
    const where = joining ?? (missed ? position : undefined)
    if (where === undefined) performance.see(handled, leg)
    else {
      const moment = await this.await(momentOf(timeline, where))
      if (!moment) return
      const begins = this.beginsAt
      if (begins !== undefined) deps.begins(begins)
      await performance.join(moment, leg, this.lands)
    }
    if (leg.aborted) return
    this.joined = true
    const { owed } = this
    this.owed = 0
    if (owed > 0) await this.extend(owed)
  }

  private async advance(leg: AbortSignal): Promise<void> {
    const { run, timeline } = this.progress
    const { signal } = this.pause
    if (run.held) {
      await sleep((run.held.until ?? Number.POSITIVE_INFINITY) - this.deps.clock.now(), signal)
      return signal.aborted ? undefined : this.release()
    }
    const moment = nextMoment(timeline, run.handled)
    const until = this.deps.until() ?? Number.POSITIVE_INFINITY
    if (!moment) return this.end(Math.min(until, run.zero + (run.handled ?? 0)))
    // Whoever comes next ends it then; until then it shows what it shows.
    if (run.zero + moment.position >= until) return sleep(Number.POSITIVE_INFINITY, signal)
    const due = await this.await(moment)
    if (due) await this.performance.perform(due, leg)
  }

  private async end(at: number): Promise<void> {
    const { signal } = this.pause
    await sleep(at - this.deps.clock.now(), signal)
    if (signal.aborted) return
    await this.finish()
    this.performance.ended()
  }

  /**
   * Waits for the time to deal with it; cameras that nobody sees turn, and the flow takes up its cues meanwhile. Answers them as the
   * flow has made them; undefined: something has changed.
   */
  private async await(moment: Moment): Promise<Moment | undefined> {
    const { position, starts } = moment
    const { player, clock } = this.deps
    const { signal } = this.pause
    const { zero, program } = this.progress.run
    const due = zero + position
    const picture = starts.find(hasPicture)
    const preset = picture && program !== undefined && player.presetOf(picture, program)
    if (preset) {
      await sleep(due - PREPARE - clock.now(), signal)
      if (!signal.aborted) player.prepare(preset, 'cue')
    }
    const made = await this.performance.takeOver(moment, due - LEAD, signal)
    return signal.aborted ? undefined : made
  }
}

/** All that is under way at a position, as if it began there. */
function momentOf(timeline: Running, position: number): Moment {
  const { picture, overlays } = cueAt(timeline, position)
  const starts = new Set([...(picture ? [picture] : []), ...overlays].map(({ cue }) => cue))
  return { position, starts: [...starts], ends: [] }
}
