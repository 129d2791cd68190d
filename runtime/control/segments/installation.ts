import type { NewTimeline } from '../../contract/generated/openapi.v1.ts'
import type { Actor } from '../ports.ts'
import type { Stage } from './stage.ts'

/** What a segment puts into the show, piece by piece; what cannot be finished is taken back, so that its last version stays whole. */
export class Installation {
  private readonly back: (() => Promise<unknown>)[] = []
  private readonly stage: Stage
  private readonly actor: Actor

  constructor(stage: Stage, actor: Actor) {
    this.stage = stage
    this.actor = actor
  }

  /** In the place of the one that it had, if that is still there. Answers its id. */
  async timeline(score: NewTimeline, before?: { timeline: string; score: NewTimeline }): Promise<string> {
    const { stage, actor } = this
    const id = await stage.putTimeline(before?.timeline, score, actor)
    this.back.push(() =>
      before?.timeline === id ? stage.putTimeline(id, before.score, actor) : stage.removeTimeline(id, actor),
    )
    return id
  }

  async overlay(id: string, document: object): Promise<void> {
    const { stage, actor } = this
    const before = await stage.overlay(id, actor)
    await stage.putOverlay(id, document, actor)
    this.back.push(() => (before ? stage.putOverlay(id, before, actor) : stage.removeOverlay(id, actor)))
  }

  async undo(): Promise<void> {
    for (const step of this.back.splice(0).reverse()) await step().catch(() => {}) // somebody has changed it meanwhile
  }
}
