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

export function layerOf(item: Item, placed: Placed): Layer {
  const { content, clip } = placed
  const layer = bareLayer(item, placed)
  if (content.rotation !== undefined) layer.rotation = content.rotation
  if (content.crop !== undefined) layer.crop = content.crop
  if (clip) layer.clip = clip
  return layer
}

/** Written out, because at every frame each element that moves is copied here: spreading takes most of resolve's time. */
function bareLayer({ cue: { cue } }: Item, { content, box, opacity: wanted, bitmapScale }: Placed): Layer {
  const { id, layer } = cue
  const { natural } = content
  const { x, y, width, height } = box
  // Of size 0 there is no bitmap; the smallest one must not show in its place.
  const opacity = bitmapScale > 0 ? wanted : 0
  switch (content.kind) {
    case 'text': {
      const { kind, text } = content
      return { cue: id, layer, kind, text, natural, x, y, width, height, opacity, bitmapScale }
    }
    case 'shape': {
      const { kind, shape } = content
      return { cue: id, layer, kind, shape, natural, x, y, width, height, opacity, bitmapScale }
    }
    case 'qr': {
      const { kind, qr } = content
      return { cue: id, layer, kind, qr, natural, x, y, width, height, opacity, bitmapScale }
    }
    case 'asset': {
      const { kind, assetRef, fit, picture } = content
      const bare: Layer = { cue: id, layer, kind, assetRef, natural, x, y, width, height, opacity, bitmapScale }
      if (fit !== undefined) bare.fit = fit
      if (picture !== undefined) bare.picture = picture
      return bare
    }
  }
}
