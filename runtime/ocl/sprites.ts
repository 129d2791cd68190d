import type { OclDocument } from '../contract/generated/ocl.v1.ts'
import { picturesOf } from './content.ts'
import { layersOf, slideSteps, stretchesFor } from './layer.ts'
import { turnsOf } from './live.ts'
import { type Item, plan, positionAt } from './plan.ts'
import { resolve } from './resolve.ts'
import { type Scope, scopeOf } from './scope.ts'
import { bitmapEnvelopes, momentsIn } from './stretches.ts'
import type { Content, Cut, DrawnText, Layer, ResolveContext } from './types.ts'

/** A bitmap that a document needs: this content, drawn at `scale` times its natural size. */
export interface SpriteSpec {
  key: string
  content: Content
  scale: number
}

/** Of changes that repeat without end only so many are looked at: there is nothing new in the later ones. */
const MOST_MOMENTS = 2_000

/** Names the bitmap of a layer: same content and same size, same key, here and wherever sprites are made. */
export function spriteKeyOf(layer: Pick<Layer, 'bitmapScale'> & Content): string {
  const { natural, rotation = 0, crop, bitmapScale } = layer
  const posture = rotation || crop ? `@${round(rotation)}${crop ? `[${cutsOf(crop)}]` : ''}` : ''
  const size = `${round(natural.width)}x${round(natural.height)}`
  return `${layer.kind}:${nameOf(layer)}:${size}*${round(bitmapScale)}${posture}`
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

/** The bitmaps of what is to be seen at `t`, each once. */
export function spritesAt(document: OclDocument, t: number, context: ResolveContext): SpriteSpec[] {
  const seen = resolve(document, t, context).layers.filter(({ opacity, bitmapScale }) => opacity > 0 && bitmapScale > 0)
  const specs = new Map(seen.map(layer => [spriteKeyOf(layer), layer]))
  return [...specs].map(([key, layer]) => specOf(layer, key))
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

/** Moments (ms of the item's own time) between which none of its bitmaps changes, as far as they are not repetitions. */
function momentsOf(item: Item, scope: Scope): number[] {
  const { cue, zero, from, to } = item
  const first = from - zero
  const moments = new Set<number>([first])
  for (const keys of [...bitmapEnvelopes(cue), cue.text ?? []]) for (const { at } of keys) moments.add(at)
  const stretches = stretchesFor(item, { since: 0, ...(cue.slides && { slide: 0 }) }, scope)
  for (const stretch of stretches) {
    for (const at of momentsIn(stretch)) moments.add(at)
    moments.add(stretch.to)
  }
  for (const stretch of [{ from: first, to: first }, ...stretches]) repeated(item, stretch, scope, moments)
  for (const at of turnsOf(item, scope, MOST_MOMENTS)) moments.add(at - zero)
  return [...moments].filter(at => at >= first && at < to - zero)
}

/** Slides and the pictures of animated assets: during a stretch, and once around after it. */
function repeated(item: Item, span: { from: number; to: number }, scope: Scope, moments: Set<number>): void {
  const { cue } = item
  const { slides } = cue
  if (!slides || item.instead) {
    for (const at of picturesFrom(cue.cue.assetRef, item, scope, span.from, span.to)) moments.add(at)
    return
  }
  const { items, length, motion } = slides
  if (!(length > 0)) return
  let count = 0
  for (let round = Math.floor(span.from / length) * length; round <= span.to + length; round += length)
    for (const { assetRef, start, duration } of items) {
      if (count++ > MOST_MOMENTS) return
      const at = round + start
      moments.add(at)
      const coming = Math.min(motion?.duration ?? 0, duration)
      if (motion) {
        moments.add(at + coming)
        if (motion.type === 'scale') {
          const steps = slideSteps({ ...motion, duration: coming }, scope)
          for (let n = 0; n <= steps; n++) {
            moments.add(at + (n / steps) * coming)
            moments.add(at + Math.max(0, ((n - 0.5) / steps) * coming + 1e-6))
          }
        }
      }
      for (const picture of picturesFrom(assetRef, item, scope, 0, duration + coming)) moments.add(at + picture)
    }
}

function picturesFrom(id: string | undefined, item: Item, scope: Scope, from: number, to: number): number[] {
  if (!scope.context.assets) return []
  const moments: number[] = []
  // What stands in for an asset that is missing may be an animated one, too.
  const ids = new Set([
    id,
    ...layersOf(item, item.zero + from, scope, () => {}).map(layer =>
      layer.kind === 'asset' ? layer.assetRef : undefined,
    ),
  ])
  for (const one of ids) {
    const pictures = one === undefined ? undefined : picturesOf(one, scope.context)
    if (!pictures) continue
    const length = pictures[pictures.length - 1]
    const start = Math.floor(Math.max(0, from) / length) * length
    for (let round = start; round <= to + length && moments.length < MOST_MOMENTS; round += length)
      for (const end of pictures) moments.push(round + end + 1e-6)
  }
  return moments
}

function specOf(
  { cue: _cue, layer: _layer, x: _x, y: _y, width: _w, height: _h, ...rest }: Layer,
  key: string,
): SpriteSpec {
  const { opacity: _opacity, clip: _clip, bitmapScale, ...content } = rest
  return { key, content, scale: bitmapScale }
}
