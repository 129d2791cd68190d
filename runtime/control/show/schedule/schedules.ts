import { type Job, scheduleJob } from 'node-schedule'
import { VistterError } from '../../../contract/errors.ts'
import type { FlowState } from '../../../contract/flow.ts'
import type { CalendarWindow, NewSchedule, Schedule, SchedulePatch } from '../../../contract/generated/openapi.v1.ts'
import { type Clock, rfc3339 } from '../../../lib/clock.ts'
import { newId } from '../../../lib/ids.ts'
import { mergePatch } from '../../../lib/merge-patch.ts'
import { type Operations, operation, type Recorder, type Shelf, type Stored } from '../../ports.ts'
import { OUTAGE } from '../timeline/planned.ts'
import type { Timelines } from '../timeline/timelines.ts'
import { type Owed, owedSince } from './arrears.ts'
import { bookingsBetween, calendarOf, type Entry, type Slot } from './calendar.ts'
import { type Ran, Traffic } from './traffic.ts'
import { WallClock } from './wall-clock.ts'
import { needsSun, type Site, type Window, windowAt } from './windows.ts'

type Glimpse = NonNullable<FlowState['schedules']>[number]

export type ScheduleBody = NewSchedule & { enabled: boolean; ran?: Ran }

/** Shortly before each minute, because windows begin and end with one. */
const EVERY_MINUTE = '55 * * * * *'
/** The sun need not be asked at each change of the show (ms). */
const TOLD_FOR = 1_000
/** What a calendar shows where it is not told, and at the most (ms). */
const WEEK = 7 * 86_400_000
const MOST = 35 * 86_400_000

/** What is kept of what ran, and of what did not. Times in UTC ms. */
export interface Book {
  /** When schedules were looked at last, in an earlier life or this one. */
  readonly lookedAt: number | undefined
  setLookedAt(at: number): Promise<void>
  /** A timeline that was running when the appliance went away, and was over at this time: it does not go on. */
  callOff(timeline: string, at: number): Promise<void>
  /** Nobody saw this. */
  owe(owed: Owed, why: string): void
}

interface Deps {
  shelf: Shelf<ScheduleBody>
  timelines: Pick<Timelines, 'play' | 'halt' | 'course' | 'isRunning'>
  site(): Site
  /** Throws what keeps one from being saved beside the others. */
  admit(slot: Slot): Promise<void>
  book: Book
  /** The clock was found right since the machine was switched on. */
  settled?: boolean
  clock: Clock
  record: Recorder
}

/** When timelines and tours run. */
export class Schedules {
  private job: Job | undefined
  private told: { at: number; list: Glimpse[] } | undefined
  private readonly traffic: Traffic
  private readonly wall: WallClock
  /** What happened while the appliance was away has been dealt with. */
  private back = false
  private stopped = false
  private readonly deps: Deps

  constructor(deps: Deps) {
    const { book, clock, record, settled = false } = deps
    this.deps = deps
    this.traffic = new Traffic({ ...deps, slots: () => this.slots() })
    this.wall = new WallClock({ clock, record, settled, lookedAt: () => book.lookedAt, stepped: () => this.setAnew() })
  }

  /** `goOn`: what ran in an earlier life goes on; not before it is known what the time is, and what is over by now. */
  start(goOn: () => void): void {
    this.wall.start()
    this.watch()
    this.wall.settled(() => {
      // Whatever an outage was about, what ran goes on.
      const back = this.comeBack().catch(() => {})
      void back.then(() => {
        if (this.stopped) return
        goOn()
        this.look()
      })
    })
  }

  stop(): void {
    this.stopped = true
    this.job?.cancel()
    this.wall.stop()
    this.traffic.stop()
  }

  operations(): Operations {
    return {
      listSchedules: operation(() => this.deps.shelf.list().map(schedule => this.shown(schedule))),
      addSchedule: operation<NewSchedule>(({ body, actor }) => this.add(body, actor.name)),
      getSchedule: operation(({ params }) => this.shown(this.stored(params.id))),
      changeSchedule: operation<SchedulePatch>(({ params, body, actor }) => this.change(params.id, body, actor.name)),
      removeSchedule: operation(({ params, actor }) => this.remove(params.id, actor.name)),
      showCalendar: operation<undefined, { from?: string; to?: string }>(({ query }) => this.calendar(query)),
    }
  }

  /** Those that are switched on, with the programs of their timelines. */
  slots(): Slot[] {
    return this.deps.shelf.list().flatMap(({ id, body }) => (body.enabled ? this.slotOf(id, body) : []))
  }

  private slotOf(id: string, body: ScheduleBody): Slot[] {
    const course = this.deps.timelines.course(body.timeline)
    const { timeline, priority = 0 } = body
    if (!course) return []
    return [{ schedule: id, timeline, program: course.program, priority, hours: body, site: this.siteOf(body) }]
  }

  /** What the flow is told. */
  glimpses(): Glimpse[] {
    const now = this.deps.clock.now()
    if (this.told && now >= this.told.at && now < this.told.at + TOLD_FOR) return this.told.list
    const list = this.deps.shelf.list().map(schedule => {
      const { id, timeline, enabled, open, next } = this.shown(schedule)
      return {
        id,
        timeline: { id: timeline, name: this.deps.timelines.course(timeline)?.name ?? timeline },
        enabled,
        open,
        next,
      }
    })
    this.told = { at: now, list }
    return list
  }

  /** node-schedule goes on counting from where the clock was: it would wait for hours, or run through all minutes since 1970. */
  private setAnew(): void {
    this.watch()
    this.look()
  }

  private watch(): void {
    this.job?.cancel()
    this.job = scheduleJob(EVERY_MINUTE, () => this.look())
  }

