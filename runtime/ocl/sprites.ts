import type { OclDocument } from '../contract/generated/ocl.v1.ts'
import type { CompiledCue } from './compile.ts'
import { contentOf } from './content.ts'
import { type Item, plan } from './plan.ts'
import type { Content, DrawnText, Layer, ResolveContext, Size } from './types.ts'

/** A bitmap that a document needs: this content, drawn at `scale` times its natural size. */
export interface SpriteSpec {
  key: string
  content: Content
  scale: number
}

/** At most this many bitmaps for one moving scale, and at most this many pixels in all of them (24 million: about 70 MB). */
const STEPS = 64
const PIXELS = 24_000_000
/** A step that changes the size by fewer pixels than this is not worth a bitmap. */
const STEP = 2

/** Names the bitmap of a layer: same content and same size, same key, here and wherever sprites are made. */
export function spriteKeyOf(layer: Pick<Layer, 'bitmapScale'> & Content): string {
  return keyOf(layer, layer.bitmapScale)
}

function keyOf(content: Content, scale: number): string {
  const { natural, rotation = 0, crop } = content
  const posture = rotation || crop ? `@${round(rotation)}${crop ? JSON.stringify(crop) : ''}` : ''
  const size = `${round(natural.width)}x${round(natural.height)}`
  return `${content.kind}:${what(content)}:${size}*${round(scale)}${posture}`
}

function what(content: Content): string {
  switch (content.kind) {
    case 'asset':
      return content.fit ? `${content.assetRef}:${content.fit}` : content.assetRef
    case 'text':
      return JSON.stringify(content.text)
    case 'shape':
      return JSON.stringify(content.shape)
    case 'qr':
      return JSON.stringify(content.qr)
  }
}

const round = (value: number): number => Math.round(value * 10_000) / 10_000

/**
 * The scale at which a layer's bitmap is drawn. A scale that stands still is drawn exactly; one that moves is drawn in
 * steps, because each size is a bitmap of its own.
 */
export function bitmapScale(cue: CompiledCue, scale: number, natural: Size): number {
  const { moves, top, steps } = ladder(cue, natural)
  return moves ? (Math.max(1, Math.round((scale / top) * steps)) / steps) * top : scale
}

function ladder(cue: CompiledCue, natural: Size): { moves: boolean; low: number; top: number; steps: number } {
  const values = cue.scale.map(key => key.value)
  const top = Math.max(...values)
  const grows = cue.in?.type === 'scale' || cue.out?.type === 'scale'
  const low = grows ? 0 : Math.min(...values)
  const width = natural.width * top
  const height = natural.height * top
  const worth = Math.ceil(Math.max(width, height) / STEP)
  const affordable = Math.floor((3 * PIXELS) / (width * height))
  return { moves: low !== top, low, top, steps: Math.max(1, Math.min(STEPS, worth, affordable)) }
}

/** Every bitmap that the document can ask for with this context, each once. */
export function spritesOf(document: OclDocument, context: ResolveContext): SpriteSpec[] {
  const specs = new Map<string, SpriteSpec>()
  for (const item of plan(document, context))
    for (const content of contentsOf(item, document, context))
      for (const scale of scalesOf(item.cue, content.natural)) {
        const key = keyOf(content, scale)
        if (scale > 0) specs.set(key, { key, content, scale })
      }
  return [...specs.values()]
}

/** Every text without a fixed size that the document can show: what is to be measured (context.texts). */
export function textsOf(document: OclDocument, context: ResolveContext): DrawnText[] {
  return plan(document, context).flatMap(item =>
    item.cue.cue.properties?.size
      ? []
      : contentsOf(item, document, context).flatMap(content => (content.kind === 'text' ? [content.text] : [])),
  )
}

function contentsOf(item: Item, document: OclDocument, context: ResolveContext): Content[] {
  const words = item.cue.text?.map(key => key.value) ?? [undefined]
  return words.flatMap(value => contentOf(item, value, document, context, () => {}) ?? [])
}

function scalesOf(cue: CompiledCue, natural: Size): number[] {
  const { moves, low, top, steps } = ladder(cue, natural)
  if (!moves) return [top]
  const first = Math.max(1, Math.round((low / top) * steps))
  return Array.from({ length: steps - first + 1 }, (_, i) => ((first + i) / steps) * top)
}
