import { type Canvas, createCanvas, ImageData } from '@napi-rs/canvas'
import type { Jobs } from './jobs.ts'
import { rgbaOf } from './yuv.ts'

const QUALITY = 82

/** An I420 frame as JPEG, scaled to `outWidth` in its own proportions; never enlarged. */
export async function encodeJpeg(ask: Jobs['jpeg']['ask']): Promise<Uint8Array> {
  return drawn(ask).encode('jpeg', QUALITY)
}

/** Likewise as PNG, which loses nothing but what colour loses on its way to the screen. */
export async function encodePng(ask: Jobs['png']['ask']): Promise<Uint8Array> {
  return drawn(ask).encode('png')
}

function drawn({ frame, width, height, outWidth }: Jobs['jpeg']['ask']): Canvas {
  const whole = createCanvas(width, height)
  whole.getContext('2d').putImageData(new ImageData(rgbaOf(frame, width, height), width, height), 0, 0)
  const scale = outWidth / width
  if (scale >= 1) return whole
  const small = createCanvas(outWidth, Math.max(1, Math.round(height * scale)))
  const context = small.getContext('2d')
  context.imageSmoothingQuality = 'high'
  context.drawImage(whole, 0, 0, small.width, small.height)
  return small
}
