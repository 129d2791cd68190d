import { createCanvas, type SKRSContext2D } from '@napi-rs/canvas'
import { lineHeightOf, linesOf, marginOf, textSize } from '../../ocl/text.ts'
import type { DrawnText, Size } from '../../ocl/types.ts'
import { type Typeface, typefaceOf } from './fonts.ts'
import { atMost, wrapped } from './line-break.ts'

/** Where the words of a text stand, in pixels of the base resolution from the top left of its box. */
export interface TextLayout {
  /** For `context.font`. */
  font: string
  direction: 'ltr' | 'rtl'
  /** Of the font, as it was made to fit. */
  size: number
  lines: { value: string; x: number; baseline: number; width: number }[]
  /** Characters that no font has. */
  missing: string[]
}

/** Right-to-left letters: Hebrew to Arabic Extended-A, their presentation forms, and the old scripts beyond U+FFFF. */
const RIGHT_TO_LEFT = /^[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff\u{10800}-\u{10fff}\u{1e800}-\u{1efff}]/u
const SMALLEST = 1
const STEPS = 12

const scratch = createCanvas(2, 2).getContext('2d')

/** That of the text, or of its first letter. */
export function directionOf({ value, direction }: Pick<DrawnText, 'value' | 'direction'>): 'ltr' | 'rtl' {
  if (direction === 'ltr' || direction === 'rtl') return direction
  return RIGHT_TO_LEFT.test(/\p{L}/u.exec(value)?.[0] ?? '') ? 'rtl' : 'ltr'
}

/** Sizes of texts on one line each, or as many as they have line feeds. */
export function measureTexts({ texts }: { texts: DrawnText[] }): Size[] {
  return texts.map(text => {
    const face = typefaceOf(text.font, text.value, text.locale)
    const lines = broken({ ...text, value: face.value }, Number.POSITIVE_INFINITY, face)
    return textSize(text, Math.max(...lines.map(measureIn(scratch, face, text.size))))
  })
}

export function layoutOf(text: DrawnText, box: Size): TextLayout {
  const face = typefaceOf(text.font, text.value, text.locale)
  const whole: DrawnText = { ...text, value: face.value }
  const size = text.fit === 'shrink' && !text.ticker ? sizeThatFits(whole, box, face) : text.size
  const drawn = { ...whole, size }
  const margin = marginOf(drawn)
  const room = box.width - 2 * margin.x
  const lines = broken(drawn, room, face)
  const lineHeight = lineHeightOf(drawn)
  const over = box.height - 2 * margin.y - lines.length * lineHeight
  // What is cut off is the end of a text, not its beginning.
  const spare = text.fit === 'clip' ? Math.max(0, over) : over
  const top = margin.y + spare * { top: 0, middle: 0.5, bottom: 1 }[text.verticalAlign ?? 'middle']
  const width = measureIn(scratch, face, size)
  const { fontBoundingBoxAscent: ascent, fontBoundingBoxDescent: descent } = scratch.measureText('x')
  const baseline = top + (lineHeight + ascent - descent) / 2
  const placed = lines.map((value, i) => {
    const lineWidth = width(value)
    const indent = (room - lineWidth) * { left: 0, center: 0.5, right: 1 }[text.ticker ? 'left' : text.align]
    return { value, x: margin.x + indent, baseline: baseline + i * lineHeight, width: lineWidth }
  })
  return { font: face.at(size), direction: directionOf(text), size, lines: placed, missing: face.missing }
}

function measureIn(context: SKRSContext2D, face: Typeface, size: number): (value: string) => number {
  context.font = face.at(size)
  return value => context.measureText(value).width
}

function broken(text: DrawnText, room: number, face: Typeface): string[] {
  if (text.ticker) return linesOf(text)
  const measure = measureIn(scratch, face, text.size)
  const lines = wrapped(text.value, room, measure)
  return atMost(lines, text.maxLines ?? Number.POSITIVE_INFINITY, room, measure)
}

/** The largest size up to the text's own at which all of it fits its box; found by halving, so the same every time. */
function sizeThatFits(text: DrawnText, box: Size, face: Typeface): number {
  if (fits(text, box, face)) return text.size
  let low = Math.min(SMALLEST, text.size)
  let high = text.size
  for (let n = 0; n < STEPS; n++) {
    const middle = (low + high) / 2
    if (fits({ ...text, size: middle }, box, face)) low = middle
    else high = middle
  }
  return low
}

function fits(text: DrawnText, box: Size, face: Typeface): boolean {
  const margin = marginOf(text)
  const room = box.width - 2 * margin.x
  const measure = measureIn(scratch, face, text.size)
  const lines = wrapped(text.value, room, measure)
  return (
    lines.length <= (text.maxLines ?? Number.POSITIVE_INFINITY) &&
    lines.length * lineHeightOf(text) <= box.height - 2 * margin.y + 0.5 &&
    lines.every(line => measure(line) <= room + 0.5)
  )
}
