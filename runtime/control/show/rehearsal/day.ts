import type { TimelineState } from '../../../contract/generated/openapi.v1.ts'
import type { Entry } from '../schedule/calendar.ts'
import type { TimelineBody } from '../timeline/run.ts'
import type { Feed } from './claims.ts'
import type { Act } from './course.ts'
import type { Day, Overlap } from './dry-run.ts'
import type { House } from './house.ts'
import { type RunningOrder, runningOrder } from './running-order.ts'

/** A timeline as it is kept, and how far it is. */
export interface Kept {
  id: string
  body: TimelineBody
  program: string | undefined
  state: TimelineState
}

interface Given {
  timelines: readonly Kept[]
  /** Of the schedules. */
  calendar: readonly Entry[]
  feeds: readonly Omit<Feed, 'from' | 'to'>[]
  house: House
  from: number
  to: number
}

/** What schedules, and what runs already, make of a span (UTC ms). Pure. */
export function dayOf({ timelines, calendar, feeds, house, from, to }: Given): Day {
  const orders = new Map(timelines.map(each => [each.id, orderOf(each, house)]))
  const booked = calendar.flatMap(entry => {
    const order = orders.get(entry.timeline)
    return order ? [{ entry, order }] : []
  })
  const acts = booked.flatMap(({ entry, order }) => actsOf(entry, order, from, to))
  const running = timelines.flatMap(each => goingOn(each, orders.get(each.id), calendar, from, to))
  return {
    acts: [...acts, ...running.map(({ act }) => act)],
    overlaps: [
      ...booked.flatMap(({ entry, order }) => overlapsOf(entry, order, orders, from, to)),
      ...running.flatMap(({ overlap }) => (overlap ? [overlap] : [])),
    ],
    ...common({ timelines, feeds, house, from, to }),
  }
}

/** One timeline by itself, for a whole span. Pure. */
export function dayOfOne(one: Kept, { timelines, feeds, house, from, to }: Omit<Given, 'calendar'>): Day {
  const act = { order: orderOf(one, house), zero: from, from, to }
  return { acts: [act], overlaps: [], ...common({ timelines, feeds, house, from, to }) }
}

function common({ timelines, feeds, house, from, to }: Omit<Given, 'calendar'>): Omit<Day, 'acts' | 'overlaps'> {
  const cues = new Map(timelines.map(({ id, body }) => [id, body.cues]))
  return {
    cues: timeline => cues.get(timeline) ?? [],
    feeds: feeds.map(feed => ({ feed: { ...feed, from, to } })),
    house,
  }
}

export const orderOf = ({ id, body, program }: Kept, house: House): RunningOrder =>
  runningOrder({ id, ...body }, program, house)

/** Only where it wins. */
function actsOf({ schedule, window, parts }: Entry, order: RunningOrder, from: number, to: number): Act[] {
  return parts.flatMap(part => {
    const act = { order, zero: window.from, from: Math.max(part.from, from), to: Math.min(part.to, to) }
    return part.winner.schedule === schedule && act.to > act.from ? [act] : []
  })
}

function overlapsOf(
  { schedule, parts }: Entry,
  order: RunningOrder,
  orders: ReadonlyMap<string, RunningOrder>,
  from: number,
  to: number,
): Overlap[] {
  return parts.flatMap(({ winner, ...part }) => {
    const span = { from: Math.max(part.from, from), to: Math.min(part.to, to) }
    if (winner.schedule === schedule || span.to <= span.from) return []
    return [{ order, winner: orders.get(winner.timeline)?.name ?? winner.timeline, ...span }]
  })
}

/** What somebody has started goes on until a schedule of its program begins. */
function goingOn(
  { id, state }: Kept,
  order: RunningOrder | undefined,
  calendar: readonly Entry[],
  from: number,
  to: number,
): { act: Act; overlap?: Overlap }[] {
  const { status, zeroAt, held } = state
  if (!order || status === 'idle' || (zeroAt === undefined && !held)) return []
  if (calendar.some(({ timeline, window }) => timeline === id && window.from <= from)) return []
  const zero = held ? from - held.position : Date.parse(zeroAt ?? '')
  const begins = Math.max(from, zero)
  const rivals = calendar.filter(
    ({ program, window }) => program !== undefined && program === order.program && window.to > begins,
  )
  const next = rivals.toSorted((a, b) => a.window.from - b.window.from)[0]
  const ends = Math.min(to, next ? Math.max(begins, next.window.from) : to, order.loop ? to : zero + order.length)
  if (ends <= begins) return []
  const act = { order, zero, from: begins, to: ends }
  if (!next || next.window.from >= to || next.window.from > ends) return [{ act }]
  const overlap = { order, winner: `the schedule of ${next.timeline}`, from: ends, to: Math.min(to, next.window.to) }
  return [{ act, overlap }]
}
