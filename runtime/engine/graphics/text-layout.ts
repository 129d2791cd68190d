import { createCanvas } from '@napi-rs/canvas'
import { isRightToLeft, lineHeightOf, linesOf, marginOf, textSize } from '../../ocl/text.ts'
import type { DrawnText, Size } from '../../ocl/types.ts'
import { type Typeface, typefaceOf } from './fonts.ts'
import { atMost, type Measure, wrapped } from './line-break.ts'

/** Where the words of a text stand, in pixels of the base resolution from the top left of its box. */
export interface TextLayout {
  direction: 'ltr' | 'rtl'
  /** Of the font, as it was made to fit. */
  size: number
  lines: PlacedLine[]
  /** Characters that no font has. */
  missing: string[]
}

interface PlacedLine {
  value: string
  x: number
  baseline: number
  width: number
  /** What is drawn; `font` is for `context.font`. */
  runs: { value: string; x: number; font: string }[]
}

const SMALLEST = 1
const STEPS = 12

const scratch = createCanvas(2, 2).getContext('2d')

/** Sizes of texts on one line each, or as many as they have line feeds. */
export function measureTexts({ texts }: { texts: DrawnText[] }): Size[] {
  return texts.map(text => {
    const face = typefaceOf(text.font, text.value, text.locale)
    const lines = broken({ ...text, value: face.value }, Number.POSITIVE_INFINITY, face)
    return textSize(text, Math.max(...lines.map(ruler(face, text.size))))
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
  const width = ruler(face, size)
  scratch.font = face.at(size)
  const { fontBoundingBoxAscent: ascent, fontBoundingBoxDescent: descent } = scratch.measureText('x')
  const baseline = top + (lineHeight + ascent - descent) / 2
  const placed = lines.map((value, i): PlacedLine => {
    const lineWidth = width(value)
    const indent = (room - lineWidth) * { left: 0, center: 0.5, right: 1 }[text.ticker ? 'left' : text.align]
    const x = margin.x + indent
    let next = x
    const runs = face.runsOf(value).map(run => {
      const placed = { value: run.value, x: next, font: run.at(size) }
      next += width(run.value)
      return placed
    })
    return { value, x, baseline: baseline + i * lineHeight, width: lineWidth, runs }
  })
  return { direction: isRightToLeft(text) ? 'rtl' : 'ltr', size, lines: placed, missing: face.missing }
}

/** Measures lines and parts of them; each is looked at once. */
function ruler(face: Typeface, size: number): Measure {
  const known = new Map<string, number>()
  return value => {
    let width = known.get(value)
    if (width === undefined) {
      width = 0
      for (const run of face.runsOf(value)) {
        scratch.font = run.at(size)
        width += scratch.measureText(run.value).width
      }
      known.set(value, width)
    }
    return width
  }
}

function broken(text: DrawnText, room: number, face: Typeface): string[] {
  if (text.ticker) return linesOf(text)
  const measure = ruler(face, text.size)
  const lines = wrapped(text.value, room, measure)
  return atMost(lines, text.maxLines ?? Number.POSITIVE_INFINITY, room, measure)
}

/**
 * The largest size up to the text's own at which all of it fits its box; found by halving, so the same every time. Widths
 * grow with the size, so that pieces are measured at one size only.
 */
function sizeThatFits(text: DrawnText, box: Size, face: Typeface): number {
  const own = ruler(face, text.size)
  const fits = (size: number): boolean => {
    const by = size / text.size
    return fitsAt({ ...text, size }, box, value => own(value) * by)
  }
  if (fits(text.size)) return text.size
  let low = Math.min(SMALLEST, text.size)
  let high = text.size
  for (let n = 0; n < STEPS; n++) {
    const middle = (low + high) / 2
    if (fits(middle)) low = middle
    else high = middle
  }
  return low
}

function fitsAt(text: DrawnText, box: Size, measure: Measure): boolean {
  const margin = marginOf(text)
  const room = box.width - 2 * margin.x
  const lines = wrapped(text.value, room, measure)
  return (
    lines.length <= (text.maxLines ?? Number.POSITIVE_INFINITY) &&
    lines.length * lineHeightOf(text) <= box.height - 2 * margin.y + 0.5 &&
    lines.every(line => measure(line) <= room + 0.5)
  )
}
