import type { Picture } from '../media.ts'
import type { Position } from './head.ts'
import { BLOCK, BLOCKS, CELL, cellOf, GREY, MARGIN } from './scene.ts'
import { positionOf } from './view.ts'

/** Where columns (or rows) of cells begin in a picture: number 0 at `first`, then one each `every` pixels. */
interface Grid {
  first: number
  every: number
}

/**
 * Tells from a decoded picture (yuv444p, of any size) where the camera looked, or undefined where the scene is not in it.
 * Something laid over a part of the picture does no harm as long as most of the cells are to be seen.
 */
export function viewOf(picture: Picture): Position | undefined {
  const columns = gridOf(borders(picture.width, x => average(picture.height, y => picture.at(x, y)[1])))
  if (!columns) return undefined
  const every = (columns.every * picture.height * 16) / (picture.width * 9)
  const rows = gridOf(
    borders(picture.height, y => average(picture.width, x => picture.at(x, y)[2])),
    every,
  )
  const cell = rows && votedCell(picture, columns, rows)
  if (!cell) return undefined
  return positionOf({
    x: (cell.column - columns.first / columns.every) * CELL,
    y: (cell.row - rows.first / rows.every) * CELL,
    width: (picture.width / columns.every) * CELL,
    height: (picture.height / rows.every) * CELL,
  })
}

const NEUTRAL = 128
/** Every fifth pixel is enough for an average. */
const STEP = 5

function average(count: number, value: (n: number) => number): number {
  let sum = 0
  let seen = 0
  for (let n = 0; n < count; n += STEP, seen++) sum += value(n)
  return sum / seen
}

/** Where the colour crosses neutral, to a fraction of a pixel. */
function borders(count: number, colour: (n: number) => number): number[] {
  const found: number[] = []
  let before = colour(0) - NEUTRAL
  for (let n = 1; n < count; n++) {
    const now = colour(n) - NEUTRAL
    // Pixel n has its middle at n + 0.5.
    if (before < 0 !== now < 0) found.push(n - 0.5 + before / (before - now))
    before = now
  }
  return found
}

/** Least squares through the borders; with a known distance one border is enough. */
function gridOf(borders: number[], known?: number): Grid | undefined {
  const count = borders.length
  if (count < (known ? 1 : 2)) return undefined
  const guess = known ?? (borders[count - 1] - borders[0]) / (count - 1)
  const numbers = borders.map(at => Math.round((at - borders[0]) / guess))
  const mean = (values: number[]) => values.reduce((a, b) => a + b, 0) / count
  const [middle, place] = [mean(numbers), mean(borders)]
  const spread = mean(numbers.map(n => (n - middle) ** 2))
  const every = known ?? mean(numbers.map((n, i) => (n - middle) * (borders[i] - place))) / spread
  return Number.isFinite(every) && every > 1 ? { first: place - middle * every, every } : undefined
}

/** The cell right of and below the grid's borders number 0, as a third of all cells say at least: noise says all sorts. */
function votedCell(picture: Picture, columns: Grid, rows: Grid): { column: number; row: number } | undefined {
  const votes = new Map<string, { column: number; row: number; count: number }>()
  for (const right of whole(columns, picture.width)) {
    for (const down of whole(rows, picture.height)) {
      const cell = cellOf(read(picture, columns, rows, right, down))
      if (!cell) continue
      const [column, row] = [cell.column - right, cell.row - down]
      const vote = votes.get(`${column} ${row}`) ?? { column, row, count: 0 }
      vote.count++
      votes.set(`${column} ${row}`, vote)
    }
  }
  const [first] = [...votes.values()].sort((a, b) => b.count - a.count)
  const seen = whole(columns, picture.width).length * whole(rows, picture.height).length
  return first && first.count * 3 >= seen ? first : undefined
}

/** Numbers of the cells that are in the picture as a whole. */
function whole({ first, every }: Grid, size: number): number[] {
  const from = Math.ceil(-first / every - 0.02)
  const to = Math.floor((size - first) / every + 0.02)
  return Array.from({ length: Math.max(0, to - from) }, (_, n) => from + n)
}

function read(picture: Picture, columns: Grid, rows: Grid, right: number, down: number): number {
  let code = 0
  for (let bit = 0; bit < BLOCKS ** 2; bit++) {
    const inside = (n: number) => (MARGIN + BLOCK * (n + 0.5)) / CELL
    const x = columns.first + (right + inside(bit % BLOCKS)) * columns.every
    const y = rows.first + (down + inside(Math.floor(bit / BLOCKS))) * rows.every
    if (picture.at(Math.floor(x), Math.floor(y))[0] > GREY) code |= 1 << bit
  }
  return code
}
