import { createCanvas, type SKRSContext2D } from '@napi-rs/canvas'
import type { Shadow } from '../../contract/generated/ocl.v1.ts'
import type { Box, DrawnText, Size } from '../../ocl/types.ts'
import type { Element, Pen } from './element.ts'
import { layoutOf, type TextLayout } from './text-layout.ts'

/** How far letters may reach beyond their line, as multiples of the font's size: swashes, stacked accents, tall scripts. */
const REACH = 0.75

/** A box behind the words, their shadow, their outline, and the words. */
export function textElement(text: DrawnText, box: Size): Element {
  const layout = layoutOf(text, box)
  const clipped = text.fit === 'clip' && !text.ticker
  return {
    ink: clipped ? { x: 0, y: 0, ...box } : inkOf(text, layout, box),
    loose: true,
    missing: layout.missing,
    paint(pen) {
      const { context } = pen
      if (text.background && !text.ticker) {
        context.fillStyle = text.background
        frame(context, text, box)
        context.fill()
      }
      if (clipped) {
        frame(context, text, box)
        context.clip()
      }
      if (text.shadow) withShadow(pen, text.shadow, context => words(context, text, layout))
      else words(context, text, layout)
    },
  }
}

function frame(context: SKRSContext2D, { radius = 0 }: DrawnText, { width, height }: Size): void {
  context.beginPath()
  context.roundRect(0, 0, width, height, Math.min(radius, width / 2, height / 2))
}

function words(context: SKRSContext2D, { color, outline }: DrawnText, { direction, lines }: TextLayout): void {
  context.direction = direction
  context.textAlign = 'left'
  const each = (draw: (value: string, x: number, y: number) => void) => {
    for (const { runs, baseline } of lines)
      for (const { value, x, font } of runs) {
        context.font = font
        draw(value, x, baseline)
      }
  }
  if (outline && outline.width > 0) {
    // Half of a line lies inside the letters, where the words cover it.
    context.lineWidth = 2 * outline.width
    context.lineJoin = 'round'
    context.strokeStyle = outline.color
    each((value, x, y) => context.strokeText(value, x, y))
    if (isTranslucent(color)) {
      context.globalCompositeOperation = 'destination-out'
      context.fillStyle = '#000000'
      each((value, x, y) => context.fillText(value, x, y))
      context.globalCompositeOperation = 'source-over'
    }
  }
  context.fillStyle = color
  each((value, x, y) => context.fillText(value, x, y))
}

const isTranslucent = (color: string): boolean => color.length === 9 && !/ff$/i.test(color)

/** Painted aside first: the shadow is that of all of it together. A canvas neither scales nor turns shadows. */
function withShadow(
  { context, scale, turn }: Pen,
  { color, x = 0, y = 0, blur = 0 }: Shadow,
  paint: (context: SKRSContext2D) => void,
): void {
  const aside = createCanvas(context.canvas.width, context.canvas.height)
  const other = aside.getContext('2d')
  other.setTransform(context.getTransform())
  paint(other)
  context.save()
  context.resetTransform()
  context.shadowColor = color
  context.shadowBlur = blur * scale
  context.shadowOffsetX = (x * Math.cos(turn) - y * Math.sin(turn)) * scale
  context.shadowOffsetY = (x * Math.sin(turn) + y * Math.cos(turn)) * scale
  context.drawImage(aside, 0, 0)
  context.restore()
}

/** The box and all that may stand out of it. */
function inkOf({ outline, shadow }: DrawnText, { lines, size }: TextLayout, box: Size): Box {
  const reach = REACH * size + (outline?.width ?? 0)
  const { x = 0, y = 0, blur = 0 } = shadow ?? {}
  const around = shadow ? 1.5 * blur : 0
  const sides = lines.flatMap(line => [line.x - reach, line.x + line.width + reach])
  const heights = lines.flatMap(line => [line.baseline - size - reach, line.baseline + reach])
  const left = Math.min(0, ...sides) + Math.min(0, x - around)
  const top = Math.min(0, ...heights) + Math.min(0, y - around)
  const right = Math.max(box.width, ...sides) + Math.max(0, x + around)
  const bottom = Math.max(box.height, ...heights) + Math.max(0, y + around)
  return { x: left, y: top, width: right - left, height: bottom - top }
}
