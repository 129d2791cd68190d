import { lengthOf, type ScoredCue } from '../timeline/score.ts'
import type { Break } from './campaign.ts'

/** A day of a loop that has a break each minute; what comes later is planned when it is nearer. */
const MOST = 1_500
const SPOT = 15_000

/** A timeline, as far as breaks come from it. */
export interface BreakSource {
  loop: boolean
  cues: readonly ScoredCue[]
}

/** A time in which a timeline runs, or will. UTC ms. */
export interface Course {
  timeline: string
  /** When its position is 0. */
  zero: number
  from: number
  to: number
}

/** The break that a cue is when it begins at `at` (UTC ms); undefined: it is none. Pure. */
export function breakOf(timeline: string, { id, ads, duration }: ScoredCue, at: number): Break | undefined {
  if (!ads) return undefined
  const { spot: spotMs = SPOT } = ads
  return { id: `${timeline}/${id}/${Math.round(at)}`, at: Math.round(at), spots: Math.floor(duration / spotMs), spotMs }
}

/** The id of the same break by another clock. Pure. */
export const breakIdBy = (id: string, by: (at: number) => number): string =>
  id.replace(/\d+$/, at => `${by(Number(at))}`)

/** Breaks that begin while these timelines run, in order of time. Pure. */
export function breaksIn(courses: readonly Course[], sourceOf: (timeline: string) => BreakSource | undefined): Break[] {
  const all = courses.flatMap(({ timeline, zero, from, to }) => {
    const source = sourceOf(timeline)
    if (!source) return []
    const every = source.loop ? lengthOf(source.cues) : Number.POSITIVE_INFINITY
    return source.cues.flatMap(cue => {
      if (!cue.ads) return []
      return startsOf(zero + cue.start, every, from, to).flatMap(at => breakOf(timeline, cue, at) ?? [])
    })
  })
  return all.toSorted((a, b) => a.at - b.at).slice(0, MOST)
}

function startsOf(first: number, every: number, from: number, to: number): number[] {
  const starts: number[] = []
  let at = first < from && every < Number.POSITIVE_INFINITY ? first + Math.ceil((from - first) / every) * every : first
  for (; at >= from && at < to && starts.length < MOST; at += every) starts.push(at)
  return starts
}
