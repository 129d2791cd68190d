import { asVistterError } from '../../../contract/errors.ts'
import { type Clock, rfc3339, sleep } from '../../../lib/clock.ts'
import { Turns } from '../../../lib/turns.ts'
import type { Actor, Recorder, Shelf } from '../../ports.ts'
import type { Course } from '../timeline/run.ts'
import type { Timelines } from '../timeline/timelines.ts'
import { type Booking, bookingsBetween, isOpen, type Slot, winnerOf } from './calendar.ts'
import type { Book, ScheduleBody } from './schedules.ts'
import type { Window } from './windows.ts'

/** Windows begin and end with a minute: they are looked at shortly before (ms). */
const AHEAD = 6_000
/** How soon it is tried again while somebody has control (ms). */
const AGAIN = 1_000

const THE_SCHEDULE: Actor = { kind: 'system', name: 'its schedule', role: 'operator' }

/** The hours in which a schedule has started its timeline; `yields`: another one of its program rules meanwhile. */
export interface Ran extends Window {
  yields?: true
}

interface Deps {
  shelf: Shelf<ScheduleBody>
  timelines: Pick<Timelines, 'play' | 'halt' | 'course' | 'isRunning'>
  /** Of those that are switched on. */
  slots(): Slot[]
  book: Pick<Book, 'owe'>
  clock: Clock
  record: Recorder
}

/** Starts timelines at their hours, where they would be by now, and ends them. Who stops one by hand has stopped it until its next window. */
export class Traffic {
  private readonly turns = new Turns()
  private readonly ending = new AbortController()
  private retry: NodeJS.Timeout | undefined
  /** By schedule, the window in which it was told last that somebody has control. */
  private readonly refused = new Map<string, number>()
  /** Those that cannot be started, since when (UTC ms). */
  private readonly failing = new Map<string, { timeline: string; window: Window; since: number; why: string }>()
  private readonly deps: Deps

  constructor(deps: Deps) {
    this.deps = deps
  }

  stop(): void {
    this.ending.abort()
    clearTimeout(this.retry)
  }

  /** Starts what is to run by the next minute, and ends what is over. */
  look(): Promise<void> {
    return this.turns.run('look', async () => {
      if (!this.ending.signal.aborted) await this.compare()
    })
  }

  private async compare(): Promise<void> {
    const { shelf, clock, slots } = this.deps
    const now = clock.now()
    const soon = now + AHEAD
    const near = bookingsBetween(slots(), now, soon + 1)
    const edges = near.flatMap(({ window: { from, to } }) => [from, to]).filter(at => at > now && at <= soon)
    const turn = Math.max(now, ...edges)
    const open = near.filter(each => isOpen(each, turn))
    const winners = open.filter(each => wins(each, open))
    // Somebody has set the clock back: what it has not come to yet has not run.
    for (const { id, body } of shelf.list()) if (body.ran && body.ran.from > soon) await this.keep(id, undefined)
    for (const booking of open) await this.prolong(booking)
    for (const booking of open) if (!winners.includes(booking)) await this.giveWay(booking)
    const present = near.filter(each => isOpen(each, now))
    for (const booking of winners) await this.raise(booking, wins(booking, present) ? now : turn)
    for (const { id, body } of shelf.list()) if (body.ran && body.ran.to <= soon) this.end(id, body.ran).catch(() => {}) // it was deleted meanwhile
    for (const [id, { window }] of this.failing) if (window.to <= now) this.settle(id, window.to)
  }

  /** What runs goes on where its hours were changed. */
  private async prolong({ schedule, timeline, window }: Booking): Promise<void> {
    const ran = this.ran(schedule)
    if (!ran || ran.to <= this.deps.clock.now()) return
    const goesOn = ran.from === window.from || ran.yields || this.deps.timelines.isRunning(timeline)
    if (goesOn) await this.keep(schedule, { ...window, ...(ran.yields && { yields: true }) })
  }

  /** One that runs comes back when the other one is over; one that somebody has stopped does not. */
  private async giveWay({ schedule, timeline, window }: Booking): Promise<void> {
    const begun = this.ran(schedule)?.from === window.from
    if (begun && this.deps.timelines.isRunning(timeline)) await this.keep(schedule, { ...window, yields: true })
  }

