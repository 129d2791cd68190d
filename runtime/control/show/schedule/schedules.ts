import { type Job, scheduleJob } from 'node-schedule'
import { asVistterError, VistterError } from '../../../contract/errors.ts'
import type { NewSchedule, Schedule, SchedulePatch } from '../../../contract/generated/openapi.v1.ts'
import { type Clock, rfc3339, sleep } from '../../../lib/clock.ts'
import { newId } from '../../../lib/ids.ts'
import { mergePatch } from '../../../lib/merge-patch.ts'
import { type Operations, operation, type Recorder, type Shelf, type Stored } from '../../ports.ts'
import type { Timelines } from '../timeline/timelines.ts'
import { needsSun, type Site, type Window, windowAt } from './windows.ts'

/** `ran`: the hours in which it has started its timeline. */
export type ScheduleBody = NewSchedule & { enabled: boolean; ran?: Window }

/** Shortly before each minute, because windows begin and end with one. */
const EVERY_MINUTE = '55 * * * * *'
const AHEAD = 6_000

interface Deps {
  shelf: Shelf<ScheduleBody>
  timelines: Pick<Timelines, 'play' | 'halt' | 'nameOf' | 'isRunning'>
  site(): Site
  clock: Clock
  record: Recorder
}

/** Timelines and tours at their hours. Who stops one by hand has stopped it until its next window. */
export class Schedules {
  private job: Job | undefined
  private readonly ending = new AbortController()
  private readonly deps: Deps

  constructor(deps: Deps) {
    this.deps = deps
  }

  start(): void {
    this.job = scheduleJob(EVERY_MINUTE, () => void this.look())
    void this.look()
  }

  stop(): void {
    this.job?.cancel()
    this.ending.abort()
  }

  operations(): Operations {
    return {
      listSchedules: operation(() => this.deps.shelf.list().map(schedule => this.shown(schedule))),
      addSchedule: operation<NewSchedule>(({ body, actor }) => this.add(body, actor.name)),
      getSchedule: operation(({ params }) => this.shown(this.stored(params.id))),
      changeSchedule: operation<SchedulePatch>(({ params, body, actor }) => this.change(params.id, body, actor.name)),
      removeSchedule: operation(({ params, actor }) => this.remove(params.id, actor.name)),
    }
  }

  /** Starts what is to run by the next minute, and ends what is over. Never fails. */
  async look(): Promise<void> {
    const { shelf, clock } = this.deps
    for (const schedule of shelf.list()) {
      const window = this.windowOf(schedule.body)
      const soon = clock.now() + AHEAD
      const { enabled, ran } = schedule.body
      if (window && ran?.from === window.from) await this.keep(schedule.id, window)
      else if (window && enabled && window.from <= soon) await this.begin(schedule, window)
      const now = shelf.find(schedule.id)?.body.ran
      if (now && now.to <= soon) void this.end(schedule.id, now)
    }
  }

  private async begin({ id, body: { timeline } }: Stored<ScheduleBody>, window: Window): Promise<void> {
    const { timelines, clock } = this.deps
    try {
      const start = window.from > clock.now() ? { at: rfc3339(window.from) } : {}
      await timelines.play(timeline, start, 'its schedule')
      await this.keep(id, window)
    } catch (thrown) {
      // It is tried again the next minute; each failure is told, because nothing runs meanwhile.
      const { code, message: why } = asVistterError(thrown)
      const message = `The schedule of ${timelines.nameOf(timeline) ?? timeline} could not start it: ${why}`
      this.deps.record({ type: 'schedule.failed', severity: 'error', message, data: { schedule: id, cause: code } })
    }
  }

  private async end(id: string, { from, to }: Window): Promise<void> {
    const { timelines, shelf, clock } = this.deps
    await sleep(to - clock.now(), this.ending.signal)
    const { timeline, ran } = shelf.find(id)?.body ?? {}
    // It was prolonged, or somebody else has ended it.
    if (this.ending.signal.aborted || timeline === undefined || ran?.from !== from || ran.to !== to) return
    if (timelines.isRunning(timeline)) await timelines.halt(timeline, 'its schedule').catch(() => {}) // deleted
    await this.keep(id, undefined)
  }

  private async keep(id: string, ran: Window | undefined): Promise<void> {
    const before = this.deps.shelf.find(id)?.body.ran
    if (before?.from === ran?.from && before?.to === ran?.to) return
    await this.deps.shelf.write(id, present => {
      if (!present) throw missing(id)
      const { ran: _, ...body } = present.body
      return { body: ran ? { ...body, ran } : body }
    })
  }

  private async add(given: NewSchedule, actor: string): Promise<Schedule> {
    const body = this.checked({ enabled: true, ...given })
    const id = newId()
    await this.deps.shelf.write(id, () => ({ body }))
    this.note('schedule.added', id, body, 'added', actor)
    void this.look()
    return this.shown(this.stored(id))
  }

  private async change(id: string | undefined, patch: SchedulePatch, actor: string): Promise<Schedule> {
    const schedule = this.stored(id)
    await this.deps.shelf.write(schedule.id, present => {
      if (!present) throw missing(id)
      return { body: this.checked(mergePatch(present.body, patch)) }
    })
    this.note('schedule.changed', schedule.id, schedule.body, 'changed', actor)
    void this.look()
    return this.shown(this.stored(id))
  }

  private async remove(id: string | undefined, actor: string): Promise<void> {
    const { id: known, body } = this.stored(id)
    await this.deps.shelf.remove(known)
    this.note('schedule.removed', known, body, 'deleted', actor)
  }

  private checked(body: ScheduleBody): ScheduleBody {
    const { timelines, site } = this.deps
    if (timelines.nameOf(body.timeline) === undefined)
      throw new VistterError('UNKNOWN_REFERENCE', `There is no timeline ${body.timeline}.`)
    if (needsSun(body) && !site().location)
      throw new VistterError('SCHEDULE_NO_PLACE', 'Nobody knows when the sun rises and sets here.')
    if (body.timezone !== undefined && !isZone(body.timezone))
      throw new VistterError('BAD_REQUEST', `/timezone: "${body.timezone}" is not a time zone, such as Europe/Berlin.`)
    return body
  }

  private windowOf(body: ScheduleBody): Window | undefined {
    const site = this.deps.site()
    return windowAt(body, { ...site, timezone: body.timezone ?? site.timezone }, this.deps.clock.now())
  }

  private shown({ id, body: { ran: _, ...body } }: Stored<ScheduleBody>): Schedule {
    const window = body.enabled ? this.windowOf(body) : undefined
    const open = window !== undefined && window.from <= this.deps.clock.now()
    return { id, ...body, open, next: window ? { from: rfc3339(window.from), to: rfc3339(window.to) } : null }
  }

  private stored(id: string | undefined): Stored<ScheduleBody> {
    const schedule = this.deps.shelf.find(id ?? '')
    if (!schedule) throw missing(id)
    return schedule
  }

  private note(type: string, id: string, { timeline }: ScheduleBody, what: string, actor: string): void {
    const message = `A schedule of ${this.deps.timelines.nameOf(timeline) ?? timeline} was ${what}.`
    this.deps.record({ type, severity: 'info', message, actor, data: { schedule: id, timeline } })
  }
}

function isZone(timeZone: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone }) !== undefined
  } catch {
    return false
  }
}

const missing = (id: string | undefined) => new VistterError('NOT_FOUND', `There is no schedule ${id}.`)
