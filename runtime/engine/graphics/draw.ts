import { createCanvas, type SKRSContext2D } from '@napi-rs/canvas'
import { VistterError } from '../../contract/errors.ts'
import { lineHeightOf, marginOf, textSize } from '../../ocl/text.ts'
import type { DrawnText, Size } from '../../ocl/types.ts'
import { canvasFont } from './fonts.ts'
import { readImage } from './image-file.ts'
import { type Drawing, MOST_PIXELS } from './jobs.ts'
import { type Planes, planesOf } from './yuv.ts'

const even = (pixels: number): number => Math.max(2, 2 * Math.ceil((pixels - 1e-3) / 2))

/** Draws an element at `scale` times its natural size on nothing. */
export async function drawSprite({ drawing, scale }: { drawing: Drawing; scale: number }): Promise<Planes> {
  const { natural } = drawing
  const width = even(natural.width * scale)
  const height = even(natural.height * scale)
  if (!(width * height <= MOST_PIXELS))
    throw new VistterError('OVERLAY_TOO_LARGE', `An element of ${width} x ${height} pixels cannot be shown.`)
  const canvas = createCanvas(width, height)
  const context = canvas.getContext('2d')
  context.scale(scale, scale)
  await draw(context, drawing)
  return planesOf(canvas.data(), width, height)
}

async function draw(context: SKRSContext2D, drawing: Drawing): Promise<void> {
  const { width, height } = drawing.natural
  switch (drawing.kind) {
    case 'image': {
      context.imageSmoothingQuality = 'high'
      context.drawImage(await readImage(drawing.file), 0, 0, width, height)
      return
    }
    case 'shape': {
      const { color = '#00000000', radius = 0 } = drawing.shape
      context.fillStyle = color
      context.beginPath()
      context.roundRect(0, 0, width, height, Math.min(radius, width / 2, height / 2))
      context.fill()
      return
    }
    case 'text':
      drawText(context, drawing.text, drawing.natural)
  }
}

/** Lines are centred in the height of the box and wrapped at its width. */
function drawText(context: SKRSContext2D, text: DrawnText, box: Size): void {
  if (text.background) {
    context.fillStyle = text.background
    context.fillRect(0, 0, box.width, box.height)
  }
  context.font = canvasFont(text.font, text.size)
  context.fillStyle = text.color
  const margin = marginOf(text)
  const room = box.width - 2 * margin.x
  const lines = wrap(context, text.value, room)
  const lineHeight = lineHeightOf(text)
  const { fontBoundingBoxAscent: ascent, fontBoundingBoxDescent: descent } = context.measureText('x')
  const top = (box.height - lines.length * lineHeight) / 2
  const baseline = top + (lineHeight + ascent - descent) / 2
  lines.forEach((line, i) => {
    const spare = room - context.measureText(line).width
    const indent = { left: 0, center: spare / 2, right: spare }[text.align]
    context.fillText(line, margin.x + indent, baseline + i * lineHeight)
  })
}

/** Breaks lines between words. A word that is too long for a line stays whole; half a pixel of rounding is forgiven. */
export function wrap(context: SKRSContext2D, value: string, room: number): string[] {
  return value.split('\n').flatMap(paragraph => {
    const lines: string[] = []
    let line: string | undefined
    for (const word of paragraph.split(' ')) {
      const longer: string = line === undefined ? word : `${line} ${word}`
      if (line !== undefined && context.measureText(longer).width > room + 0.5) {
        lines.push(line)
        line = word
      } else line = longer
    }
    return [...lines, line ?? '']
  })
}

/** Sizes of texts on one line each, or as many as they have line feeds. */
export function measureTexts({ texts }: { texts: DrawnText[] }): Size[] {
  const context = createCanvas(2, 2).getContext('2d')
  return texts.map(text => {
    context.font = canvasFont(text.font, text.size)
    const widths = text.value.split('\n').map(line => context.measureText(line).width)
    return textSize(text, Math.max(...widths))
  })
}
