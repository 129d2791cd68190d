import type { SegmentQueue, SegmentQueueEntry } from '../../../contract/generated/openapi.v1.ts'
import { rfc3339 } from '../../../lib/clock.ts'
import { type Entry, endOf, type Placed, type QueueBody } from './entry.ts'
import { currentOf, type Measure, STAND_IN } from './line.ts'

/** The queue for people, whose clock is `off` ms ahead of that of its times. Pure. */
export function shownQueue(
  { held, waiting, run, due = [], error }: QueueBody,
  measures: ReadonlyMap<string, Measure>,
  { now: by, off }: { now: number; off: number },
): SegmentQueue {
  const { placed = [], before } = run ?? {}
  const [zero, now] = [(run?.zero ?? 0) + off, by + off]
  const current = currentOf(placed, now - zero)
  const later = placed.filter(each => each !== current && endOf(each) > now - zero)
  const plain = (entry: Entry) => entryOf(entry, measures.get(entry.segment))
  const timed = due.map(({ entry, at }) => ({ ...plain(entry), at: rfc3339(at + off) }))
  return {
    held,
    playing: current ? placedOf(current, zero) : null,
    entries: [...later.map(each => placedOf(each, zero)), ...timed, ...waiting.map(plain)],
    after: before?.name ?? null,
    ...(error && { error }),
  }
}

const common = ({ id, segment, name, addedAt, addedBy }: Entry) => ({
  ...{ id, segment, name, addedAt: rfc3339(addedAt), addedBy },
})

function placedOf(placed: Placed, zero: number): SegmentQueueEntry {
  const { from, length, problem } = placed
  const times = { duration: length, at: rfc3339(zero + from), until: rfc3339(zero + from + length) }
  return { ...common(placed), ...times, ...(problem !== undefined && { problem }) }
}

function entryOf(entry: Entry, measure: Measure | undefined): SegmentQueueEntry {
  if (!measure) return { ...common(entry), duration: 0 }
  if ('problem' in measure) return { ...common(entry), duration: STAND_IN, problem: measure.problem }
  return { ...common(entry), duration: measure.length }
}
