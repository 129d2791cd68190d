/** Small grey pictures, as the engine makes them: one byte a cell, row by row. */
export const [COLUMNS, ROWS] = [64, 36]

/** Two pictures that are alike to this much show the same. */
export const ALIKE = 0.8

/** Cells to each side: noise and half a cell's shift are in the small mean, the light of the day in the wide one. */
const [FINE, WIDE] = [1, 4]
/** A camera comes back to within a hundredth, which may be so many cells when it is zoomed in. */
const SHIFTS = [-1, 0, 1]

/**
 * How much one picture is like another, from -1 to 1: the correlation of what stands out in them. Brighter, darker and
 * evening light do not matter, nor does somebody who walks through; another view has next to nothing in common.
 * Undefined: there is nothing to be seen in one of them.
 */
export function likeness(one: Uint8Array, other: Uint8Array): number | undefined {
  if (one.length !== COLUMNS * ROWS || other.length !== COLUMNS * ROWS) return undefined
  const [a, b] = [relief(one), relief(other)]
  if (!a || !b) return undefined
  return Math.max(...SHIFTS.flatMap(right => SHIFTS.map(down => correlation(a, b, right, down))))
}

/** By how much each cell is brighter than what is around it; undefined for a picture of one grey. */
function relief(cells: Uint8Array): Float32Array | undefined {
  const [fine, wide] = [means(cells, FINE), means(cells, WIDE)]
  const out = fine.map((value, cell) => value - (wide[cell] ?? 0))
  const power = out.reduce((sum, value) => sum + value * value, 0) / out.length
  return power < 1 ? undefined : out
}

/** The mean of the cells up to so many away, by sums of all that is above and to the left. */
function means(cells: Uint8Array, reach: number): Float32Array {
  const wide = COLUMNS + 1
  const sums = new Float64Array(wide * (ROWS + 1))
  for (let y = 0; y < ROWS; y++)
    for (let x = 0; x < COLUMNS; x++) {
      const at = (y + 1) * wide + x + 1
      sums[at] = cells[y * COLUMNS + x] + sums[at - 1] + sums[at - wide] - sums[at - wide - 1]
    }
  const out = new Float32Array(COLUMNS * ROWS)
  for (let y = 0; y < ROWS; y++)
    for (let x = 0; x < COLUMNS; x++) {
      const [left, right] = [Math.max(0, x - reach), Math.min(COLUMNS, x + reach + 1)]
      const [top, bottom] = [Math.max(0, y - reach), Math.min(ROWS, y + reach + 1)]
      const sum =
        sums[bottom * wide + right] - sums[top * wide + right] - sums[bottom * wide + left] + sums[top * wide + left]
      out[y * COLUMNS + x] = sum / ((right - left) * (bottom - top))
    }
  return out
}

function correlation(a: Float32Array, b: Float32Array, right: number, down: number): number {
  let [both, ofA, ofB] = [0, 0, 0]
  for (let y = Math.max(0, -down); y < ROWS - Math.max(0, down); y++)
    for (let x = Math.max(0, -right); x < COLUMNS - Math.max(0, right); x++) {
      const [va, vb] = [a[y * COLUMNS + x], b[(y + down) * COLUMNS + x + right]]
      both += va * vb
      ofA += va * va
      ofB += vb * vb
    }
  return both / Math.sqrt(Math.max(1, ofA) * Math.max(1, ofB))
}
