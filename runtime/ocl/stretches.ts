import { timelineOf } from './compile.ts'
import type { CompiledCue } from './compile-cue.ts'
import { type Envelope, movingSpans } from './envelope.ts'
import type { Item } from './plan.ts'
import { estimateText } from './text.ts'
import type { Size } from './types.ts'

/** A stretch of an item's own time (ms) in which its bitmap changes, cut into equal steps. */
export interface Stretch {
  from: number
  to: number
  steps: number
}

/** At most this many bitmaps for one moving element, and at most this many pixels in all of them (about 70 MB). */
const MOST = 240
const PIXELS = 24_000_000
/** A step that changes the size by fewer pixels than this is not worth a bitmap. */
const STEP = 1
/** Just before: the end of a stretch as it looks from within. */
const HAIR = 1e-6

/**
 * The moment whose bitmap is shown at `local`: itself where nothing of the bitmap moves, and the nearest step where
 * something does. So however many properties move together, the number of bitmaps is that of the steps.
 */
export function snapped(stretches: Stretch[], local: number): number {
  for (const { from, to, steps } of stretches) {
    if (local < from) return local
    if (local >= to) continue
    const n = Math.round(((local - from) / (to - from)) * steps)
    return n >= steps ? to - HAIR : from + (n * (to - from)) / steps
  }
  return local
}

/** Moments in a stretch between which the bitmap stays the same. */
export function momentsIn({ from, to, steps }: Stretch): number[] {
  const step = (to - from) / steps
  const moments = [from, to - HAIR]
  for (let n = 1; n <= steps; n++) moments.push(from + (n - 0.5) * step + HAIR)
  for (let n = 1; n < steps; n++) moments.push(from + n * step)
  return moments
}

/** In order of time, without overlaps. `natural` is the size at scale 1: larger bitmaps get fewer steps. */
export function stretchesOf(item: Item, natural: Size, rate: number): Stretch[] {
  const { cue } = item
  const length = item.to - item.zero
  const envelopes = bitmapEnvelopes(cue)
  const spans = envelopes.flatMap(envelope => movingSpans<unknown>(envelope))
  const growths = [
    cue.in?.type === 'scale' && [0, cue.in.duration],
    cue.out?.type === 'scale' && [length - cue.out.duration, length],
  ]
  for (const growth of growths) if (growth) spans.push([growth[0], growth[1]])
  if (spans.length === 0) return []

  const cuts = [...spans.flat(), ...envelopes.flatMap(envelope => envelope.map(key => key.at))]
    .map(at => Math.min(length, Math.max(0, at)))
    .toSorted((a, b) => a - b)
  const pieces = covered(cuts, spans)
  const total = pieces.reduce((sum, [from, to]) => sum + to - from, 0)
  const count = Math.min(MOST, (total * rate) / 1_000, worth(cue, natural), affordable(cue, natural))
  return pieces.map(([from, to]) => ({ from, to, steps: Math.max(1, Math.round((count * (to - from)) / total)) }))
}

/** The pieces between these cuts (rising) that lie in any of the spans, whose ends are among the cuts. */
function covered(cuts: number[], spans: [number, number][]): [number, number][] {
  const rising = spans.toSorted((a, b) => a[0] - b[0])
  let next = 0
  let until = Number.NEGATIVE_INFINITY
  return cuts.slice(1).flatMap((to, i): [number, number][] => {
    const from = cuts[i]
    while (next < rising.length && rising[next][0] <= from) until = Math.max(until, rising[next++][1])
    return until > from && to - from > HAIR * 10 ? [[from, to]] : []
  })
}

export function bitmapEnvelopes(cue: CompiledCue): Envelope<unknown>[] {
  const { scale, rotation, crop, turns, color, number } = cue
  const optional = [color, number?.envelope].filter(envelope => envelope !== undefined)
  return [scale, ...(turns ? [rotation, crop.left, crop.top, crop.right, crop.bottom] : []), ...optional]
}

/** Size at scale 1, as far as it is known without measuring: steps must be the same before and after that. */
export function roughSize(item: Item, natural: Size): Size {
  const { properties, text } = item.cue.cue
  if (properties?.size || !text) return natural
  return estimateText({ font: 'Inter', size: 48, color: '', align: 'left', ...text })
}

export const rateOf = (document: Parameters<typeof timelineOf>[0]): number => timelineOf(document).rate

function scalesOf({ scale, in: coming, out }: CompiledCue): number[] {
  const values = scale.map(key => key.value)
  const ends = [coming, out].flatMap(motion => (motion?.type === 'scale' ? [motion.from] : []))
  const top = Math.max(...values)
  return [...values, ...ends.map(from => from * top)]
}

/** Steps of size that can be told apart; any number where more than the size moves. */
function worth(cue: CompiledCue, { width, height }: Size): number {
  if (bitmapEnvelopes(cue).some((envelope, n) => n > 0 && envelope.length > 1)) return MOST
  const values = scalesOf(cue)
  const way = values.slice(1).reduce((sum, value, i) => sum + Math.abs(value - values[i]), 0)
  return Math.ceil((2 * Math.max(width, height) * way) / STEP)
}

function affordable(cue: CompiledCue, { width, height }: Size): number {
  const values = scalesOf(cue)
  const [low, top] = [Math.min(...values), Math.max(...values)]
  const area = cue.turns ? width ** 2 + height ** 2 : width * height
  return Math.floor(PIXELS / Math.max(1, (area * (low ** 2 + low * top + top ** 2)) / 3))
}
