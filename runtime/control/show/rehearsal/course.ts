import type { RunningOrder, Shot } from './running-order.ts'

/** A running order at its time. UTC ms. */
export interface Act {
  order: RunningOrder
  /** When its position is 0. */
  zero: number
  from: number
  to: number
}

/** One time that a shot is shown, as far as its act lasts. UTC ms. */
export interface Airing {
  shot: Shot
  from: number
  to: number
}

/** The first and the last round in which a part of a round is seen, and how often that is; undefined: never. Pure. */
export function roundsOf({ order, zero, from, to }: Act, start: number, end: number) {
  const { loop, length } = order
  if (end <= start || to <= from) return undefined
  if (!loop || length <= 0) {
    const seen = zero + start < to && zero + end > from
    return seen ? { first: 0, last: 0, count: 1 } : undefined
  }
  const first = Math.max(0, Math.floor((from - zero - end) / length) + 1)
  const last = Math.ceil((to - zero - start) / length) - 1
  return last < first ? undefined : { first, last, count: last - first + 1 }
}

/** When a part of a round is seen in a round. */
export function spanIn({ order, zero, from, to }: Act, start: number, end: number, round: number) {
  const base = zero + round * order.length
  return { from: Math.max(from, base + start), to: Math.min(to, base + end) }
}

/** The airings of some shots in the order in which they begin, one at a time: a day may have a million. `shots`: in order. */
export function* airings(act: Act, shots: readonly Shot[]): Generator<Airing, void, void> {
  const { order, zero, from, to } = act
  if (shots.length === 0) return
  const ends = Math.max(...shots.map(({ end }) => end))
  const rounds = roundsOf(act, shots[0]?.start ?? 0, ends)
  if (!rounds) return
  for (let round = rounds.first; round <= rounds.last; round++) {
    const base = zero + round * order.length
    for (const shot of shots) {
      if (base + shot.start >= to) break
      const span = { from: Math.max(from, base + shot.start), to: Math.min(to, base + shot.end) }
      if (span.to > span.from) yield { shot, ...span }
    }
  }
}
