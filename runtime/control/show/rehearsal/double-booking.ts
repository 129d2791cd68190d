import { VistterError } from '../../../contract/errors.ts'
import { type Clock, rfc3339 } from '../../../lib/clock.ts'
import { inSlices } from '../../../lib/slices.ts'
import { bookingsBetween, calendarOf, type Slot } from '../schedule/calendar.ts'
import { type Window, windowsBetween } from '../schedule/windows.ts'
import { doubleBookings } from './claims.ts'
import { dayOf, type Kept, orderOf } from './day.ts'
import { type Finding, Findings } from './findings.ts'
import type { House } from './house.ts'
import type { RunningOrder } from './running-order.ts'

/** So far ahead windows that meet are looked for (ms), and so many of them are gone through: weeks are much alike. */
const AHEAD = 366 * 86_400_000
const MOST = 14

interface Deps {
  house(): House
  timelines(): Kept[]
  slots(): Slot[]
  clock: Clock
}

/** Keeps schedules from being saved that would send a camera to two places at once. */
export class DoubleBooking {
  private readonly deps: Deps

  constructor(deps: Deps) {
    this.deps = deps
  }

  /** A schedule that is to be saved. Throws CAMERA_DOUBLE_BOOKED. */
  async admit(slot: Slot): Promise<void> {
    const others = this.deps.slots().filter(({ schedule }) => schedule !== slot.schedule)
    await this.check(slot, others, this.deps.timelines())
  }

  /** A timeline with other cues than the ones that are kept. Throws CAMERA_DOUBLE_BOOKED. */
  async admitTimeline(id: string, body: Kept['body']): Promise<void> {
    const timelines = this.deps.timelines().map(each => (each.id === id ? { ...each, body } : each))
    const slots = this.deps.slots()
    for (const slot of slots)
      if (slot.timeline === id)
        await this.check(
          slot,
          slots.filter(other => other !== slot),
          timelines,
        )
  }

  private async check(slot: Slot, others: Slot[], timelines: Kept[]): Promise<void> {
    const { house, clock } = this.deps
    const facts = house()
    const orders = new Map(timelines.map(each => [each.id, orderOf(each, facts)]))
    const mine = orders.get(slot.timeline)
    const rivals = others.filter(other => mine && quarrel(mine, orders.get(other.timeline)))
    for (const { from, to } of meetings(slot, rivals, clock.now())) {
      const calendar = calendarOf(bookingsBetween([slot, ...others], from, to))
      const { acts } = dayOf({ timelines, calendar, feeds: [], house: facts, from, to })
      const findings = new Findings()
      for (const act of acts.filter(({ order }) => order.timeline === slot.timeline))
        for (const other of acts)
          if (rivals.some(({ timeline }) => timeline === other.order.timeline))
            await inSlices(doubleBookings([{ act }, { act: other }], findings), clock)
      const [first] = findings.told().findings
      if (first) throw refusal(first, slot.site.timezone)
    }
  }
}

/** Whether they may ever want one camera at two presets. A tour gives way to a show. */
function quarrel(one: RunningOrder, other: RunningOrder | undefined): boolean {
  if (!other || other.timeline === one.timeline) return false
  const tours = [one, other].filter(({ program }) => program === undefined).length
  if (tours === 1 || (tours === 0 && one.program === other.program)) return false
  return one.shots.some(({ turn }) =>
    other.shots.some(({ turn: rival }) => turn && rival?.camera === turn.camera && rival.preset !== turn.preset),
  )
}

/** When a slot is open together with one of the others, the first times. */
function meetings(slot: Slot, others: readonly Slot[], now: number): Window[] {
  if (others.length === 0) return []
  const until = now + AHEAD
  const theirs = others.flatMap(({ hours, site }) => windowsBetween(hours, site, now, until))
  const mine = windowsBetween(slot.hours, slot.site, now, until)
  const spans = mine.flatMap(({ from, to }) =>
    theirs.flatMap(other =>
      other.from < to && from < other.to ? [{ from: Math.max(now, from, other.from), to: Math.min(to, other.to) }] : [],
    ),
  )
  return spans.sort((a, b) => a.from - b.from).slice(0, MOST)
}

function refusal({ detail, at, to, timeline, cue }: Finding, timeZone: string): VistterError {
  const when = new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'medium' }).format(at)
  const extra = { timeline, cue, at: rfc3339(at), to: rfc3339(to) }
  return new VistterError('CAMERA_DOUBLE_BOOKED', `${detail} The first time is ${when} (${timeZone}).`, extra)
}
