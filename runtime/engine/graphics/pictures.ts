import { stat } from 'node:fs/promises'
import { type Canvas, createCanvas, type Image, ImageData } from '@napi-rs/canvas'
import { type Pixels, picturesOf, type Timing, timingOf } from './animation.ts'
import { broken, decoded, type ImageFile, readImageFile } from './image-file.ts'

interface Known {
  timing: Timing
  pictures: Promise<Pixels[]>
  forget: NodeJS.Timeout
}

/** So long after its last use a file is decoded anew; one that is on air is asked for picture after picture. */
const KEEP_MS = 10_000
/** Of all files together, four bytes each. */
const MOST_PIXELS = 96_000_000

const known = new Map<string, Known>()

/** One picture of a file: of one that moves the n-th, of a still the only one. Throws ASSET_MISSING or ASSET_BROKEN. */
export async function pictureOf(file: string, n = 0): Promise<Canvas | Image> {
  const { mtimeMs, size } = await stat(file).catch(() => ({ mtimeMs: 0, size: 0 }))
  const key = `${file}:${mtimeMs}:${size}`
  const entry = known.get(key) ?? (await enter(key, file))
  if ('still' in entry) return decoded(file, entry.still)
  entry.forget.refresh()
  // The one that was not asked for the longest comes first.
  known.delete(key)
  known.set(key, entry)
  const pictures = await entry.pictures
  const { width, height } = entry.timing
  const pixels = pictures[Math.min(n, pictures.length - 1)]
  if (!pixels) throw broken(file, 'has no pictures')
  const canvas = createCanvas(width, height)
  canvas.getContext('2d').putImageData(new ImageData(pixels, width, height), 0, 0)
  return canvas
}

/** What there is to know of a file before it is shown. Throws ASSET_MISSING, ASSET_BROKEN or OVERLAY_TOO_LARGE. */
export async function probe({
  file,
}: {
  file: string
}): Promise<{ width: number; height: number; pictures?: number[] }> {
  const image = await readImageFile(file)
  const timing = await timingOf(file, image)
  if (timing) {
    // One that can't be decoded is to be found now, not on air.
    await pictureOf(file)
    return { width: timing.width, height: timing.height, pictures: timing.ends }
  }
  const { width, height } = await decoded(file, image)
  return { width, height }
}

async function enter(key: string, file: string): Promise<Known | { still: ImageFile }> {
  const image = await readImageFile(file)
  const timing = await timingOf(file, image)
  if (!timing) return { still: image }
  let pixels = [...known.values()].reduce((sum, other) => sum + pixelsOf(other.timing), pixelsOf(timing))
  for (const [oldest, other] of known) {
    if (pixels <= MOST_PIXELS) break
    drop(oldest)
    pixels -= pixelsOf(other.timing)
  }
  const entry = {
    timing,
    pictures: picturesOf(file, image, timing),
    forget: setTimeout(() => drop(key), KEEP_MS).unref(),
  }
  entry.pictures.catch(() => drop(key))
  known.set(key, entry)
  return entry
}

const pixelsOf = ({ width, height, ends }: Timing): number => width * height * ends.length

function drop(key: string): void {
  clearTimeout(known.get(key)?.forget)
  known.delete(key)
}
