import { frameBytes } from '../memory/ring.ts'

interface Size {
  width: number
  height: number
}

/** What an overlay lies on where there is no program. */
export type Ground = 'black' | 'checker'

const BLACK = 16
/** Two greys that neither black nor white letters are lost on. */
const CHECKER = [110, 140]
/** Of a square, in pixels; even, because colour has half as many. */
const SQUARE = 16

/** As I420, BT.709 limited range. */
export function groundOf(ground: Ground, { width, height }: Size): Uint8Array {
  const frame = new Uint8Array(frameBytes(width, height)).fill(128).fill(BLACK, 0, width * height)
  if (ground === 'black') return frame
  for (let row = 0, at = 0; row < height; row++)
    for (let column = 0; column < width; column++, at++)
      frame[at] = CHECKER[(Math.floor(row / SQUARE) + Math.floor(column / SQUARE)) % 2]
  return frame
}
