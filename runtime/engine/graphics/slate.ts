import { createCanvas, type SKRSContext2D } from '@napi-rs/canvas'
import { isRightToLeft } from '../../ocl/text.ts'
import type { Size } from '../../ocl/types.ts'
import { typefaceOf } from './fonts.ts'
import { readImage } from './image-file.ts'
import { wrapped } from './line-break.ts'
import { i420Of } from './yuv.ts'

const TITLE = 92
const SUBTITLE = 40
const SMALLEST = 0.4
const WIDTH = 0.78

/** A still that fills the frame: an image, cropped to its proportions, or words on a quiet dark ground. As I420. */
export async function drawSlate(
  slate: Size & { title: string; subtitle: string; image?: string },
): Promise<Uint8Array> {
  const { width, height, image } = slate
  const canvas = createCanvas(width, height)
  const context = canvas.getContext('2d')
  if (image) await cover(context, image, slate)
  else {
    ground(context, slate)
    words(context, slate)
  }
  return i420Of(canvas.data(), width, height)
}

async function cover(context: SKRSContext2D, file: string, { width, height }: Size): Promise<void> {
  const image = await readImage(file)
  const scale = Math.max(width / image.width, height / image.height)
  const drawn = { width: image.width * scale, height: image.height * scale }
  context.fillStyle = '#000000'
  context.fillRect(0, 0, width, height)
  context.imageSmoothingQuality = 'high'
  context.drawImage(image, (width - drawn.width) / 2, (height - drawn.height) / 2, drawn.width, drawn.height)
}

/**
 * Light on dark of one hue: only luma varies and chroma hardly does, because steps of 8-bit chroma in a dark gradient
 * show as coloured rings.
 */
const tone = (luma: number): string => `rgb(${luma - 9}, ${luma}, ${luma + 25})`

function ground(context: SKRSContext2D, { width, height }: Size): void {
  const glow = context.createRadialGradient(
    width / 2,
    height * 0.45,
    0,
    width / 2,
    height * 0.45,
    Math.hypot(width, height) * 0.55,
  )
  glow.addColorStop(0, tone(56))
  glow.addColorStop(0.35, tone(40))
  glow.addColorStop(1, tone(13))
  context.fillStyle = glow
  context.fillRect(0, 0, width, height)
}

/** Title, a short line, subtitle: one block in the middle, as large as fits. */
function words(
  context: SKRSContext2D,
  { width, height, title, subtitle }: Size & { title: string; subtitle: string },
): void {
  const unit = Math.min(width / 1920, height / 1080) * (width < height ? 1.5 : 1)
  const heading = paragraph(context, title, 'Inter SemiBold', TITLE * unit, width * WIDTH, width < height ? 4 : 2)
  const below = paragraph(context, subtitle, 'Inter', SUBTITLE * unit, width * WIDTH, 3)
  const rule = { width: 96 * unit, height: Math.max(2, Math.round(5 * unit)), space: 34 * unit }
  const both = heading.height > 0 && below.height > 0
  const total = heading.height + below.height + (both ? rule.height + 2 * rule.space : 0)
  const top = (height - total) / 2
  heading.draw(width / 2, top, '#f5f8fc')
  if (both) {
    context.fillStyle = '#56b6f7'
    context.beginPath()
    context.roundRect(
      (width - rule.width) / 2,
      top + heading.height + rule.space,
      rule.width,
      rule.height,
      rule.height / 2,
    )
    context.fill()
  }
  below.draw(width / 2, top + total - below.height, '#a9b8c9')
}

/** A centred text of at most so many lines: it shrinks until it fits, and what still does not fit is left out. */
function paragraph(context: SKRSContext2D, value: string, font: string, wanted: number, room: number, most: number) {
  const face = typefaceOf(font, value.trim())
  let size = wanted
  let lines: string[] = []
  for (; size >= wanted * SMALLEST; size *= 0.92) {
    context.font = face.at(size)
    lines = wrapped(face.value, room, line => context.measureText(line).width)
    if (lines.length <= most && lines.every(line => context.measureText(line).width <= room)) break
  }
  const kept = value.trim() ? lines.slice(0, most) : []
  const lineHeight = size * 1.2
  return {
    height: kept.length * lineHeight,
    draw(x: number, y: number, color: string) {
      context.font = face.at(size)
      context.fillStyle = color
      context.direction = isRightToLeft({ value }) ? 'rtl' : 'ltr'
      context.textAlign = 'center'
      kept.forEach((line, i) => {
        context.fillText(line, x, y + (i + 0.5) * lineHeight + size * 0.36)
      })
    },
  }
}
