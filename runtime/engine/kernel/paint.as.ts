import { FULL } from './blend.as'
import { advance, covers, Layer, layerAt, Planes, project } from './layer.as'
import { blendRow } from './row.as'
import { copyRun } from './run.as'

/** The first row after this one in which a layer begins or ends. */
function nextChange(list: usize, count: i32, row: i32, height: i32): i32 {
  for (let n = 0; n < count; n++) {
    const l = layerAt(list, n)
    if (l.first > row) height = min(height, l.first)
    else if (l.last > row) height = min(height, l.last)
  }
  return height
}

/** Piles up the layers that have this row; gives the lowest, ready for the row. */
function pileOf(list: usize, count: i32, row: i32): Layer | null {
  let lowest: Layer | null = null
  for (let n = count - 1; n >= 0; n--) {
    const l = layerAt(list, n)
    if (l.first > row || l.last <= row || l.left >= l.right) continue
    l.above = lowest
    lowest = l
  }
  return lowest
}

function advanceAll(pile: Layer, rows: i32): void {
  let l: Layer | null = pile
  while (l) {
    advance(l, rows)
    l = l.above
  }
}

/** This layer or the next above it that covers some of the row. */
function visible(l: Layer | null): Layer | null {
  while (l && !covers(l)) l = l.above
  return l
}

/** One row: three layers at a time, but each that fades by itself. */
function paintRow(d: usize, s: usize, second: usize, width: i32, pile: Layer): void {
  let l = visible(pile)
  if (!l) return copyRun(d, s, second, width)
  while (l) {
    let m: Layer | null = null, n: Layer | null = null
    let next = visible(l.above)
    if (l.opacity >= FULL && next && next.opacity >= FULL) {
      m = next
      next = visible(next.above)
      if (next && next.opacity >= FULL) {
        n = next
        next = visible(next.above)
      }
    }
    blendRow(d, s, second, width, l, m, n)
    s = d
    l = next
  }
}

/**
 * Paints `count` layers of the list on what is at s, into d, which may be the same. CHROMA: the other plane of each is
 * `second` bytes further. Whole planes one after the other, not bands of both: the longer the ways through memory, the
 * better does the processor read ahead, and that is what all this waits for.
 */
export function paint(
  d: usize, s: usize, second: usize, width: i32, height: i32, list: usize, count: i32, planes: Planes,
): void {
  for (let n = 0; n < count; n++) project(layerAt(list, n), planes)
  for (let row = 0; row < height; ) {
    const until = nextChange(list, count, row, height)
    const pile = pileOf(list, count, row)
    if (pile) {
      advanceAll(pile, row)
      for (let y = row; y < until; y++) {
        const at = <usize>(y * width)
        paintRow(d + at, s + at, second, width, pile)
        advanceAll(pile, 1)
      }
      advanceAll(pile, -until)
    } else copyRun(d + <usize>(row * width), s + <usize>(row * width), second, <usize>((until - row) * width))
    row = until
  }
}
