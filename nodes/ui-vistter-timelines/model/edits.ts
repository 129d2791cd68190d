import { areRivals, collisionsOf, type Draft, type DraftCue, endOf, hasPicture, LATEST, SHORTEST } from './cue.ts'
import { nearestWay } from './fit.ts'

/**
 * What people do to a timeline. All of it is pure, answers a new timeline, or the same one where nothing can be done, and
 * leaves no two rivals side by side.
 */

type Ids = ReadonlySet<string>

const inOrder = (cues: readonly DraftCue[]): DraftCue[] => cues.toSorted((a, b) => a.start - b.start)

const withCues = (draft: Draft, cues: readonly DraftCue[]): Draft => ({ ...draft, cues: inOrder(cues) })

const shifted = (cue: DraftCue, way: number): DraftCue => ({ ...cue, start: cue.start + way })

function parted(draft: Draft, is: (cue: DraftCue) => boolean): [DraftCue[], DraftCue[]] {
  return [draft.cues.filter(is), draft.cues.filter(cue => !is(cue))]
}

/** Moves cues together, as near to where they are wanted as there is room. */
export function moved(draft: Draft, ids: Ids, by: number): Draft {
  const [moving, fixed] = parted(draft, ({ id }) => ids.has(id))
  const way = moving.length === 0 ? 0 : (nearestWay(moving, fixed, Math.round(by)) ?? 0)
  return way === 0 ? draft : withCues(draft, [...fixed, ...moving.map(cue => shifted(cue, way))])
}

/** Puts new cues in, at their times moved by `by`, or as soon after as there is room. */
export function added(draft: Draft, cues: readonly DraftCue[], by = 0): Draft {
  if (cues.length === 0) return draft
  const wanted = Math.max(Math.round(by), -Math.min(...cues.map(({ start }) => start)))
  const way = nearestWay(cues, draft.cues, wanted, { least: wanted })
  return way === undefined ? draft : withCues(draft, [...draft.cues, ...cues.map(cue => shifted(cue, way))])
}

/** Takes cues out. `close`: what comes later moves up, as far as it can, by as much as they were long. */
export function removed(draft: Draft, ids: Ids, close = false): Draft {
  const [gone, rest] = parted(draft, ({ id }) => ids.has(id))
  if (gone.length === 0) return draft
  if (!close) return withCues(draft, rest)
  // From the last one on: what has moved up already keeps its place towards what comes later still.
  return gone
    .toSorted((a, b) => b.start - a.start)
    .reduce((cues, cue) => pulled(cues, endOf(cue), -cue.duration), withCues(draft, rest))
}

/** What begins at `from` or later moves by `way`, or as much of it as there is room for. */
function pulled(draft: Draft, from: number, way: number): Draft {
  const [later, before] = parted(draft, ({ start }) => start >= from)
  const bounds = way < 0 ? { least: way, greatest: 0 } : { least: 0, greatest: way }
  const real = later.length === 0 ? 0 : (nearestWay(later, before, way, bounds) ?? 0)
  return real === 0 ? draft : withCues(draft, [...before, ...later.map(cue => shifted(cue, real))])
}

export type Edge = 'start' | 'end'

/** Drags an edge of a cue to a time, as far as its rivals let it. `push`: what comes later makes room, or closes up. */
export function resized(draft: Draft, id: string, edge: Edge, to: number, push = false): Draft {
  const cue = draft.cues.find(each => each.id === id)
  if (!cue) return draft
  const rivals = draft.cues.filter(each => each.id !== id && areRivals(each, cue))
  const wanted = Math.round(to)
  if (edge === 'start') {
    const earliest = rivals.reduce((last, each) => (each.start < cue.start ? Math.max(last, endOf(each)) : last), 0)
    const start = Math.min(Math.max(wanted, earliest), endOf(cue) - SHORTEST)
    return replaced(draft, { ...cue, start, duration: endOf(cue) - start })
  }
  const before = endOf(cue)
  const latest = push
    ? LATEST
    : rivals.reduce((first, each) => (each.start > cue.start ? Math.min(first, each.start) : first), LATEST)
  const end = Math.max(Math.min(wanted, latest), cue.start + SHORTEST)
  const grown = { ...cue, duration: end - cue.start }
  if (!push) return replaced(draft, grown)
  if (end < before) return pulled(replaced(draft, grown), before, end - before)
  const room = pulled(draft, before, end - before)
  return collisionsOf(room.cues, grown).length > 0 ? draft : replaced(room, grown)
}

/** Says other things of a cue. Where it could then not stand beside another one, nothing changes. */
export function changed(draft: Draft, cue: DraftCue): Draft {
  return collisionsOf(draft.cues, cue).length > 0 ? draft : replaced(draft, cue)
}

function replaced(draft: Draft, cue: DraftCue): Draft {
  const before = draft.cues.find(({ id }) => id === cue.id)
  if (!before || JSON.stringify(before) === JSON.stringify(cue)) return draft
  return withCues(
    draft,
    draft.cues.map(each => (each.id === cue.id ? cue : each)),
  )
}

/** A picture changes places with the one before (-1) or after it (1); the time between the two stays where it is. */
export function swapped(draft: Draft, id: string, direction: -1 | 1): Draft {
  const pictures = inOrder(draft.cues.filter(hasPicture))
  const n = pictures.findIndex(cue => cue.id === id)
  const [one, other] = direction === 1 ? [pictures[n], pictures[n + 1]] : [pictures[n - 1], pictures[n]]
  if (n < 0 || !one || !other) return draft
  const between = other.start - endOf(one)
  const first = { ...other, start: one.start }
  const second = { ...one, start: one.start + other.duration + between }
  const cues = draft.cues.map(cue => (cue.id === one.id ? second : cue.id === other.id ? first : cue))
  // Their overlays may have rivals where the pictures have none.
  const stands = [first, second].every(cue => collisionsOf(cues, cue).length === 0)
  return stands ? withCues(draft, cues) : draft
}
