import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Canvas, createCanvas, ImageData, loadImage, type SKRSContext2D } from '@napi-rs/canvas'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import type { OclDocument } from '../../runtime/contract/generated/ocl.v1.ts'
import { rgbaOf } from '../../runtime/engine/graphics/yuv.ts'
import { overlap } from '../../runtime/ocl/geometry.ts'
import { resolve } from '../../runtime/ocl/resolve.ts'
import type { Size } from '../../runtime/ocl/types.ts'
import { compared } from './golden.ts'
import { arena, docs, drawn, events, exampleIn, examples, scratch, sizeIn, view } from './ocl-drawn.ts'

// Some need an FFmpeg of their own, on machines that may be busy.
vi.setConfig({ testTimeout: 60_000 })

/**
 * Every example, and so every directive of the language, as pictures: the golden ones (a row each, at three moments), and
 * with UPDATE_GOLDEN=1 those two sheets anew, one for the tests and one for people.
 */
const update = process.env.UPDATE_GOLDEN !== undefined
const golden = join(import.meta.dirname, '../golden/ocl-examples.png')
/** Beside the moment of an example at which there is the most to be seen (ms). */
const MOMENTS = [250, 3_300]
const SMALL = { width: 160, height: 90 }
const rows = createCanvas((MOMENTS.length + 1) * SMALL.width, examples.length * SMALL.height)
let wanted: SKRSContext2D

const LARGE = { width: 320, height: 180 }
const COLUMNS = 5
const PITCH = { x: LARGE.width + 12, y: LARGE.height + 30 }
const sheet = createCanvas(COLUMNS * PITCH.x + 12, Math.ceil(examples.length / COLUMNS) * PITCH.y + 12)

beforeAll(async () => {
  const ground = sheet.getContext('2d')
  ground.fillStyle = '#16202a'
  ground.fillRect(0, 0, sheet.width, sheet.height)
  wanted = createCanvas(rows.width, rows.height).getContext('2d')
  if (!update) wanted.drawImage(await loadImage(golden), 0, 0)
})

afterAll(() => {
  rmSync(scratch, { recursive: true })
  if (!update) return
  const write = (file: string, canvas: Canvas) => writeFileSync(file, canvas.toBuffer('image/png'))
  write(golden, rows)
  write(join(docs, 'images/ocl-examples.png'), sheet)
})

/** When there is the most to be seen. */
function bestMoment(document: OclDocument): number {
  const { width, height } = document.timeline.resolution
  const frame = { x: 0, y: 0, width, height }
  const moments = Array.from({ length: 80 }, (_, n) => 300 + n * 250)
  const seen = (t: number) =>
    resolve(document, t).layers.reduce((sum, layer) => {
      const part = overlap(overlap(frame, layer.clip ?? layer), layer)
      return sum + (layer.opacity * part.width * part.height) / Math.max(1, layer.width * layer.height)
    }, 0)
  return moments.reduce((best, t) => (seen(t) > seen(best) + 0.01 ? t : best))
}

test.each(examples)('%s looks as it did, and nothing is missing', async name => {
  const document = exampleIn(name)
  const size = sizeIn(SMALL, document)
  const plain = view(size)
  const best = bestMoment(document)
  const differ: string[] = []
  for (const [column, t] of [best, ...MOMENTS].entries()) {
    const frame = await drawn(document, t, plain, size)
    if (t === best) expect(frame).not.toEqual(plain)
    const rgba = rgbaOf(frame, size.width, size.height)
    const [x, y] = [column * SMALL.width, examples.indexOf(name) * SMALL.height]
    rows.getContext('2d').putImageData(new ImageData(rgba, size.width, size.height), x, y)
    const { count, most } = compared(rgba, wanted.getImageData(x, y, size.width, size.height).data, size)
    if (count > 0) differ.push(`at ${t} ms ${count} samples differ, by up to ${most}`)
  }
  expect(events.splice(0).map(({ message }) => message)).toEqual([])
  expect(arena.bytesInUse).toBe(0)
  if (update) await hang(name, document, best)
  else expect(differ).toEqual([])
})

/** On the sheet for people: beside the others, with its name. */
async function hang(name: string, document: OclDocument, t: number): Promise<void> {
  const size: Size = sizeIn(LARGE, document)
  const { width, height } = size
  const rgba = rgbaOf(await drawn(document, t, view(size), size), width, height)
  const context = sheet.getContext('2d')
  const n = examples.indexOf(name)
  const [x, y] = [12 + (n % COLUMNS) * PITCH.x, 12 + Math.floor(n / COLUMNS) * PITCH.y]
  context.putImageData(new ImageData(rgba, width, height), x + (LARGE.width - width) / 2, y)
  context.fillStyle = '#e8edf2'
  context.font = '14px "vistter-inter"'
  context.fillText(name.replace('.json', ''), x, y + LARGE.height + 18)
}
