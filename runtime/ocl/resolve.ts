import type { OclDocument } from '../contract/generated/ocl.v1.ts'
import { contentOf } from './content.ts'
import { heldAt, movingSpans, valueAt } from './envelope.ts'
import { anchored, overlap, safeGrid, shown, shrunk, slid, wiped } from './geometry.ts'
import { type Item, plan, positionAt } from './plan.ts'
import { bitmapScale } from './sprites.ts'
import type { Box, Finding, Layer, ResolveContext, Resolved } from './types.ts'

/**
 * What is on the screen at `t` (ms since the document, or its scene `context.scene`, was started), in paint order.
 * Pure: the same arguments always give the same answer, in whatever order moments are asked for.
 * A cue is there from its start up to, not including, its end; one whose opacity is 0 at that moment is still listed.
 * The document must have passed validateOcl. Warnings tell of missing assets and tokens of what is on the screen.
 */
export function resolve(document: OclDocument, t: number, context: ResolveContext = {}): Resolved {
  const warnings: Finding[] = []
  const position = positionAt(document, t, context)
  if (!position) return { layers: [], warnings }
  const { at } = position
  const layers = plan(document, context)
    .filter(item => at >= item.from && at < item.to)
    .flatMap(item => layerOf(item, at, document, context, warnings) ?? [])
  return { layers: layers.sort((a, b) => a.layer - b.layer), warnings }
}

/**
 * The smallest moment after `t` (ms) at which resolve may answer differently; `t` itself while something moves;
 * Infinity when nothing changes any more.
 */
export function nextChange(document: OclDocument, t: number, context: ResolveContext = {}): number {
  if (t < 0) return 0
  const position = positionAt(document, t, context)
  if (!position) return Number.POSITIVE_INFINITY
  const { at, shift, end } = position
  let next = end
  for (const item of plan(document, context)) {
    for (const [from, to] of motionsOf(item)) {
      if (at >= from && at < to) return t
      if (from > at) next = Math.min(next, from)
      if (to > at) next = Math.min(next, to)
    }
    for (const moment of momentsOf(item)) if (moment > at) next = Math.min(next, moment)
  }
  return next - shift
}

function layerOf(
  item: Item,
  at: number,
  document: OclDocument,
  context: ResolveContext,
  warnings: Finding[],
): Layer | undefined {
  const { cue, zero, to } = item
  const frame = document.timeline.resolution
  const local = at - zero
  const words = cue.text && heldAt(cue.text, local)
  const content = contentOf(item, words, document, context, finding => warnings.push(finding))
  if (!content) return undefined

  const region: Box = cue.cue.unsafe ? { x: 0, y: 0, ...frame } : safeGrid(frame)
  const anchor = cue.cue.properties?.position ? cue.cue.properties.position.anchor : 'center'
  const scale = valueAt(cue.scale, local)
  const { width, height } = content.natural
  let box = anchored(region, anchor, valueAt(cue.x, local), valueAt(cue.y, local), {
    width: width * scale,
    height: height * scale,
  })
  let opacity = valueAt(cue.opacity, local)
  let clip: Box | undefined
  let grown = scale
  const steps = [
    { motion: cue.in, since: local, going: false },
    { motion: cue.out, since: at - (to - (cue.out?.duration ?? 0)), going: true },
  ]
  for (const { motion, since, going } of steps) {
    if (!motion) continue
    const visible = shown(motion, since, going)
    if (visible === 1) continue
    if (motion.type === 'fade') opacity *= visible
    if (motion.type === 'slide') box = slid(box, motion, visible, going, frame)
    if (motion.type === 'scale') {
      box = shrunk(box, visible)
      grown *= visible
    }
    if (motion.type === 'wipe') {
      const part = wiped(box, motion, visible, going)
      clip = clip ? overlap(clip, part) : part
    }
  }
  return {
    cue: cue.cue.id,
    layer: cue.cue.layer,
    ...content,
    ...box,
    // Of size 0 there is no bitmap; the smallest one must not show in its place.
    opacity: grown > 0 ? opacity : 0,
    ...(clip && { clip }),
    bitmapScale: bitmapScale(cue, grown, content.natural),
  }
}

/** Spans of the timeline in which an item moves or fades. */
function motionsOf({ cue, zero, from, to }: Item): [number, number][] {
  const spans = [cue.opacity, cue.x, cue.y, cue.scale]
    .flatMap(movingSpans)
    .map(([start, end]): [number, number] => [zero + start, zero + end])
  if (cue.in) spans.push([zero, zero + cue.in.duration])
  if (cue.out) spans.push([to - cue.out.duration, to])
  return spans
    .map(([start, end]): [number, number] => [Math.max(start, from), Math.min(end, to)])
    .filter(([a, b]) => a < b)
}

/** Moments at which an item changes at once. */
function momentsOf({ cue, zero, from, to }: Item): number[] {
  const jumps = [cue.opacity, cue.x, cue.y, cue.scale, cue.text ?? []].flatMap(keys => keys.map(key => zero + key.at))
  return [from, to, ...jumps]
}
