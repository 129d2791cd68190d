import { VistterError } from '../../runtime/contract/errors.ts'
import type { NewTimeline, SegmentQueue, Timeline } from '../../runtime/contract/generated/openapi.v1.ts'
import { type Actor, type Operations, operation } from '../../runtime/control/ports.ts'
import type { QueueBody } from '../../runtime/control/segments/queue/entry.ts'
import { SegmentsInTurn } from '../../runtime/control/segments/queue/queue.ts'
import { Stage } from '../../runtime/control/segments/stage.ts'
import type { TimelineBody } from '../../runtime/control/show/timeline/run.ts'
import { memoryShelf } from '../peers/shelf.ts'
import { clock, ShowStage } from './show-stage.ts'

const anna: Actor = { kind: 'user', name: 'anna', role: 'operator' }

/** The queue over real timelines, with an engine that shows takes on time. */
export class QueueStage {
  show: ShowStage
  queue: SegmentsInTurn
  private readonly shelves = {
    live: memoryShelf<object>(),
    timelines: memoryShelf<TimelineBody>(),
    queue: memoryShelf<QueueBody>(),
  }
  private readonly segments = new Map<string, { timeline: string; duration: number }>()

  constructor() {
    this.show = this.makeShow()
    this.queue = this.makeQueue()
  }

  async begin(): Promise<void> {
    await this.show.wire()
    this.queue.start()
  }

  /** Control dies, and is back after so long (ms). */
  async again(away = 0): Promise<void> {
    this.queue.stop()
    this.show.timelines.stop()
    await this.show.pass(away)
    const { lines, events } = this.show
    this.show = this.makeShow()
    this.show.lines.push(...lines)
    this.show.events.push(...events)
    this.show.timelines.start()
    this.queue = this.makeQueue()
    this.queue.start()
  }

  end(): void {
    this.queue.stop()
    this.show.timelines.stop()
  }

  async segment(name: string, body: Partial<NewTimeline>, duration = 0): Promise<void> {
    const { id } = await this.show.timeline('add', { name, cues: [], ...body })
    this.segments.set(name, { timeline: id, duration })
  }

  remove(name: string): void {
    this.segments.delete(name)
  }

  async ask(name: string, id = '', body?: object): Promise<SegmentQueue> {
    const operate = this.queue.operations()[name]
    if (!operate) throw new Error(`there is no operation ${name}`)
    return (await operate({ params: { id }, query: {}, body, actor: anna })) as SegmentQueue
  }

  told(type: string): string[] {
    return this.show.events.filter(event => event.type === type).map(({ message }) => message)
  }

  private makeShow(): ShowStage {
    return new ShowStage(this.shelves.live, ['main'], this.shelves.timelines)
  }

  private makeQueue(): SegmentsInTurn {
    const found = (name: string) => {
      const segment = this.segments.get(name)
      if (!segment) throw new VistterError('NOT_FOUND', `There is no segment ${name}.`)
      return segment
    }
    const stage = new Stage(() => this.operations(), clock)
    return new SegmentsInTurn({
      ...{ shelf: this.shelves.queue, stage, clock, record: event => this.show.events.push(event), touched: () => {} },
      nameOf: name => found(name) && name,
      material: async (name, actor) => {
        const { timeline, duration } = found(name)
        return { duration, timeline: (await stage.timeline(timeline, actor)) as Timeline }
      },
    })
  }

  private operations(): Operations {
    const { show } = this
    return {
      ...show.timelines.operations(),
      ...show.program.operations(),
      ...show.shots.operations(),
      listCameras: operation(() => Object.keys(show.heads).map(id => ({ id, name: id }))),
    }
  }
}
