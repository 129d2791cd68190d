import type { Event, Timeline } from '../../runtime/contract/generated/openapi.v1.ts'
import { until } from './run.ts'
import type { Stage } from './stage.ts'

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

  async state(): Promise<Timeline['state']> {
    return (await this.stage.api.get<Timeline>(`/timelines/${this.timeline}`)).state
  }

  /** Ms from the request until the engine tells of the first frame that shows the source. */
  async picture(request: () => Promise<unknown>, source: string): Promise<number> {
    const asked = Date.now()
    await request()
    const found = await until(`${source} is told to be on air`, async () => {
      const events = await this.stage.api.get<Event[]>('/events?type=program.taken&limit=3')
      return events.find(
        ({ time, data }) => Date.parse(time) >= asked && (data as { source?: string } | undefined)?.source === source,
      )
    })
    return Date.parse(found.time) - asked
  }

  steer(what: string, body: object = {}): Promise<unknown> {
    return this.stage.api.post(`/timelines/${this.timeline}/${what}`, body)
  }

  /** Ms until the engine says that the override is in force; `stop`: that no stream goes out. */
  async override(kind: string): Promise<number> {
    const { api } = this.stage
    const asked = performance.now()
    await api.post('/program/override', { kind, reason: 'a test' })
    if (kind === 'stop')
      await until('nothing goes out', async () => (await this.stage.destination()).state.status === 'idle', {
        everyMs: 5,
      })
    const took = performance.now() - asked
    await api.delete('/program/override')
    return took
  }
}
