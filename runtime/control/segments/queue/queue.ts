import { asVistterError, VistterError } from '../../../contract/errors.ts'
import type { FlowQueued, FlowState } from '../../../contract/flow-state.ts'
import type { SegmentQueue, SegmentQueueEntry } from '../../../contract/generated/openapi.v1.ts'
import { newId } from '../../../lib/ids.ts'
import { Turns } from '../../../lib/turns.ts'
import { type Actor, type Operations, operation, type Recorder, type Shelf, type ShowTime } from '../../ports.ts'
import type { Stage } from '../stage.ts'
import { Course, EARLY } from './course.ts'
import { type Due, type Entry, endOf, type QueueBody } from './entry.ts'
import { KeptQueue } from './kept.ts'
import { Layout, type Material } from './layout.ts'
import { OnAir } from './on-air.ts'
import { arranged, without } from './order.ts'
import { shownQueue } from './shown.ts'

interface Deps {
  shelf: Shelf<QueueBody>
  stage: Stage
  /** Of segments that are kept. Both throw NOT_FOUND. */
  nameOf(segment: string): string
  material(segment: string, actor: Actor): Promise<Material>
  clock: ShowTime
  record: Recorder
  /** What people see of it may have changed. */
  touched(): void
}

const MOST = 20
/** It is looked at this often at the latest (ms), and right after each of its moments. */
const EVERY = 2_000
const SOON = 20

/** Segments one after another on a program, then what ruled it before. On air it is a timeline like any other. */
export class SegmentsInTurn {
  private readonly turns = new Turns()
  private readonly kept: KeptQueue
  private readonly layout: Layout
  private readonly course: Course
  private timer: NodeJS.Timeout | undefined
  private stopped = false
  private stuck = ''
  private readonly deps: Deps

  constructor(deps: Deps) {
    const { stage, clock, material } = deps
    this.deps = deps
    this.kept = new KeptQueue(deps.shelf, deps.record)
    const onAir = new OnAir(stage)
    this.layout = new Layout({ onAir, material })
    this.course = new Course({ kept: this.kept, stage, layout: this.layout, onAir, clock })
  }

  start(): void {
    void this.look()
  }

  stop(): void {
    this.stopped = true
    clearTimeout(this.timer)
  }

  operations(): Operations {
    return {
      getQueue: operation(() => this.shown()),
      queueSegment: operation(({ params, actor }) => this.ask(() => this.add(params.id ?? '', actor))),
      playSegment: operation<{ at?: string } | undefined>(({ params, body, actor }) =>
        this.ask(() => this.play(params.id ?? '', body?.at, actor)),
      ),
      startQueue: operation(({ actor }) => this.ask(() => this.release(actor))),
      stopQueue: operation(({ actor }) => this.ask(() => this.halt(actor))),
      skipInQueue: operation(({ actor }) => this.ask(() => this.skip(actor))),
      orderQueue: operation<{ entries: string[] }>(({ body }) => this.ask(() => this.reorder(body.entries))),
      removeFromQueue: operation(async ({ params, actor }) => {
        await this.ask(() => this.takeOut(params.id ?? ''))
        this.kept.note('queue.changed', 'A segment was taken out of the queue.', actor)
      }),
    }
  }

  shown(): SegmentQueue {
    const { clock } = this.deps
    return shownQueue(this.kept.body, this.layout.measures, { now: clock.now(), off: clock.off })
  }

  forFlow(): NonNullable<FlowState['queue']> {
    const { held, playing, entries } = this.shown()
    return { held, ...(playing && { playing: toldOf(playing) }), waiting: entries.map(toldOf) }
  }

  /** On air, or so soon that it cannot be changed. */
  isPlaying(segment: string): boolean {
    const position = this.deps.clock.now() - (this.kept.body.run?.zero ?? 0)
    return this.course.locked().some(each => endOf(each) > position && each.segment === segment)
  }

  private async add(segment: string, actor: Actor): Promise<void> {
    const entry = await this.entry(segment, actor)
    this.admit(this.course.rest().length)
    await this.kept.change({ waiting: [...this.kept.body.waiting, entry] })
    this.kept.note('queue.added', `The segment ${entry.name} was put into the queue.`, actor, entry)
  }

