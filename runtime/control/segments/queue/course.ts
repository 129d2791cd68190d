import { asVistterError } from '../../../contract/errors.ts'
import type { Timeline } from '../../../contract/generated/openapi.v1.ts'
import { type Clock, rfc3339 } from '../../../lib/clock.ts'
import type { Actor } from '../../ports.ts'
import type { Stage } from '../stage.ts'
import { type Entry, endOf, type Run } from './entry.ts'
import type { KeptQueue } from './kept.ts'
import type { Layout } from './layout.ts'
import { comingOf, currentOf, entriesOf, split } from './line.ts'
import type { OnAir } from './on-air.ts'

interface Deps {
  kept: KeptQueue
  stage: Stage
  layout: Layout
  onAir: OnAir
  clock: Clock
}

/** What the end of its timeline may be off (ms). */
const NEAR = 500
/** A start for a later time is given so long before (ms): until then what is on air goes on. */
export const EARLY = 500
const ITSELF: Actor = { kind: 'system', name: 'the segment queue', role: 'operator' }

/** How the queue goes on: begins, follows its timeline, ends. One call at a time. */
export class Course {
  /** Its timeline as it was written last. */
  private written = ''
  private readonly deps: Deps

  constructor(deps: Deps) {
    this.deps = deps
  }

  /** Those that have not begun, in their order. */
  rest(): Entry[] {
    const { run, waiting } = this.deps.kept.body
    return [...(run ? comingOf(run.placed, this.position(run)) : []), ...waiting]
  }

  /** Those of them that may still be moved. */
  movable(): Entry[] {
    const { run, waiting } = this.deps.kept.body
    return [...(run ? split(run.placed, this.position(run)).free : []), ...waiting]
  }

  /** On air, or so soon that it is not moved any more. */
  locked() {
    const { run } = this.deps.kept.body
    return run ? split(run.placed, this.position(run)).locked : []
  }

  /** From their first frame on: at once, or at a time (UTC ms). What is on air of the queue ends. */
  async begin(entries: readonly Entry[], actor: Actor, at?: number): Promise<void> {
    const { kept, stage, onAir, clock, layout } = this.deps
    const { run: former, error: _, due: all = [], ...rest } = kept.body
    // Whoever begins is not due any more.
    const due = all.filter(({ entry }) => !entries.some(({ id }) => id === entry.id))
    const body = { ...rest, due }
    const { program = 'main', held } = body
    try {
      const before = former?.before ?? (await onAir.before(program, body.timeline, actor))
      const run = { zero: Math.max(at ?? 0, clock.now()), placed: [], before, actor }
      // Held, nothing follows what is played by hand.
      const [first, later] = held ? [entries.slice(0, 1), entries.slice(1)] : [entries, []]
      const { placed, waiting, timeline } = await layout.compose(run, first, -1, false)
      if (former && body.timeline !== undefined) await stage.stopTimeline(body.timeline, actor)
      const id = await stage.putTimeline(body.timeline, timeline, actor)
      const { state } = await stage.startTimeline(id, at === undefined ? {} : { at: rfc3339(at) }, actor)
      this.written = JSON.stringify(timeline)
      const zero = Date.parse(state.zeroAt ?? rfc3339(run.zero))
      const where = { timeline: id, program: state.program ?? program }
      await kept.write({ ...body, ...where, waiting: [...waiting, ...later], run: { ...run, zero, placed } })
    } catch (thrown) {
      const error = asVistterError(thrown)
      await kept.write({ ...body, held: true, waiting: [...entries], error: error.fault })
      kept.fail(`The segment queue could not begin: ${error.message}`)
      throw error
    }
  }

  /** At once to the next one. Answers whether that has its place already, and what is on air gives way. */
  async skip(actor: Actor): Promise<boolean> {
    const { kept, stage } = this.deps
    const { run, timeline } = kept.body
    const next = run?.placed.find(({ from }) => from > this.position(run))
    const there = timeline === undefined ? undefined : await stage.timeline(timeline, actor)
    if (!run || !next || there?.state.status !== 'running') return false
    await kept.change({ run: follows(run, await stage.jumpTimeline(there.id, next.from, actor)) })
    return true
  }

