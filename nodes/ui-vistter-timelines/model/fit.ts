import { areRivals, type DraftCue, endOf, LATEST } from './cue.ts'

/** From and to (ms), both excluded: so far cues may not be moved. */
type Barred = [from: number, to: number]

interface Bounds {
  /** The least and the greatest way that is wanted (ms). */
  least?: number
  greatest?: number
}

/**
 * How far `moving` can be moved together, as near as possible to `wanted` (ms, negative: earlier), so that none of them
 * meets a rival among `fixed`, and none begins before 0. Undefined: nowhere within the bounds. Pure.
 */
export function nearestWay(
  moving: readonly DraftCue[],
  fixed: readonly DraftCue[],
  wanted: number,
  { least = Number.NEGATIVE_INFINITY, greatest = Number.POSITIVE_INFINITY }: Bounds = {},
): number | undefined {
  const earliest = Math.max(least, -Math.min(...moving.map(({ start }) => start)))
  const latest = Math.min(greatest, LATEST - Math.max(...moving.map(({ start }) => start)))
  if (earliest > latest) return undefined
  const inside = Math.min(latest, Math.max(earliest, wanted))
  const barred = barredFor(moving, fixed).find(([from, to]) => from < inside && inside < to)
  if (!barred) return inside
  return barred
    .filter(way => way >= earliest && way <= latest)
    .sort((a, b) => Math.abs(a - wanted) - Math.abs(b - wanted))[0]
}

/** All ways that lead onto a rival; ranges that overlap are one. */
function barredFor(moving: readonly DraftCue[], fixed: readonly DraftCue[]): Barred[] {
  const all = moving.flatMap(cue =>
    fixed.flatMap(other =>
      areRivals(cue, other) ? [[other.start - endOf(cue), endOf(other) - cue.start] as Barred] : [],
    ),
  )
  const merged: Barred[] = []
  for (const [from, to] of all.sort((a, b) => a[0] - b[0])) {
    const last = merged.at(-1)
    if (last && from < last[1]) last[1] = Math.max(last[1], to)
    else merged.push([from, to])
  }
  return merged
}
