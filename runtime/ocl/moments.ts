import { picturesOf } from './content.ts'
import { layersOf, slideSteps, stretchesFor } from './layer.ts'
import type { Item } from './plan.ts'
import type { Scope } from './scope.ts'
import { bitmapEnvelopes, momentsIn } from './stretches.ts'

/** Of changes that repeat without end only so many are looked at: there is nothing new in the later ones. */
const MOST_MOMENTS = 2_000

/** A span of an item's own time, ms. */
interface Span {
  from: number
  to: number
}

/**
 * Moments (ms of the item's own time) between which none of its bitmaps changes: with a window the first moment of that
 * and all inside it; without one those of the whole item, as far as they are not repetitions.
 */
export function momentsOf(item: Item, scope: Scope, window?: Span): number[] {
  const { cue, zero, from, to } = item
  const first = from - zero
  const moments = new Set<number>([first])
  for (const keys of [...bitmapEnvelopes(cue), cue.text ?? []]) for (const { at } of keys) moments.add(at)
  const stretches = stretchesFor(item, { since: 0, ...(cue.slides && { slide: 0 }) }, scope)
  for (const stretch of stretches) {
    for (const at of momentsIn(stretch)) moments.add(at)
    moments.add(stretch.to)
  }
  if (!window) {
    for (const stretch of [{ from: first, to: first }, ...stretches]) repeated(item, stretch, scope, moments)
    return [...moments].filter(at => at >= first && at < to - zero)
  }
  const begin = Math.max(first, window.from)
  repeated(item, { from: begin, to: window.to }, scope, moments, true)
  return [begin, ...[...moments].filter(at => at > begin && at <= window.to)].filter(at => at < to - zero)
}

/** Slides and the pictures of animated assets: during a stretch, and once around after it; `only`: not after it. */
function repeated(item: Item, span: Span, scope: Scope, moments: Set<number>, only = false): void {
  const { cue } = item
  const { slides } = cue
  if (!slides || item.instead) {
    for (const at of picturesFrom(cue.cue.assetRef, item, scope, span.from, span.to)) moments.add(at)
    return
  }
  const { items, length, motion } = slides
  if (!(length > 0)) return
  let count = 0
  // The last slide of the round before may still be moving below the first one.
  const first = Math.floor(span.from / length) * length - (only ? length : 0)
  const last = span.to + (only ? 0 : length)
  for (let round = first; round <= last; round += length)
    for (const { assetRef, start, duration } of items) {
      const at = round + start
      const coming = Math.min(motion?.duration ?? 0, duration)
      // What lies below may be there for as long as another one takes to come.
      if (only && (at > span.to || at + duration + (motion?.duration ?? 0) < span.from)) continue
      if (count++ > MOST_MOMENTS) return
      moments.add(at)
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
