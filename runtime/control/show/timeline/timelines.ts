import { asVistterError, VistterError } from '../../../contract/errors.ts'
import type {
  Cue,
  CueProblem,
  NewTimeline,
  Timeline,
  TimelinePatch,
  TimelineStart,
  TimelineState,
} from '../../../contract/generated/openapi.v1.ts'
import { rfc3339, sleep } from '../../../lib/clock.ts'
import { newId } from '../../../lib/ids.ts'
import { mergePatch } from '../../../lib/merge-patch.ts'
import { type Actor, type Operations, operation, type Stored } from '../../ports.ts'
import { bodyOf } from './body.ts'
import { checkEdition, editionOf, nextEdition } from './edition.ts'
import { playedOf, withFiller } from './filler.ts'
import { Playhead } from './playhead.ts'
import { problemsOf, programFor } from './readiness.ts'
import { resumed } from './resume.ts'
import type { Course, Run, TimelineBody } from './run.ts'
import { lengthOf } from './score.ts'
import { Steering } from './steering.ts'
import { givesWay, successionOf } from './succession.ts'
import type { TimelinesDeps } from './timelines-deps.ts'

export type TimelineGlimpse = Pick<Timeline, 'id' | 'name' | 'loop' | 'timing' | 'offAir' | 'state' | 'revision'> & {
  cue?: Cue
}

/** What the news of a first take needs to the mixer (ms). */
const START_LEAD = 300

/** The shows that are kept, and those that run: one at a time on each program, tours beside them. */
export class Timelines {
  private readonly playheads = new Map<string, Playhead>()
  private readonly steering: Steering
  private readonly deps: TimelinesDeps

  constructor(deps: TimelinesDeps) {
    this.deps = deps
    this.steering = new Steering({
      ...deps,
      find: id => this.stored(id),
      playheadOf: id => this.playheads.get(id),
      on: program => [...this.playheads].find(([, playhead]) => playhead.program === program)?.[0],
      shown: timeline => this.shown(timeline),
    })
  }

  /** What ran in an earlier life goes on. */
  start(): void {
    const begun = [...this.playheads.values()].map(({ program }) => program)
    for (const [id, run] of Object.entries(this.deps.runs.all)) {
      // Somebody has started another one meanwhile.
      const isLate = this.playheads.has(id) || (run.program !== undefined && begun.includes(run.program))
      if (this.deps.shelf.find(id) && !isLate) this.begin(id, resumed(run, this.deps.clock.now()))
    }
  }

  stop(): void {
    for (const playhead of this.playheads.values()) playhead.stop()
    this.playheads.clear()
  }

  operations(): Operations {
    return {
      listTimelines: operation(() => this.list()),
      addTimeline: operation<NewTimeline>(({ body, actor }) => this.add(newId(), body, actor.name)),
      // Of Studio, whose timelines keep their ids.
      putTimeline: operation<NewTimeline>(({ params: { id = '' }, body, actor }) =>
        this.deps.shelf.find(id) ? this.change(id, body, actor.name) : this.add(id, body, actor.name),
      ),
      getTimeline: operation(({ params }) => this.shown(this.stored(params.id))),
      changeTimeline: operation<TimelinePatch>(({ params, body, actor }) => this.change(params.id, body, actor.name)),
      removeTimeline: operation(({ params, actor }) => this.remove(params.id, actor.name)),
      startTimeline: operation<TimelineStart | undefined>(({ params, body, actor }) =>
        this.play(params.id, body ?? {}, actor),
      ),
      stopTimeline: operation(({ params, actor }) => this.halt(params.id, actor)),
      ...this.steering.operations(),
    }
  }

  list(): Timeline[] {
    return this.deps.shelf.list().map(timeline => this.shown(timeline))
  }

  /** Without their cues but the one on air: what changes of them. */
  glimpses(): TimelineGlimpse[] {
    return this.deps.shelf.list().map(({ id, body }) => {
      const { name, loop, timing, offAir, cues } = body
      const state = this.stateOf(id)
      const cue = state.cue && cues.find(each => each.id === state.cue?.id)
      return { id, name, loop, timing, offAir, state, revision: editionOf(body).revision, ...(cue && { cue }) }
    })
  }

