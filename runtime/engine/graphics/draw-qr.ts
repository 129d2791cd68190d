import { encode } from 'uqr'
import { VistterError } from '../../contract/errors.ts'
import type { DrawnQr, Size } from '../../ocl/types.ts'
import type { Element } from './element.ts'

const MARGIN = 4

/** A QR code as large as its box allows, in the middle of it. */
export function qrElement(
  { value, color = '#000000', background = '#ffffff', level = 'M', margin = MARGIN }: DrawnQr,
  { width, height }: Size,
): Element {
  const { data, size } = matrixOf(value, level)
  return {
    ink: { x: 0, y: 0, width, height },
    paint({ context, scale, turn }) {
      context.fillStyle = background
      context.fillRect(0, 0, width, height)
      context.fillStyle = color
      const side = Math.min(width, height)
      const left = (width - side) / 2
      const top = (height - side) / 2
      const pitch = side / (size + 2 * margin)
      // Whole pixels have sharp edges, which a camera reads from farther away.
      const edge = (start: number, n: number): number => {
        const at = start + (n + margin) * pitch
        return turn === 0 ? Math.round(at * scale) / scale : at
      }
      // One path: between two pieces side by side no seam can show.
      context.beginPath()
      for (let row = 0; row < size; row++)
        for (let column = 0; column < size; column++) {
          if (!data[row][column]) continue
          const [x, y] = [edge(left, column), edge(top, row)]
          context.rect(x, y, edge(left, column + 1) - x, edge(top, row + 1) - y)
        }
      context.fill()
    },
  }
}

function matrixOf(value: string, level: NonNullable<DrawnQr['level']>): { data: boolean[][]; size: number } {
  try {
    return encode(value, { ecc: level, boostEcc: false, border: 0 })
  } catch {
    throw new VistterError(
      'OVERLAY_TOO_LARGE',
      `A QR code of level ${level} has no room for ${value.length} characters.`,
    )
  }
}
