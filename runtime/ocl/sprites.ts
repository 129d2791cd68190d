import type { OclDocument } from '../contract/generated/ocl.v1.ts'
import { layersOf } from './layer.ts'
import { momentsOf } from './moments.ts'
import { type Item, plan, positionAt } from './plan.ts'
import { type Scope, scopeOf } from './scope.ts'
import type { Content, Cut, DrawnText, Layer, ResolveContext } from './types.ts'

/** A bitmap that a document needs: this content, drawn at `scale` times its natural size. */
export interface SpriteSpec {
  key: string
  content: Content
  scale: number
}

/** Names the bitmap of a layer: same content and same size, same key, here and wherever sprites are made. */
export function spriteKeyOf(layer: Pick<Layer, 'bitmapScale'> & Content): string {
  const { natural, rotation = 0, crop, bitmapScale } = layer
  const posture = rotation || crop ? `@${round(rotation)}${crop ? `[${cutsOf(crop)}]` : ''}` : ''
  const size = `${round(natural.width)}x${round(natural.height)}`
  return `${layer.kind}:${nameOf(layer)}:${size}*${round(bitmapScale)}${posture}`
}

/** Whether two layers have the same bitmap, as far as that is seen without making keys: at every frame nearly all of them. */
export function sameSprite(a: Layer, b: Layer): boolean {
  if (a.bitmapScale !== b.bitmapScale || a.natural !== b.natural || a.rotation !== b.rotation || a.crop !== b.crop)
    return false
  if (a.kind === 'text') return b.kind === 'text' && a.text === b.text
  if (a.kind === 'shape') return b.kind === 'shape' && a.shape === b.shape
  if (a.kind === 'qr') return b.kind === 'qr' && a.qr === b.qr
  return b.kind === 'asset' && a.assetRef === b.assetRef && a.picture === b.picture && a.fit === b.fit
}

const cutsOf = ({ left = 0, top = 0, right = 0, bottom = 0 }: Partial<Cut>): string =>
  [left, top, right, bottom].map(round).join()

function nameOf(content: Content): string {
  switch (content.kind) {
    case 'asset': {
      const { assetRef, fit, picture } = content
      return `${assetRef}${fit ? `:${fit}` : ''}${picture === undefined ? '' : `#${picture}`}`
    }
    case 'text':
      return jsonOf(content.text)
    case 'shape':
      return jsonOf(content.shape)
    case 'qr':
      return jsonOf(content.qr)
  }
}

const texts = new WeakMap<object, string>()

/** Keys are asked for at every frame, of objects that stay. */
function jsonOf(what: object): string {
  let text = texts.get(what)
  if (text === undefined) {
    text = JSON.stringify(what)
    texts.set(what, text)
  }
  return text
}

const round = (value: number): number => Math.round(value * 10_000) / 10_000

/** Every bitmap that the document can ask for with this context, each once. */
export function spritesOf(document: OclDocument, context: ResolveContext): SpriteSpec[] {
  const specs = new Map<string, SpriteSpec>()
  for (const layer of everyLayer(document, context)) {
    const key = spriteKeyOf(layer)
    if (layer.bitmapScale > 0 && !specs.has(key)) specs.set(key, specOf(layer, key))
  }
  return [...specs.values()]
}

/** Every text without a fixed size that the document can show: what is to be measured (context.texts). */
export function textsOf(document: OclDocument, context: ResolveContext): DrawnText[] {
  const found = new Set<DrawnText>()
  for (const item of plan(document, context)) {
    const { properties, text } = item.cue.cue
    if (properties?.size && !text?.ticker) continue
    for (const layer of layersAlong(item, firstScope(document, context)))
      if (layer.kind === 'text') found.add(layer.text)
  }
  return [...found]
}

/** Of the first round. */
const firstScope = (document: OclDocument, context: ResolveContext): Scope =>
  scopeOf(document, context, positionAt(document, 0, context)?.shift ?? 0)

function* everyLayer(document: OclDocument, context: ResolveContext): Generator<Layer> {
  const scope = firstScope(document, context)
  for (const item of plan(document, context)) yield* layersAlong(item, scope)
}

function* layersAlong(item: Item, scope: Scope): Generator<Layer> {
  for (const at of momentsOf(item, scope)) yield* layersOf(item, item.zero + at, scope, () => {}, true)
}

export function specOf(
  { cue: _cue, layer: _layer, x: _x, y: _y, width: _w, height: _h, ...rest }: Layer,
  key: string,
): SpriteSpec {
  const { opacity: _opacity, clip: _clip, bitmapScale, ...content } = rest
  return { key, content, scale: bitmapScale }
}