  /** As they are kept, with their programs. */
  kept(): { id: string; body: TimelineBody; program: string | undefined; state: TimelineState }[] {
    return this.deps.shelf.list().map(({ id, body }) => {
      const program = this.deps.programOf({ id, name: body.name })
      return { id, body, program, state: this.stateOf(id) }
    })
  }

  private stateOf(id: string): TimelineState {
    const readiness = this.deps.readiness?.(id)
    return { ...(this.playheads.get(id)?.state() ?? { status: 'idle' }), ...(readiness && { readiness }) }
  }

  nameOf(id: string): string | undefined {
    return this.deps.shelf.find(id)?.body.name
  }

  course(id: string): Course | undefined {
    const body = this.deps.shelf.find(id)?.body
    if (!body) return undefined
    const { name, offAir, loop, cues } = body
    const program = offAir ? undefined : this.deps.programOf({ id, name })
    return { name, program, loop, length: lengthOf(cues) }
  }

  /** As people read it (UTC ms). */
  private get now(): number {
    const { clock } = this.deps
    return clock.told(clock.now())
  }

  isRunning(id: string): boolean {
    return this.playheads.has(id)
  }

  /** What no wire reaches any more does not run. */
  async followWires(): Promise<void> {
    for (const [id, { program }] of this.playheads) {
      const { name } = this.stored(id).body
      if (program === undefined || this.deps.programOf({ id, name }) === program) continue
      await this.end(id)
      this.note('timeline.stopped', id, `The timeline ${name} was stopped: no wire leads from it to ${program}.`)
    }
  }

  /** Starts it from its beginning, or at a position. */
  async play(id: string | undefined, { at, position = 0 }: TimelineStart, by: Actor): Promise<Timeline> {
    const timeline = this.stored(id)
    const { name, offAir, cues } = timeline.body
    const program = this.admit(timeline)
    if (position > 0 && position >= lengthOf(cues))
      throw new VistterError('BAD_REQUEST', `/position: ${name} ends at ${lengthOf(cues)} ms.`)
    if (!offAir) this.deps.control.ask(program, 'start', by)
    const { clock } = this.deps
    const now = clock.now()
    const soonest = Math.ceil(now + START_LEAD)
    const begins = Math.max(at === undefined ? 0 : clock.of(Date.parse(at)), soonest)
    const atOnce = begins === soonest
    await this.clear(timeline.id, offAir ? undefined : program, present => givesWay(present, begins, atOnce))
    const run: Run = {
      ...(!offAir && { program, sound: this.deps.player.soundOf(program) }),
      ...{ actor: by.name, startedAt: clock.told(now), zero: begins - position, joining: position, overlays: [] },
    }
    await this.deps.runs.keep(timeline.id, run)
    this.begin(timeline.id, run)
    const when = !atOnce ? ` for ${rfc3339(clock.told(begins))}` : ''
    this.note('timeline.started', timeline.id, `The timeline ${name} was started${when}.`, by.name)
    return this.shown(timeline)
  }

  /** Idempotent. */
  async halt(id: string | undefined, by: Actor): Promise<Timeline> {
    const timeline = this.stored(id)
    const playhead = this.playheads.get(timeline.id)
    if (playhead) {
      if (playhead.program !== undefined) this.deps.control.ask(playhead.program, 'stop', by)
      await this.end(timeline.id)
      this.note('timeline.stopped', timeline.id, `The timeline ${timeline.body.name} was stopped.`, by.name)
    }
    return this.shown(timeline)
  }

  private async add(id: string, given: NewTimeline, actor: string): Promise<Timeline> {
    const body = { ...bodyOf(given), ...nextEdition(undefined, actor, this.now) }
    await this.deps.shelf.write(id, () => ({ body }))
    this.note('timeline.added', id, `The timeline ${body.name} was added.`, actor)
    return this.shown(this.stored(id))
  }

  private async change(id: string | undefined, given: TimelinePatch, actor: string): Promise<Timeline> {
    const timeline = this.stored(id)
    const { revision, ...patch } = given
    const changed = ({ cues, ...body }: TimelineBody) => bodyOf(mergePatch({ ...body, cues: [...cues] }, patch))
    await this.deps.scheduled?.(timeline.id, changed(timeline.body))
    await this.deps.shelf.write(timeline.id, present => {
      if (!present) throw missing(id)
      checkEdition(present.body, revision)
      return { body: { ...changed(present.body), ...nextEdition(present.body, actor, this.now) } }
    })
    const message = `The timeline ${timeline.body.name} was changed: ${Object.keys(patch).join(', ')}.`
    this.note('timeline.changed', timeline.id, message, actor)
    await this.playheads.get(timeline.id)?.edited(playedOf(timeline))
    return this.shown(this.stored(id))
  }

