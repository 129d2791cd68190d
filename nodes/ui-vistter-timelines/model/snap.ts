const SECOND = 1_000

/** What draws an edge that comes near: edges of other cues, the playhead, and whole seconds. All in ms. */
export interface Magnets {
  marks: readonly number[]
  seconds: boolean
  /** How near is near. */
  reach: number
}

/** The time that is drawn: the nearest magnet within reach, else as it was. Snapping twice is snapping once. Pure. */
export const snap = (at: number, magnets: Magnets): number => nearest(at, magnets) ?? at

/** How far to move something from `start` to `end`, wanted `by`, so that the nearer one of its ends snaps. Pure. */
export function snapMove({ start, end }: { start: number; end: number }, by: number, magnets: Magnets): number {
  const ways = [start, end].flatMap(edge => {
    const found = nearest(edge + by, magnets)
    return found === undefined ? [] : [found - edge]
  })
  return ways.sort((a, b) => Math.abs(a - by) - Math.abs(b - by))[0] ?? by
}

function nearest(at: number, { marks, seconds, reach }: Magnets): number | undefined {
  const candidates = seconds ? [...marks, Math.round(at / SECOND) * SECOND] : marks
  return candidates.filter(each => Math.abs(each - at) <= reach).sort((a, b) => Math.abs(a - at) - Math.abs(b - at))[0]
}
