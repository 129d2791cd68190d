import { picturesOf } from './content.ts'
import { type Envelope, movingSpans } from './envelope.ts'
import { layersOf } from './layer.ts'
import type { Item } from './plan.ts'
import type { Scope } from './scope.ts'
import { slideAt } from './slides.ts'

/** When an item changes by its own plan, in ms on the timeline. */
export interface Changes {
  spans: [number, number][]
  moments: number[]
  /** Runs all the time. */
  restless: boolean
}

/** The first moment after `at` at which an item that is on the screen changes; `at` itself while something moves. */
export function nextOf(item: Item, at: number, scope: Scope): number {
  const { spans, moments, restless } = changesOf(item)
  if (restless) return at
  let next = item.to
  for (const [from, to] of spans) {
    if (at >= from && at < to) return at
    if (from > at && from < next) next = from
    if (to > at && to < next) next = to
  }
  for (const moment of moments) if (moment > at && moment < next) next = moment
  return Math.min(next, nextSlide(item, at), nextPicture(item, at, scope))
}

function changesOf(item: Item): Changes {
  item.memo.changes ??= { spans: motionsOf(item), moments: momentsOf(item), restless: runs(item) }
  return item.memo.changes
}

function runs({ cue }: Item): boolean {
  const ticker = cue.cue.text?.ticker
  return ticker !== undefined && ticker.speed > 0 && !cue.scroll && cue.cue.properties?.size !== undefined
}

/** Spans of the timeline in which an item moves or fades. */
function motionsOf(item: Item): [number, number][] {
  const { cue, zero, from, to } = item
  const spans = envelopesOf(item)
    .flatMap(movingSpans)
    .map(([start, end]): [number, number] => [zero + start, zero + end])
  if (cue.in) spans.push([zero, zero + cue.in.duration])
  if (cue.out) spans.push([to - cue.out.duration, to])
  return spans
    .map(([start, end]): [number, number] => [Math.max(start, from), Math.min(end, to)])
    .filter(([a, b]) => a < b)
}

/** Moments at which an item changes at once. */
function momentsOf(item: Item): number[] {
  const jumps = [...envelopesOf(item), item.cue.text ?? []].flatMap(keys => keys.map(key => item.zero + key.at))
  return [item.from, item.to, ...jumps]
}

function envelopesOf({ cue }: Item): Envelope<unknown>[] {
  const { opacity, x, y, scale, rotation, crop, color, number, scroll } = cue
  const optional = [color, number?.envelope, scroll].filter(envelope => envelope !== undefined)
  return [opacity, x, y, scale, rotation, crop.left, crop.top, crop.right, crop.bottom, ...optional]
}

function nextSlide({ cue, zero, instead }: Item, at: number): number {
  const moment = cue.slides && !instead ? slideAt(cue.slides, at - zero) : undefined
  if (!moment) return Number.POSITIVE_INFINITY
  return moment.coming ? at : later(at, at + moment.left)
}

/** Of animated assets: the end of the picture that is to be seen. */
function nextPicture(item: Item, at: number, scope: Scope): number {
  const { cue, zero } = item
  if (cue.cue.text || cue.cue.shape || cue.cue.qr || !scope.context.assets) return Number.POSITIVE_INFINITY
  const slide = cue.slides && !item.instead ? slideAt(cue.slides, at - zero) : undefined
  const since = slide ? slide.since : at - zero
  let next = Number.POSITIVE_INFINITY
  for (const layer of layersOf(item, at, scope, () => {})) {
    const pictures = layer.kind === 'asset' ? picturesOf(layer.assetRef, scope.context) : undefined
    if (!pictures) continue
    const length = pictures[pictures.length - 1]
    const within = (cue.cue.loop ?? true) ? Math.max(0, since) % length : since
    const end = pictures.find(moment => moment > within)
    if (end !== undefined) next = Math.min(next, later(at, at + end - within))
  }
  return next
}

/** Sums of fractions may fall back onto the moment itself: a change in no time at all would be asked for without end. */
const later = (at: number, next: number): number => (next > at ? next : at + 1e-3)
