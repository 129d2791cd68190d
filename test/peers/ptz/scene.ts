/** A planar picture, 4:2:0, BT.709 limited range. */
export interface Still {
  width: number
  height: number
  luma: Uint8Array
  cb: Uint8Array
  cr: Uint8Array
}

/**
 * What stands before the camera: cells of 80 x 80. Blue difference tells even from odd columns and red difference even
 * from odd rows, so the grid can be found in any part of it at any scale; the cell's luma holds its own column and row
 * as 4 x 4 blocks with a check sum, so what is seen can be told from everything else.
 */
export const CELL = 80
export const COLUMNS = 32
export const ROWS = 18
export const BLOCKS = 4
/** A cell's blocks begin this far inside its border. */
export const MARGIN = 8
export const BLOCK = (CELL - 2 * MARGIN) / BLOCKS
export const GREY = 125
const [DARK, LIGHT] = [GREY - 80, GREY + 80]
const CHROMA = [92, 164]

/** The 16 bits of a cell: column, row, check sum. */
const codeOf = (column: number, row: number): number =>
  column | (row << 5) | (((column * 7 + row * 13 + 21) & 63) << 10)

/** The cell a code names, if it is one. */
export function cellOf(code: number): { column: number; row: number } | undefined {
  const [column, row] = [code & 31, (code >> 5) & 31]
  return row < ROWS && codeOf(column, row) === code ? { column, row } : undefined
}

let made: Still | undefined

export function scene(): Still {
  made ??= paint()
  return made
}

function paint(): Still {
  const [width, height] = [COLUMNS * CELL, ROWS * CELL]
  const luma = new Uint8Array(width * height).fill(GREY)
  const cb = new Uint8Array((width / 2) * (height / 2))
  const cr = new Uint8Array((width / 2) * (height / 2))
  const fill = (plane: Uint8Array, stride: number, x: number, y: number, size: number, value: number) => {
    for (let line = y; line < y + size; line++) plane.fill(value, line * stride + x, line * stride + x + size)
  }
  for (let row = 0; row < ROWS; row++) {
    for (let column = 0; column < COLUMNS; column++) {
      const [x, y] = [column * CELL, row * CELL]
      fill(cb, width / 2, x / 2, y / 2, CELL / 2, CHROMA[column % 2])
      fill(cr, width / 2, x / 2, y / 2, CELL / 2, CHROMA[row % 2])
      const code = codeOf(column, row)
      for (let bit = 0; bit < BLOCKS ** 2; bit++) {
        const [right, down] = [bit % BLOCKS, Math.floor(bit / BLOCKS)]
        const value = (code >> bit) & 1 ? LIGHT : DARK
        fill(luma, width, x + MARGIN + right * BLOCK, y + MARGIN + down * BLOCK, BLOCK, value)
      }
    }
  }
  return { width, height, luma, cb, cr }
}
