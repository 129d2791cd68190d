import type { Luma } from './picture-watch.ts'

/** A picture as so many rows of means of grey: the noise of single pixels is not in it any more, and what is left is little. */
export interface Grey {
  columns: number
  rows: number
  cells: Float32Array
}

/** Lines of a cell that are looked at: enough against noise, and a quarter or less of all memory. */
const LINES = 2

export const greyOf = (columns: number, rows: number): Grey => ({
  columns,
  rows,
  cells: new Float32Array(columns * rows),
})

/** Makes `grey` the picture that `luma` is. */
export function shrink({ bytes, at, width, height }: Luma, grey: Grey): void {
  const { columns, rows, cells } = grey
  const edge = (n: number, count: number, length: number) => Math.floor((n * length) / count)
  let cell = 0
  for (let row = 0; row < rows; row++) {
    const top = edge(row, rows, height)
    const tall = Math.max(1, edge(row + 1, rows, height) - top)
    const upper = at + (top + (tall >> 2)) * width
    const lower = at + (top + ((tall * 3) >> 2)) * width
    for (let column = 0; column < columns; column++) {
      const left = edge(column, columns, width)
      const right = Math.max(left + 1, edge(column + 1, columns, width))
      let sum = 0
      for (let x = left; x < right; x++) sum += bytes[upper + x] + bytes[lower + x]
      cells[cell++] = sum / ((right - left) * LINES)
    }
  }
}
