import { createCanvas, ImageData } from '@napi-rs/canvas'
import type { Position } from './head.ts'
import type { Still } from './scene.ts'
import { render, windowOf } from './view.ts'

/** A JPEG of where the camera looks, as GetSnapshotUri promises one. */
export function snapshot(scene: Still, at: Position, width: number, height: number): Buffer {
  const picture = render(scene, windowOf(at), width, height)
  const pixels = new Uint8ClampedArray(width * height * 4)
  const [cb, cr] = [width * height, (width * height * 5) / 4]
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const chroma = (y >> 1) * (width / 2) + (x >> 1)
      const luma = 1.164 * (picture[y * width + x] - 16)
      const [blue, red] = [picture[cb + chroma] - 128, picture[cr + chroma] - 128]
      // BT.709, limited range; the array rounds and clamps.
      pixels.set([luma + 1.793 * red, luma - 0.213 * blue - 0.533 * red, luma + 2.112 * blue, 255], (y * width + x) * 4)
    }
  }
  const canvas = createCanvas(width, height)
  canvas.getContext('2d').putImageData(new ImageData(pixels, width, height), 0, 0)
  return canvas.toBuffer('image/jpeg', 90)
}
