import { i420Of } from './yuv.ts'

/** EBU colour bars 100/0/75/0 (ITU-R BT.471): white at 100 %, then colours at 75 %, as sRGB levels. */
const FULL = 255
const PART = 191
const BARS: readonly (readonly [red: number, green: number, blue: number])[] = [
  [FULL, FULL, FULL],
  [PART, PART, 0],
  [0, PART, PART],
  [0, PART, 0],
  [PART, 0, PART],
  [PART, 0, 0],
  [0, 0, PART],
  [0, 0, 0],
]

/** Colour bars as I420, with edges between two chroma samples. Width and height are even. */
export function drawBars(width: number, height: number): Uint8Array {
  const rows = new Uint8Array(width * 2 * 4)
  for (let x = 0; x < width; x++) {
    const bar = Math.min(BARS.length - 1, Math.floor(((x >> 1) * 2 * BARS.length) / width))
    for (const row of [0, width]) rows.set([...BARS[bar], 255], (row + x) * 4)
  }
  const strip = i420Of(rows, width, 2)
  const frame = new Uint8Array((width * height * 3) / 2)
  const half = width / 2
  const chroma = width * height
  for (let y = 0; y < height; y++) frame.set(strip.subarray(0, width), y * width)
  for (let y = 0; y < height / 2; y++) {
    frame.set(strip.subarray(2 * width, 2 * width + half), chroma + y * half)
    frame.set(strip.subarray(2 * width + half), chroma + (height / 2 + y) * half)
  }
  return frame
}
