import type { Event, Timeline } from '../../runtime/contract/generated/openapi.v1.ts'
import { systemClock } from '../../runtime/lib/clock.ts'
import { until } from './run.ts'
import type { Stage } from './stage.ts'

/** Ms from a request to its first frame. */
const SEEN_WITHIN = 200

/** A machine that is busy with other tests is late by itself now and then: then it is tried once more. */
const TRIES = 2

/** Ms that each try of each thing took, with Node-RED in each of its conditions. */
export type Took = Record<string, Record<string, number[]>>

const isLate = (tries: readonly number[]) => tries.length > 0 && Math.min(...tries) > SEEN_WITHIN

/** Each thing is to be in time in each condition, and most of the first tries. */
export const tooLate = (took: Took): string[] =>
  Object.entries(took).flatMap(([what, conditions]) => {
    const firsts = Object.values(conditions).map(([first = Number.NaN]) => first)
    const middle = firsts.toSorted((a, b) => a - b)[Math.floor(firsts.length / 2)] ?? Number.NaN
    const isWrong = !(middle <= SEEN_WITHIN) || Object.values(conditions).some(isLate)
    return isWrong ? [`${what}: ${JSON.stringify(conditions)}`] : []
  })

/** What people do to a show on a whole appliance, and how long it takes until viewers see it. */
export class Hands {
  private readonly stage: Stage
  timeline = ''
  readonly took: Took = {}

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

  /** Each of the things that people do, until it is seen. `when`: what Node-RED is at. */
  async all(when: string): Promise<void> {
    for (let tries = 0; tries < TRIES; tries++) {
      await this.each(when)
      if (!Object.values(this.took).some(({ [when]: took = [] }) => isLate(took))) return
    }
  }

  private async each(when: string): Promise<void> {
    const { api, cameraId: camera } = this.stage
    const note = (what: string, ms: number) => this.note(what, when, ms)
    note('skip', await this.picture(() => this.steer('skip', { reason: when }), 'slate'))
    note('jump', await this.picture(() => this.steer('jump', { cue: 'camera' }), camera))
    note('take', await this.picture(() => api.post('/program/take', { source: 'slate', reason: when }), 'slate'))
    note('give back', await this.picture(() => api.delete('/program/take'), camera))
    note('extend', await this.extend())
    for (const kind of ['slate', 'hold', 'pause-overlays']) note(kind, await this.override(kind))
  }

  /** An emergency stop, until the platform has lost its publisher; then the show goes on. */
  async emergency(when: string): Promise<void> {
    const { api, platform } = this.stage
    const last = platform.publishes.at(-1)
    const asked = systemClock.mono()
    await api.post('/program/override', { kind: 'stop', reason: when })
    const ended = await until('the platform has lost its publisher', () => last?.ended, { everyMs: 5 })
    this.note('stop', when, Math.round(ended - asked))
    await api.delete('/program/override')
    await this.stage.destinationIs('live')
  }

  private note(what: string, when: string, ms: number): void {
    const conditions = this.took[what] ?? {}
    this.took[what] = { ...conditions, [when]: [...(conditions[when] ?? []), ms] }
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

  /** Ms until the end of what is on air is another one. */
  private async extend(): Promise<number> {
    const end = async () => Date.parse((await this.state()).cue?.until ?? '')
    const before = await end()
    const asked = performance.now()
    await this.steer('extend', { ms: 1_000 })
    await until('it lasts longer', async () => (await end()) >= before + 1_000, { everyMs: 5 })
    return Math.round(performance.now() - asked)
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
