import type { ProofRow } from '../../contract/generated/openapi.v1.ts'

/** A time on air; in UTC ms. */
export type Airing = ProofRow & { fromMs: number; toMs: number }

interface Shelf {
  airings: Airing[]
  /** In order of their beginning, with when each and all before it were over; made when somebody asks. */
  ordered?: Airing[]
  over?: number[]
}

/** Times on air, found by overlay and time: a report of a week asks tens of thousands of them thousands of times. */
export class Airtimes {
  private readonly shelves = new Map<string, Shelf>()
  private readonly places = new Map<Airing, number>()

  add(rows: readonly ProofRow[]): void {
    for (const row of rows) {
      const airing = { ...row, fromMs: Date.parse(row.from), toMs: Date.parse(row.to) }
      const key = row.overlay ?? ''
      const { airings } = this.shelves.get(key) ?? { airings: [] }
      airings.push(airing)
      this.shelves.set(key, { airings })
      this.places.set(airing, this.places.size)
    }
  }

  /** In the order in which they were added. */
  all(): Iterable<Airing> {
    return this.places.keys()
  }

  /** Those of an overlay that were on air at some time in [from, to), UTC ms, in the order in which they were added. */
  during(overlay: string, from: number, to: number): Airing[] {
    const { ordered, over } = this.shelf(overlay)
    const found: Airing[] = []
    for (let n = firstFrom(over, from); n < ordered.length; n++) {
      const airing = ordered[n]
      if (!airing || airing.fromMs >= to) break
      if (airing.toMs >= from) found.push(airing)
    }
    return found.sort((a, b) => this.placeOf(a) - this.placeOf(b))
  }

  private shelf(overlay: string): { ordered: Airing[]; over: number[] } {
    const shelf: Shelf = this.shelves.get(overlay) ?? { airings: [] }
    const { ordered = shelf.airings.toSorted((a, b) => a.fromMs - b.fromMs) } = shelf
    const { over = runningMost(ordered) } = shelf
    Object.assign(shelf, { ordered, over })
    return { ordered, over }
  }

  private placeOf(airing: Airing): number {
    return this.places.get(airing) ?? 0
  }
}

function runningMost(ordered: readonly Airing[]): number[] {
  let most = Number.NEGATIVE_INFINITY
  return ordered.map(({ toMs }) => {
    most = Math.max(most, toMs)
    return most
  })
}

/** The first place in rising numbers that is not less than `least`. */
function firstFrom(rising: readonly number[], least: number): number {
  let [low, high] = [0, rising.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if ((rising[middle] ?? 0) < least) low = middle + 1
    else high = middle
  }
  return low
}
