import { createCanvas, ImageData } from '@napi-rs/canvas'
import type { Jobs } from './jobs.ts'
import { rgbaOf } from './yuv.ts'

const QUALITY = 82

/** An I420 frame as JPEG, scaled to `outWidth` in its own proportions; never enlarged. */
export async function encodeJpeg({ frame, width, height, outWidth }: Jobs['jpeg']['ask']): Promise<Uint8Array> {
  const whole = createCanvas(width, height)
  whole.getContext('2d').putImageData(new ImageData(rgbaOf(frame, width, height), width, height), 0, 0)
  const scale = outWidth / width
  if (scale >= 1) return whole.encode('jpeg', QUALITY)
  const small = createCanvas(outWidth, Math.max(1, Math.round(height * scale)))
  const context = small.getContext('2d')
  context.imageSmoothingQuality = 'high'
  context.drawImage(whole, 0, 0, small.width, small.height)
  return small.encode('jpeg', QUALITY)
}
