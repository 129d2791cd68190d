import { VistterError } from '../../contract/errors.ts'
import type {
  Camera,
  NewTimeline,
  Preview,
  PreviewStart,
  Program,
  Timeline,
  TimelineStart,
} from '../../contract/generated/openapi.v1.ts'
import { rfc3339 } from '../../lib/clock.ts'
import type { Actor, Operations, ShowTime } from '../ports.ts'

/** What segments ask of the show: the same operations, with the same checks, as people; in times of the show's own clock. */
export class Stage {
  private readonly operations: () => Operations
  private readonly time: Pick<ShowTime, 'of' | 'told'>

  constructor(operations: () => Operations, time: Pick<ShowTime, 'of' | 'told'>) {
    this.operations = operations
    this.time = time
  }

  /** Undefined: there is none. */
  async overlay(id: string, actor: Actor): Promise<object | undefined> {
    return this.ask<object>('getOverlay', id, actor).catch(unlessMissing)
  }

  async putOverlay(id: string, document: object, actor: Actor): Promise<void> {
    await this.ask('putOverlay', id, actor, document)
  }

  removeOverlay(id: string, actor: Actor): Promise<void> {
    return forgiving(this.ask('removeOverlay', id, actor))
  }

  /** Changes the timeline, or adds one where there is none. Answers its id. */
  async putTimeline(id: string | undefined, timeline: NewTimeline, actor: Actor): Promise<string> {
    const known = id !== undefined && (await this.timeline(id, actor)) !== undefined
    const kept = known
      ? await this.ask<Timeline>('changeTimeline', id, actor, timeline)
      : await this.ask<Timeline>('addTimeline', '', actor, timeline)
    return kept.id
  }

  removeTimeline(id: string, actor: Actor): Promise<void> {
    return forgiving(this.ask('removeTimeline', id, actor))
  }

  /** Undefined: somebody has deleted it. */
  async timeline(id: string, actor: Actor): Promise<Timeline | undefined> {
    const found = await this.ask<Timeline>('getTimeline', id, actor).catch(unlessMissing)
    return found && this.counted(found)
  }

  async timelines(actor: Actor): Promise<Timeline[]> {
    return (await this.ask<Timeline[]>('listTimelines', '', actor)).map(timeline => this.counted(timeline))
  }

  async startTimeline(id: string, { at, ...request }: TimelineStart, actor: Actor): Promise<Timeline> {
    const start = { ...request, ...(at !== undefined && { at: rfc3339(this.time.told(Date.parse(at))) }) }
    return this.counted(await this.ask<Timeline>('startTimeline', id, actor, start))
  }

  async jumpTimeline(id: string, position: number, actor: Actor): Promise<Timeline> {
    return this.counted(await this.ask<Timeline>('jumpTimeline', id, actor, { position }))
  }

  private counted({ state: { zeroAt, ...state }, ...timeline }: Timeline): Timeline {
    const zero = zeroAt === undefined ? {} : { zeroAt: rfc3339(this.time.of(Date.parse(zeroAt))) }
    return { ...timeline, state: { ...state, ...zero } }
  }

  stopTimeline(id: string, actor: Actor): Promise<Timeline> {
    return this.ask<Timeline>('stopTimeline', id, actor)
  }

  previewTimeline(id: string, request: PreviewStart, actor: Actor): Promise<Preview> {
    return this.ask<Preview>('previewTimeline', id, actor, request)
  }

  async program(id: string, actor: Actor): Promise<Program> {
    const { time, ...program } = await this.ask<Program>('getProgramById', id, actor)
    return { ...program, time: rfc3339(this.time.of(Date.parse(time))) }
  }

  async isCamera(id: string, actor: Actor): Promise<boolean> {
    return (await this.ask<Camera[]>('listCameras', '', actor)).some(camera => camera.id === id)
  }

  take(program: string, source: string, actor: Actor): Promise<Program> {
    return this.ask<Program>('takeById', program, actor, { source })
  }

  private async ask<Answer>(operationId: string, id: string, actor: Actor, body?: unknown): Promise<Answer> {
    const operation = this.operations()[operationId]
    if (!operation) throw new Error(`nobody does ${operationId}`)
    return (await operation({ params: { id }, query: { strict: false }, body, actor })) as Answer
  }
}

function unlessMissing(error: unknown): undefined {
  if (!(error instanceof VistterError && error.code === 'NOT_FOUND')) throw error
}

const forgiving = (work: Promise<unknown>): Promise<void> => work.then(() => {}, unlessMissing)
