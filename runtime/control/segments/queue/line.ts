import { type Entry, endOf, type Placed } from './entry.ts'

/** What is this near to its beginning is not moved any more (ms): its cues are on their way to the mixer. */
const LOCK = 1_500
/** So much is laid out in advance (ms), should nobody look for a while; and so many cues. */
const AHEAD = 60_000
const MOST_CUES = 4_500
/** How long what is over is remembered (ms): its overlays end with it. */
const PAST = 2_000
/** How long the slate stands in for what cannot be shown (ms). */
export const STAND_IN = 5_000

/** What an entry comes to: how long it is and how many cues it has, or why it cannot be shown. */
export type Measure = { length: number; cues: number } | { problem: string }

/** What is on air or about to be, and what may still be moved. Pure. */
export function split(placed: readonly Placed[], position: number): { locked: Placed[]; free: Entry[] } {
  const near = placed.filter(({ from }) => from <= position + LOCK)
  const last = near.length - 1
  return {
    locked: near.filter((each, n) => n === last || endOf(each) > position - PAST),
    free: comingOf(placed, position + LOCK),
  }
}

/** Gives entries their places behind those that are locked, and leaves those that are far off to wait. Pure. */
export function lineUp(
  locked: readonly Placed[],
  entries: readonly Entry[],
  measure: (entry: Entry) => Measure,
  position: number,
): { placed: Placed[]; waiting: Entry[] } {
  const placed = [...locked]
  let cursor = placeBehind(locked.at(-1), position)
  let cues = 0
  for (const [n, entry] of entries.entries()) {
    const found = measure(entry)
    const faulty = 'problem' in found
    cues += faulty ? 1 : found.cues
    const first = placed.length === locked.length
    if (!first && (cursor > position + AHEAD || cues > MOST_CUES)) return { placed, waiting: [...entries.slice(n)] }
    placed.push({
      ...entry,
      from: cursor,
      length: faulty ? STAND_IN : found.length,
      ...(faulty && { problem: found.problem }),
    })
    cursor += faulty ? STAND_IN : found.length
  }
  return { placed, waiting: [] }
}

/** Right behind the one before; what would begin too soon for the mixer to hear of it in time comes a moment later. */
function placeBehind(last: Placed | undefined, position: number): number {
  if (!last) return 0
  const end = endOf(last)
  return end > position + LOCK ? end : Math.ceil(Math.max(end, position) + LOCK)
}

/** Those whose time has not come. Pure. */
export const comingOf = (placed: readonly Placed[], position: number): Entry[] =>
  entriesOf(placed.filter(({ from }) => from > position))

/** The one whose time it is. Pure. */
export const currentOf = (placed: readonly Placed[], position: number): Placed | undefined =>
  placed.find(each => each.from <= position && position < endOf(each))

/** Without their places. */
export const entriesOf = (placed: readonly Placed[]): Entry[] =>
  placed.map(({ id, n, segment, name, addedAt, addedBy }) => ({ id, n, segment, name, addedAt, addedBy }))