  private async remove(id: string | undefined, actor: string): Promise<void> {
    const timeline = this.stored(id)
    const { name } = timeline.body
    if (this.playheads.has(timeline.id)) throw new VistterError('CONFLICT', `${name} is running: stop it first.`)
    await this.deps.shelf.remove(timeline.id)
    await this.deps.removed?.(actor)
    this.note('timeline.removed', timeline.id, `The timeline ${name} was deleted.`, actor)
  }

  /** Answers the program. Throws what keeps it from running. */
  private admit({ id, body }: Stored<TimelineBody>): string {
    const program = this.deps.programOf({ id, name: body.name })
    return programFor(body, program, this.problems(body, program))
  }

  private problems(body: TimelineBody, program = 'main'): CueProblem[] {
    return problemsOf(withFiller(body), this.deps.stock(program))
  }

  /** One timeline at a time runs on a program. */
  private async clear(id: string, program: string | undefined, leaves: (present: Playhead) => boolean): Promise<void> {
    for (const [other, playhead] of this.playheads) {
      const isRival = program !== undefined && playhead.program === program
      if (other === id || (isRival && leaves(playhead))) await this.end(other)
    }
  }

  /** What ran on its program ends with its first picture. */
  private async takeOver(id: string, own: Playhead, at: number): Promise<void> {
    await sleep(at - this.deps.clock.now())
    if (this.playheads.get(id) !== own || own.program === undefined) return
    for (const [other, playhead] of this.playheads)
      if (other !== id && playhead.program === own.program && givesWay(playhead, at, true)) await this.end(other)
  }

  private begin(id: string, run: Run): void {
    const { player, way, told, runs, clock, record, planned, missed, ads, touched } = this.deps
    const playhead: Playhead = new Playhead(run, {
      timeline: () => playedOf(this.stored(id)),
      ...{ player, way, told, clock, record, planned, missed, ads, touched },
      until: () => successionOf(playhead, this.playheads.values()),
      begins: at => void this.takeOver(id, playhead, at).catch(() => {}), // the store was closed
      keep: async kept => {
        await runs.keep(id, kept)
        if (!kept && this.playheads.get(id) === playhead) this.playheads.delete(id)
      },
    })
    this.playheads.set(id, playhead)
    this.wake(playhead.program)
    playhead.follow().catch(thrown => {
      const message = `The timeline ${this.nameOf(id) ?? id} broke off: ${asVistterError(thrown).message}`
      record({ type: 'timeline.failed', severity: 'error', message, data: { timeline: id } })
    })
    touched()
  }

  private async end(id: string): Promise<void> {
    const playhead = this.playheads.get(id)
    this.playheads.delete(id)
    this.wake(playhead?.program)
    await playhead?.finish()
    this.deps.touched()
  }

  /** Who comes next on a program may be another one. */
  private wake(program: string | undefined): void {
    for (const playhead of this.playheads.values())
      if (program !== undefined && playhead.program === program) playhead.wake()
  }

  private shown({ id, body }: Stored<TimelineBody>): Timeline {
    const program = this.deps.programOf({ id, name: body.name })
    return {
      id,
      ...body,
      ...editionOf(body),
      cues: [...body.cues],
      duration: lengthOf(body.cues),
      problems: this.problems(body, program),
      state: this.stateOf(id),
    }
  }

  private stored(id: string | undefined): Stored<TimelineBody> {
    const timeline = this.deps.shelf.find(id ?? '')
    if (!timeline) throw missing(id)
    return timeline
  }

  private note(type: string, id: string, message: string, actor?: string): void {
    this.deps.record({ type, severity: 'info', message, data: { timeline: id }, ...(actor !== undefined && { actor }) })
    this.deps.touched()
  }
}

const missing = (id: string | undefined) => new VistterError('NOT_FOUND', `There is no timeline ${id}.`)