  /** Does what has come to be due. */
  async settle(): Promise<void> {
    const { kept, stage, layout, clock } = this.deps
    const { due: [next] = [], run, held, waiting, timeline } = kept.body
    const now = clock.now()
    if (next && now >= next.at - EARLY) return this.attempt([next.entry, ...this.rest()], next.actor, next.at)
    if (!run) {
      await layout.look(waiting, ITSELF)
      if (!held && waiting.length > 0) await this.attempt(waiting, ITSELF)
      return
    }
    const there = timeline === undefined ? undefined : await stage.timeline(timeline, run.actor)
    if (!there || there.state.status === 'idle') return this.over(run, now)
    await this.follow(follows(run, there), now)
  }

  /** At once what ruled before, instead of the queue. */
  async leave({ before }: Run, actor: Actor): Promise<void> {
    const { kept, stage, onAir, clock } = this.deps
    const waiting = this.rest()
    const { run: _, ...body } = kept.body
    const { timeline, program = 'main' } = body
    await kept.write({ ...body, waiting })
    if (timeline !== undefined) await stage.stopTimeline(timeline, actor)
    await onAir.putBack(before, program, clock.now(), actor)
  }

  private position({ zero }: Run): number {
    return this.deps.clock.now() - zero
  }

  /** What cannot begin is told, and kept. */
  private async attempt(entries: readonly Entry[], actor: Actor, at?: number): Promise<void> {
    await this.begin(entries, actor, at).catch(() => {})
  }

  private async follow(run: Run, now: number): Promise<void> {
    const { kept, layout, stage } = this.deps
    const { held, waiting: entries, timeline: id } = kept.body
    const position = now - run.zero
    const { placed, waiting, timeline } = await layout.compose(run, entries, position, held)
    const current = currentOf(placed, position)
    await kept.change({ run: { ...run, placed, ...(current && { told: current.id }) }, waiting })
    if (current && current.id !== run.told) this.tell(current, run.actor)
    if (!current && position >= Math.max(0, ...placed.map(endOf))) return this.finish(run)
    const text = JSON.stringify(timeline)
    if (text === this.written) return
    this.written = text
    await stage.putTimeline(id, timeline, run.actor)
  }

  /** Its timeline runs no more: it has come to its end, or somebody has taken the program. */
  private async over(run: Run, now: number): Promise<void> {
    const { kept } = this.deps
    const { run: _, ...body } = kept.body
    if (now - run.zero < Math.max(0, ...run.placed.map(endOf)) - NEAR) {
      // When it was stopped nobody said: what was not told to have begun has not.
      const told = run.placed.findIndex(({ id }) => id === run.told)
      await kept.write({ ...body, held: true, waiting: [...entriesOf(run.placed.slice(told + 1)), ...body.waiting] })
      return kept.note('queue.stopped', 'The segment queue was stopped: something else rules its program now.', ITSELF)
    }
    if (!body.held && body.waiting.length > 0) return this.attempt(body.waiting, run.actor)
    await this.finish(run)
  }

  private async finish({ before, actor }: Run): Promise<void> {
    const { kept, onAir, clock } = this.deps
    const { run: _, ...body } = kept.body
    await kept.write(body)
    kept.note('queue.ended', `The segment queue has ended; ${before.name} is on air again.`, actor)
    await onAir.resume(before, clock.now(), actor).catch(thrown => {
      kept.fail(`${before.name} could not go on after the segment queue: ${asVistterError(thrown).message}`)
    })
  }

  private tell(entry: Entry & { problem?: string }, actor: Actor): void {
    const { kept } = this.deps
    const { name, problem } = entry
    if (problem === undefined) kept.note('segment.played', `The segment ${name} has begun.`, actor, entry)
    else kept.fail(`The segment ${name} could not be shown, the slate stands in for it: ${problem}`, entry)
  }
}

const follows = (run: Run, { state: { zeroAt } }: Timeline): Run => ({
  ...run,
  ...(zeroAt !== undefined && { zero: Date.parse(zeroAt) }),
})
