import type { Position } from './head.ts'
import { CELL, COLUMNS, ROWS, type Still } from './scene.ts'

/** The part of the scene that a camera sees, in the scene's pixels. */
export interface Window {
  x: number
  y: number
  width: number
  height: number
}

/** Zoomed out, half of the scene's width and height is seen; zoomed in, a quarter of that. */
const [WIDTH, HEIGHT] = [COLUMNS * CELL, ROWS * CELL]
const WIDEST = 0.5
const NEAREST = 4

export function windowOf({ pan, tilt, zoom }: Position): Window {
  const nearer = 1 + zoom * (NEAREST - 1)
  const [width, height] = [(WIDTH * WIDEST) / nearer, (HEIGHT * WIDEST) / nearer]
  const x = WIDTH / 2 + (pan * WIDTH * (1 - WIDEST)) / 2 - width / 2
  const y = HEIGHT / 2 - (tilt * HEIGHT * (1 - WIDEST)) / 2 - height / 2
  return { x, y, width, height }
}

export function positionOf({ x, y, width, height }: Window): Position {
  return {
    pan: (x + width / 2 - WIDTH / 2) / ((WIDTH * (1 - WIDEST)) / 2),
    tilt: (HEIGHT / 2 - y - height / 2) / ((HEIGHT * (1 - WIDEST)) / 2),
    zoom: ((WIDTH * WIDEST) / width - 1) / (NEAREST - 1),
  }
}

/** The window as a picture (I420) of the given even size. */
export function render(still: Still, window: Window, width: number, height: number): Uint8Array {
  const out = new Uint8Array((width * height * 3) / 2)
  const half = { x: window.x / 2, y: window.y / 2, width: window.width / 2, height: window.height / 2 }
  const [w, h] = [width / 2, height / 2]
  scale(still.luma, still.width, still.height, window, out.subarray(0, width * height), width, height)
  scale(still.cb, still.width / 2, still.height / 2, half, out.subarray(width * height, width * height + w * h), w, h)
  scale(still.cr, still.width / 2, still.height / 2, half, out.subarray(width * height + w * h), w, h)
  return out
}

/** Bilinear, in fixed point with 8 bits: places between pixels move smoothly, and a picture of 640 x 360 takes about 2 ms. */
function scale(
  from: Uint8Array,
  stride: number,
  lines: number,
  { x, y, width, height }: Window,
  to: Uint8Array,
  columns: number,
  rows: number,
): void {
  const places = (count: number, begin: number, length: number, last: number) =>
    Int32Array.from({ length: count }, (_, n) => {
      const place = Math.min(last - 1, Math.max(0, begin + ((n + 0.5) * length) / count - 0.5))
      return Math.min((last - 1) * 256 - 1, Math.round(place * 256))
    })
  const across = places(columns, x, width, stride)
  const down = places(rows, y, height, lines)
  let at = 0
  for (let row = 0; row < rows; row++) {
    const line = (down[row] >> 8) * stride
    const below = down[row] & 255
    for (let column = 0; column < columns; column++) {
      const place = line + (across[column] >> 8)
      const right = across[column] & 255
      const upper = from[place] * (256 - right) + from[place + 1] * right
      const lower = from[place + stride] * (256 - right) + from[place + stride + 1] * right
      to[at++] = (upper * (256 - below) + lower * below + 32_768) >> 16
    }
  }
}