  private async play(segment: string, at: string | undefined, actor: Actor): Promise<void> {
    const entry = await this.entry(segment, actor)
    const { clock } = this.deps
    const moment = at === undefined ? 0 : clock.of(Date.parse(at))
    if (moment <= clock.now() + EARLY) return this.course.begin([entry, ...this.course.rest()], actor)
    this.admit(this.due.length)
    await this.kept.change({ due: [...this.due, { entry, at: moment, actor }].sort((a, b) => a.at - b.at) })
  }

  private admit(count: number): void {
    if (count >= MOST)
      throw new VistterError('CONFLICT', `${MOST} segments wait in the queue already: remove one first.`)
  }

  private get due(): Due[] {
    return this.kept.body.due ?? []
  }

  /** Has its time, or is as good as on air: whoever sends all that is shown names it, too. */
  private isFixed(id: string): boolean {
    return this.isDue(id) || this.course.locked().some(each => each.id === id)
  }

  private isDue(id: string): boolean {
    return this.due.some(({ entry }) => entry.id === id)
  }

  private async takeOut(id: string): Promise<void> {
    if (this.isDue(id)) await this.kept.change({ due: this.due.filter(({ entry }) => entry.id !== id) })
    else await this.arrange(waiting => without(waiting, id))
  }

  private async release(actor: Actor): Promise<void> {
    const { error: _, ...body } = this.kept.body
    await this.kept.write({ ...body, held: false })
    if (!body.run && body.waiting.length > 0) await this.course.begin(body.waiting, actor)
  }

  private async halt(actor: Actor): Promise<void> {
    const { due: _, ...body } = this.kept.body
    await this.kept.write({ ...body, held: true })
    if (body.run) await this.course.leave(body.run, actor)
    this.kept.note('queue.stopped', 'The segment queue was stopped.', actor)
  }

  private async skip(actor: Actor): Promise<void> {
    const { run, held } = this.kept.body
    if (!run) throw new VistterError('CONFLICT', 'No segment of the queue is on air.')
    const rest = this.course.rest()
    if (held || rest.length === 0) await this.course.leave(run, actor)
    else if (!(await this.course.skip(actor))) await this.course.begin(rest, actor)
  }

  private reorder(entries: readonly string[]): Promise<void> {
    const named = entries.filter(id => !this.isFixed(id))
    return this.arrange(waiting => arranged(waiting, named))
  }

  /** Only what waits: what is on air, or about to be, stays where it is. */
  private async arrange(change: (waiting: Entry[]) => Entry[]): Promise<void> {
    const after = change(this.course.movable())
    const placed = this.course.locked()
    const { run, ...body } = this.kept.body
    await this.kept.write({ ...body, waiting: after, ...(run && { run: { ...run, placed } }) })
  }

  private async entry(segment: string, actor: Actor): Promise<Entry> {
    const name = this.deps.nameOf(segment)
    const { clock } = this.deps
    const n = this.kept.body.n + 1
    await this.kept.change({ n })
    return { id: newId(), n, segment, name, addedAt: clock.told(clock.now()), addedBy: actor.name }
  }

  private async look(): Promise<void> {
    try {
      await this.ask(async () => {})
      this.stuck = ''
    } catch (thrown) {
      const { message } = asVistterError(thrown)
      // Every two seconds the same is no news.
      if (message !== this.stuck) this.kept.fail(`The segment queue cannot go on: ${message}`)
      this.stuck = message
    }
  }

  /** Does what is asked, and then what has come to be due, one after another. */
  private ask(work: () => Promise<void>): Promise<SegmentQueue> {
    return this.turns.run('queue', async () => {
      clearTimeout(this.timer)
      try {
        await work()
        await this.course.settle()
        return this.shown()
      } finally {
        if (!this.stopped) this.timer = setTimeout(() => void this.look(), this.wait())
        this.deps.touched()
      }
    })
  }

  private wait(): number {
    const { run } = this.kept.body
    const now = this.deps.clock.now()
    const moments = run ? run.placed.flatMap(each => [run.zero + each.from, run.zero + endOf(each)]) : []
    moments.push(...this.due.map(({ at }) => at - EARLY))
    const soonest = Math.min(now + EVERY, ...moments.filter(moment => moment > now).map(moment => moment + SOON))
    return Math.max(SOON, soonest - now)
  }
}

const toldOf = ({ id, segment, name, at, until, problem }: SegmentQueueEntry): FlowQueued => ({
  ...{ id, segment, name },
  ...(at !== undefined && { at }),
  ...(until !== undefined && { until }),
  ...(problem !== undefined && { problem }),
})
