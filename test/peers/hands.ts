import type { Event, Timeline } from '../../runtime/contract/generated/openapi.v1.ts'
import { until } from './run.ts'
import type { Stage } from './stage.ts'

/** Ms from a request to its first frame. */
export const SEEN_WITHIN = 200
/** A machine that is busy with other tests is late by itself: the best of so many tries counts. */
const TRIES = 3

/** What people do to a show on a whole appliance, and how long it takes until viewers see it. */
export class Hands {
  private readonly stage: Stage
  timeline = ''

  constructor(stage: Stage) {
    this.stage = stage
  }

  /** A show of the camera and the slate in long cues, the camera first. */
  async begin(): Promise<void> {
    const { api, cameraId } = this.stage
    const cues = [
      { id: 'camera', start: 0, duration: 600_000, camera: cameraId },
      { id: 'slate', start: 600_000, duration: 600_000, camera: 'slate' },
    ]
    this.timeline = (await api.post<Timeline>('/timelines', { name: 'Day', loop: true, cues })).id
    await api.post(`/timelines/${this.timeline}/start`)
    await until('the first cue is on air', async () => (await this.state()).cue?.since)
    await this.stage.sourceIs(cameraId)
  }

  /** Ms until each of the things that people do is seen, the best of some tries. */
  async times(when: string): Promise<Record<string, number>> {
    const { api, cameraId: camera } = this.stage
    const best: Record<string, number> = {}
    const note = (what: string, ms: number) => {
      best[`${what}, ${when}`] = Math.min(ms, best[`${what}, ${when}`] ?? Number.POSITIVE_INFINITY)
    }
    for (let tries = 0; tries < TRIES; tries++) {
      note('skip', await this.picture(() => this.steer('skip', { reason: when }), 'slate'))
      note('jump', await this.picture(() => this.steer('jump', { cue: 'camera' }), camera))
      note('take', await this.picture(() => api.post('/program/take', { source: 'slate', reason: when }), 'slate'))
      note('give back', await this.picture(() => api.delete('/program/take'), camera))
      for (const kind of ['slate', 'hold', 'pause-overlays']) note(kind, await this.override(kind))
      if (Object.values(best).every(ms => ms <= SEEN_WITHIN)) break
    }
    return best
  }

  async state(): Promise<Timeline['state']> {
    return (await this.stage.api.get<Timeline>(`/timelines/${this.timeline}`)).state
  }

  /** Ms from the request to the first frame that shows the source, by the engine's own clock of frames. */
  private async picture(request: () => Promise<unknown>, source: string): Promise<number> {
    const asked = Date.now()
    await request()
    const shown = await until(`${source} is told to be on air`, async () => {
      const taken = await this.told<{ take: string; latencyMs: number }>('program.taken')
      const takes = await this.told<{ id: string; source: string; at?: number; askedAt: number }>('program.take')
      const take = takes.find(each => each.askedAt >= asked && each.source === source)
      const seen = taken.find(each => each.take === take?.id)
      return take && seen && { at: (take.at ?? take.askedAt) + seen.latencyMs }
    })
    return Math.round(shown.at - asked)
  }

  private async told<Data>(type: string): Promise<Data[]> {
    const events = await this.stage.api.get<Event[]>(`/events?type=${type}&limit=5`)
    return events.map(({ data }) => data as Data)
  }

  private steer(what: string, body: object = {}): Promise<unknown> {
    return this.stage.api.post(`/timelines/${this.timeline}/${what}`, body)
  }

  /** Ms until the engine says that the override is in force. */
  private async override(kind: string): Promise<number> {
    const asked = performance.now()
    await this.stage.api.post('/program/override', { kind, reason: 'a test' })
    const took = Math.round(performance.now() - asked)
    await this.stage.api.delete('/program/override')
    return took
  }
}
