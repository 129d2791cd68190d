import type { Resolution } from '../contract/generated/ocl.v1.ts'
import type { Box, Layer } from './types.ts'

/** How the base resolution lies on a picture: whole, undistorted, in the middle. */
export interface Fit {
  scale: number
  dx: number
  dy: number
}

export function fitInto(base: Resolution, picture: { width: number; height: number }): Fit {
  const scale = Math.min(picture.width / base.width, picture.height / base.height)
  return { scale, dx: (picture.width - base.width * scale) / 2, dy: (picture.height - base.height * scale) / 2 }
}

/** A box of the base resolution in pixels of the picture, not rounded. */
export function onPicture({ scale, dx, dy }: Fit, box: Box): Box {
  return { x: dx + box.x * scale, y: dy + box.y * scale, width: box.width * scale, height: box.height * scale }
}

/**
 * Where the top-left corner of a layer's bitmap belongs, in whole pixels of the picture. The bitmap of a moving scale may
 * differ from the layer by a few pixels; they share their centre. Its picture begins at the bitmap's first pixel; when the
 * size is odd, the last column or row is empty.
 */
export function bitmapPlace(fit: Fit, layer: Layer): { x: number; y: number } {
  const { natural, bitmapScale } = layer
  const x = layer.x + (layer.width - natural.width * bitmapScale) / 2
  const y = layer.y + (layer.height - natural.height * bitmapScale) / 2
  return { x: Math.round(fit.dx + x * fit.scale), y: Math.round(fit.dy + y * fit.scale) }
}
