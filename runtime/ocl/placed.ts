import type { Item } from './plan.ts'
import type { Box, Content, Layer } from './types.ts'

/** A content in its place, as far as all layers of an item have it in common. */
export interface Placed {
  content: Content
  box: Box
  opacity: number
  /** Degrees, exact. */
  rotation: number
  clip: Box | undefined
  bitmapScale: number
}

export function layerOf({ cue }: Item, { content, box, opacity, clip, bitmapScale }: Placed): Layer {
  const layer: Layer = {
    cue: cue.cue.id,
    layer: cue.cue.layer,
    ...content,
    ...box,
    // Of size 0 there is no bitmap; the smallest one must not show in its place.
    opacity: bitmapScale > 0 ? opacity : 0,
    bitmapScale,
  }
  if (clip) layer.clip = clip
  return layer
}
