import { createCanvas } from '@napi-rs/canvas'
import { VistterError } from '../../contract/errors.ts'
import type { Box, Posture, Size } from '../../ocl/types.ts'
import { imageElement } from './draw-image.ts'
import { qrElement } from './draw-qr.ts'
import { shapeElement } from './draw-shape.ts'
import { textElement } from './draw-text.ts'
import type { Element } from './element.ts'
import { type Drawing, MOST_PIXELS } from './jobs.ts'
import { trimmed } from './trim.ts'
import { type Planes, planesOf } from './yuv.ts'

/** A thousandth of a pixel is a rounding error, and not worth two columns. */
const SLACK = 1e-3
const evenUp = (pixels: number): number => 2 * Math.ceil((pixels - SLACK) / 2)

/** Draws an element at `scale` times its natural size on nothing. */
export async function drawSprite({ drawing, scale }: { drawing: Drawing; scale: number }): Promise<Planes> {
  const element = elementOf(drawing)
  const { natural } = drawing
  const turn = ((drawing.rotation ?? 0) * Math.PI) / 180
  const reach = turned(element.ink, natural, turn)
  const left = evenUp(-reach.x * scale)
  const top = evenUp(-reach.y * scale)
  const width = Math.max(2, evenUp((reach.x + reach.width) * scale + left))
  const height = Math.max(2, evenUp((reach.y + reach.height) * scale + top))
  if (!(width * height <= MOST_PIXELS))
    throw new VistterError('OVERLAY_TOO_LARGE', `An element of ${width} x ${height} pixels cannot be shown.`)

  const canvas = createCanvas(width, height)
  const context = canvas.getContext('2d')
  context.translate(left, top)
  context.scale(scale, scale)
  context.translate(natural.width / 2, natural.height / 2)
  context.rotate(turn)
  context.translate(-natural.width / 2, -natural.height / 2)
  if (drawing.crop) {
    const { x, y, width, height } = cropped(natural, element.ink, drawing.crop)
    context.beginPath()
    context.rect(x, y, width, height)
    context.clip()
  }
  await element.paint({ context, scale, turn })
  const { missing = [] } = element
  const whole = { rgba: canvas.data(), width, height, left, top }
  const part = element.loose ? trimmed(whole) : whole
  return { ...planesOf(part.rgba, part.width, part.height), left: part.left, top: part.top, missing }
}

function elementOf(drawing: Drawing): Element {
  switch (drawing.kind) {
    case 'image':
      return imageElement(drawing.file, drawing.natural, drawing.fit, drawing.picture)
    case 'shape':
      return shapeElement(drawing.shape, drawing.natural)
    case 'qr':
      return qrElement(drawing.qr, drawing.natural)
    case 'text':
      return textElement(drawing.text, drawing.natural)
  }
}

/** What a box covers after it was turned around the middle of an element. */
function turned({ x, y, width, height }: Box, natural: Size, turn: number): Box {
  if (turn === 0) return { x, y, width, height }
  const middle = { x: natural.width / 2, y: natural.height / 2 }
  const [cos, sin] = [Math.cos(turn), Math.sin(turn)]
  const corners = [x, x + width].flatMap(column =>
    [y, y + height].map(row => {
      const [dx, dy] = [column - middle.x, row - middle.y]
      return { x: middle.x + dx * cos - dy * sin, y: middle.y + dx * sin + dy * cos }
    }),
  )
  const [xs, ys] = [corners.map(corner => corner.x), corners.map(corner => corner.y)]
  const [first, above] = [Math.min(...xs), Math.min(...ys)]
  return { x: first, y: above, width: Math.max(...xs) - first, height: Math.max(...ys) - above }
}

/** Fractions are of the element; a side that is not cropped keeps what stands out of it. */
function cropped(
  natural: Size,
  ink: Box,
  { left = 0, top = 0, right = 0, bottom = 0 }: NonNullable<Posture['crop']>,
): Box {
  const x = left > 0 ? left * natural.width : ink.x
  const y = top > 0 ? top * natural.height : ink.y
  const end = right > 0 ? (1 - right) * natural.width : ink.x + ink.width
  const below = bottom > 0 ? (1 - bottom) * natural.height : ink.y + ink.height
  return { x, y, width: Math.max(0, end - x), height: Math.max(0, below - y) }
}
