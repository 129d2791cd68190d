interface Placed {
  id: string
  order: number
}

/** Halved too often, a gap has no number left in it: then all are counted anew. */
const SMALLEST_GAP = 1e-6

/**
 * New numbers for a list that is wanted in this order: as few as can be, since each is a write. Those that keep theirs are
 * the longest run that is in order already; the others get numbers between them. Pure.
 */
export function renumbered(wanted: readonly Placed[]): Map<string, number> {
  const kept = longestRun(wanted.map(({ order }) => order))
  const news = new Map<string, number>()
  let before = -1
  for (const [at, { id, order }] of wanted.entries()) {
    if (kept.has(at)) {
      before = order
      continue
    }
    let next = at
    while (next < wanted.length && !kept.has(next)) next++
    const after = wanted[next]?.order ?? before + next - at + 1
    before += (after - before) / (next - at + 1)
    if (after - before < SMALLEST_GAP) return new Map(wanted.map(({ id }, number) => [id, number]))
    news.set(id, before)
  }
  return news
}

/** The places of the longest strictly rising run, of which there may be others as long. */
function longestRun(values: readonly number[]): Set<number> {
  /** For each length: the place of the smallest value that such a run ends with. */
  const ends: number[] = []
  const before: number[] = []
  for (const [at, value] of values.entries()) {
    let length = ends.length
    while (length > 0 && (values[ends[length - 1] ?? 0] ?? 0) >= value) length--
    before[at] = ends[length - 1] ?? -1
    ends[length] = at
  }
  const run = new Set<number>()
  for (let at = ends.at(-1) ?? -1; at >= 0; at = before[at] ?? -1) run.add(at)
  return run
}
