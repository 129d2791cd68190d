import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createCanvas, ImageData, loadImage } from '@napi-rs/canvas'
import { drawSprite } from '../../runtime/engine/graphics/draw.ts'
import type { Drawing } from '../../runtime/engine/graphics/jobs.ts'
import { i420Of, type Planes, rgbaOf } from '../../runtime/engine/graphics/yuv.ts'
import type { Size } from '../../runtime/ocl/types.ts'

/** Largest difference of any luma or chroma sample, of 255: what processors round in other ways stays below it. */
const TOLERANCE = 2
const folder = join(import.meta.dirname, '..', 'golden')

/** Drawings side by side as the mixer shows them, over a ground on which light, dark and transparent can be told apart. */
export interface Golden {
  name: string
  size: Size
  scale?: number
  elements: { x: number; y: number; drawing: Drawing }[]
}

/**
 * Compares with test/golden/NAME.png; says what differs. With UPDATE_GOLDEN=1 the picture is written instead: look at it.
 */
export async function differenceOf(golden: Golden): Promise<string> {
  const { width, height } = golden.size
  const rgba = rgbaOf(await frameOf(golden), width, height)
  const file = join(folder, `${golden.name}.png`)
  const canvas = createCanvas(width, height)
  const context = canvas.getContext('2d')
  if (process.env.UPDATE_GOLDEN) {
    context.putImageData(new ImageData(rgba, width, height), 0, 0)
    writeFileSync(file, canvas.toBuffer('image/png'))
    return ''
  }
  if (!existsSync(file)) return `${file} is not there`
  context.drawImage(await loadImage(file), 0, 0)
  const { count, most } = compared(rgba, canvas.data(), golden.size)
  return count === 0 ? '' : `${golden.name}: ${count} samples differ, by up to ${most}`
}

/** How many samples of luma and chroma of two RGBA pictures differ by more than processors do, and by how much at most. */
export function compared(
  got: Uint8Array | Uint8ClampedArray,
  wanted: Uint8Array | Uint8ClampedArray,
  { width, height }: Size,
): { count: number; most: number } {
  const planes = [got, wanted].map(({ buffer, byteOffset, byteLength }) =>
    i420Of(new Uint8Array(buffer, byteOffset, byteLength), width, height),
  )
  const off = planes[0].map((sample, i) => Math.abs(sample - planes[1][i]))
  return { count: off.filter(by => by > TOLERANCE).length, most: off.reduce((most, by) => Math.max(most, by), 0) }
}

async function frameOf({ size, scale = 1, elements }: Golden): Promise<Uint8Array> {
  const frame = ground(size)
  for (const { x, y, drawing } of elements) {
    const planes = await drawSprite({ drawing, scale })
    blend(frame, size, planes, { x: x - (planes.left ?? 0), y: y - (planes.top ?? 0) })
  }
  return frame
}

function ground({ width, height }: Size): Uint8Array {
  const rgba = new Uint8Array(width * height * 4)
  for (let i = 0, at = 0; i < width * height; i++, at += 4) {
    const light = (((i % width) >> 4) + (Math.floor(i / width) >> 4)) % 2 === 0
    rgba.set(light ? [74, 104, 134, 255] : [62, 92, 122, 255], at)
  }
  return i420Of(rgba, width, height)
}

/** As sprite.ts says it; only for even places. */
function blend(frame: Uint8Array, size: Size, planes: Planes, place: { x: number; y: number }): void {
  const whole = size.width * size.height
  const plane = (at: number, half: number, colour: Uint8Array, alpha: Uint8Array) => {
    const [width, height] = [size.width / half, size.height / half]
    const columns = planes.width / half
    for (const [i, value] of colour.entries()) {
      const x = place.x / half + (i % columns)
      const y = place.y / half + Math.floor(i / columns)
      if (x < 0 || y < 0 || x >= width || y >= height) continue
      const to = at + y * width + x
      frame[to] = Math.round((frame[to] * (255 - alpha[i])) / 255 + value)
    }
  }
  plane(0, 1, planes.y, planes.a)
  plane(whole, 2, planes.u, planes.ac)
  plane((whole * 5) / 4, 2, planes.v, planes.ac)
}