  /** `at`: UTC ms, from which on it rules. */
  private async raise({ schedule, timeline, window }: Booking, at: number): Promise<void> {
    const { timelines, record } = this.deps
    const ran = this.ran(schedule)
    if (ran?.from === window.from && !ran.yields) return
    const course = timelines.course(timeline)
    const position = course && positionIn(course, at - window.from)
    try {
      const goesOn = ran?.yields && timelines.isRunning(timeline)
      if (!goesOn && position !== undefined) await this.play(timeline, at, position)
      await this.keep(schedule, window)
      this.settle(schedule, at)
    } catch (thrown) {
      // It is tried again the next minute; each failure is told, because nothing runs meanwhile.
      const { code, message: why } = asVistterError(thrown)
      if (!this.failing.has(schedule)) this.failing.set(schedule, { timeline, window, since: at, why })
      if (code === 'CONTROL_HELD') this.again()
      if (code === 'CONTROL_HELD' && this.refused.get(schedule) === window.from) return
      this.refused.set(schedule, window.from)
      const message = `The schedule of ${course?.name ?? timeline} could not start it: ${why}`
      record({ type: 'schedule.failed', severity: 'error', message, data: { schedule, cause: code } })
    }
  }

  /** What could not be started until a moment is owed until then. */
  private settle(schedule: string, at: number): void {
    const failed = this.failing.get(schedule)
    this.failing.delete(schedule)
    if (!failed) return
    const { timeline, window, since, why } = failed
    this.deps.book.owe({ timeline, zero: window.from, from: since, to: Math.min(at, window.to) }, why)
  }

  private async play(timeline: string, at: number, position: number): Promise<void> {
    const { timelines, clock } = this.deps
    const start = at > clock.now() ? { at: rfc3339(at) } : {}
    await timelines.play(timeline, { ...start, ...(position > 0 && { position }) }, THE_SCHEDULE)
  }

  private async end(id: string, { from, to }: Window): Promise<void> {
    const { timelines, shelf, clock } = this.deps
    await sleep(to - clock.now(), this.ending.signal)
    const { timeline, ran } = shelf.find(id)?.body ?? {}
    // It was prolonged, or somebody else has ended it.
    if (this.ending.signal.aborted || timeline === undefined || ran?.from !== from || ran.to !== to) return
    if (!ran.yields && timelines.isRunning(timeline) && !(await this.halt(timeline))) return this.again()
    await this.keep(id, undefined)
  }

  /** False: somebody has control. */
  private halt(timeline: string): Promise<boolean> {
    const halted = this.deps.timelines.halt(timeline, THE_SCHEDULE).then(() => true)
    return halted.catch(thrown => asVistterError(thrown).code !== 'CONTROL_HELD') // else it was deleted
  }

  /** Whoever has control gives it back at some time, and what was to be then is done soon after. */
  private again(): void {
    clearTimeout(this.retry)
    if (!this.ending.signal.aborted) this.retry = setTimeout(() => this.look().catch(() => {}), AGAIN) // it looks again in a minute
  }

  private ran(schedule: string): Ran | undefined {
    return this.deps.shelf.find(schedule)?.body.ran
  }

  private async keep(id: string, ran: Ran | undefined): Promise<void> {
    const before = this.ran(id)
    if (before?.from === ran?.from && before?.to === ran?.to && before?.yields === ran?.yields) return
    if (!this.deps.shelf.find(id)) return
    await this.deps.shelf.write(id, present => {
      const { ran: _, ...body } = present?.body ?? this.gone(id)
      return { body: ran ? { ...body, ran } : body }
    })
  }

  private gone(id: string): never {
    throw new Error(`the schedule ${id} was deleted meanwhile`)
  }
}

const wins = (booking: Booking, open: readonly Booking[]): boolean =>
  open.includes(booking) &&
  (booking.program === undefined || winnerOf(open.filter(({ program }) => program === booking.program)) === booking)

/** Where it is by now, had it begun with its window; undefined: it is over. */
function positionIn({ loop, length }: Course, elapsed: number): number | undefined {
  if (elapsed <= 0) return 0
  if (loop) return length > 0 ? elapsed % length : 0
  return elapsed < length ? elapsed : undefined
}