  /** Something that decides about what runs has changed. */
  look(): void {
    this.told = undefined
    if (!this.wall.isTrusted || this.stopped) return
    const { book, clock } = this.deps
    const looked = this.comeBack().then(() => this.traffic.look())
    // The store was closed, or a schedule deleted meanwhile: it looks again in a minute.
    looked.then(() => book.setLookedAt(clock.now())).catch(() => {})
  }

  /** After an outage: what is over does not go on, and what was not shown is owed. */
  private async comeBack(): Promise<void> {
    const { book, shelf, clock } = this.deps
    if (!this.wall.isTrusted || this.back) return
    this.back = true
    const { lookedAt } = book
    const now = clock.now()
    if (lookedAt !== undefined)
      for (const owed of owedSince(this.slots(), shelf.list(), lookedAt, now)) book.owe(owed, OUTAGE)
    for (const { body } of shelf.list()) {
      const { timeline, ran } = body
      if (ran && ran.to <= now && !ran.yields) await book.callOff(timeline, ran.to).catch(() => {}) // the disk is full
    }
  }

  /** Schedules of a timeline that is no more go with it. */
  async tidy(actor: string): Promise<void> {
    const { shelf, timelines } = this.deps
    for (const { id, body } of shelf.list()) {
      if (timelines.course(body.timeline)) continue
      await shelf.remove(id)
      this.note('schedule.removed', id, body, 'deleted with it', actor)
    }
  }

  private calendar({ from, to }: { from?: string; to?: string }): CalendarWindow[] {
    const begin = from === undefined ? this.deps.clock.now() : Date.parse(from)
    const end = to === undefined ? begin + WEEK : Date.parse(to)
    if (end <= begin) throw new VistterError('BAD_REQUEST', '/query/to: it is not after `from`.')
    if (end - begin > MOST) throw new VistterError('BAD_REQUEST', '/query/to: at most 35 days at once.')
    return calendarOf(bookingsBetween(this.slots(), begin, end)).map(entry => this.entry(entry))
  }

  private entry({ schedule, timeline, program, priority, window, parts }: Entry): CalendarWindow {
    const name = (id: string) => this.deps.timelines.course(id)?.name ?? id
    return {
      ...{ schedule, timeline, name: name(timeline), program: program ?? null, priority },
      ...told(window),
      winner: parts.every(({ winner }) => winner.schedule === schedule),
      parts: parts.map(({ from, to, winner }) => {
        return { ...told({ from, to }), schedule: winner.schedule, name: name(winner.timeline) }
      }),
    }
  }

  private async add(given: NewSchedule, actor: string): Promise<Schedule> {
    const body = this.checked({ enabled: true, ...given })
    const id = newId()
    await this.admit(id, body)
    await this.deps.shelf.write(id, () => ({ body }))
    this.note('schedule.added', id, body, 'added', actor)
    this.look()
    return this.shown(this.stored(id))
  }

  private async change(id: string | undefined, patch: SchedulePatch, actor: string): Promise<Schedule> {
    const schedule = this.stored(id)
    await this.admit(schedule.id, this.checked(mergePatch(schedule.body, patch)))
    await this.deps.shelf.write(schedule.id, present => {
      if (!present) throw missing(id)
      return { body: this.checked(mergePatch(present.body, patch)) }
    })
    this.note('schedule.changed', schedule.id, schedule.body, 'changed', actor)
    this.look()
    return this.shown(this.stored(id))
  }

  private async remove(id: string | undefined, actor: string): Promise<void> {
    const { id: known, body } = this.stored(id)
    await this.deps.shelf.remove(known)
    this.note('schedule.removed', known, body, 'deleted', actor)
    this.look()
  }

  private checked(body: ScheduleBody): ScheduleBody {
    const { timelines, site } = this.deps
    if (timelines.course(body.timeline) === undefined)
      throw new VistterError('UNKNOWN_REFERENCE', `There is no timeline ${body.timeline}.`)
    if (needsSun(body) && !site().location)
      throw new VistterError('SCHEDULE_NO_PLACE', 'Nobody knows when the sun rises and sets here.')
    if (body.timezone !== undefined && !isZone(body.timezone))
      throw new VistterError('BAD_REQUEST', `/timezone: "${body.timezone}" is not a time zone, such as Europe/Berlin.`)
    return body
  }

  private async admit(id: string, body: ScheduleBody): Promise<void> {
    for (const slot of body.enabled ? this.slotOf(id, body) : []) await this.deps.admit(slot)
  }

  private siteOf(body: ScheduleBody): Site {
    const site = this.deps.site()
    return { ...site, timezone: body.timezone ?? site.timezone }
  }

  private shown({ id, body: { ran: _, ...body } }: Stored<ScheduleBody>): Schedule {
    const now = this.deps.clock.now()
    const window = body.enabled ? windowAt(body, this.siteOf(body), now) : undefined
    const open = window !== undefined && window.from <= now
    return { id, ...body, priority: body.priority ?? 0, open, next: window ? told(window) : null }
  }

  private stored(id: string | undefined): Stored<ScheduleBody> {
    const schedule = this.deps.shelf.find(id ?? '')
    if (!schedule) throw missing(id)
    return schedule
  }

  private note(type: string, id: string, { timeline }: ScheduleBody, what: string, actor: string): void {
    const message = `A schedule of ${this.deps.timelines.course(timeline)?.name ?? timeline} was ${what}.`
    this.deps.record({ type, severity: 'info', message, actor, data: { schedule: id, timeline } })
  }
}

const told = ({ from, to }: Window) => ({ from: rfc3339(from), to: rfc3339(to) })

function isZone(timeZone: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone }) !== undefined
  } catch {
    return false
  }
}

const missing = (id: string | undefined) => new VistterError('NOT_FOUND', `There is no schedule ${id}.`)
