import { createCanvas, loadImage } from '@napi-rs/canvas'
import type { Pixels, Timing } from './animation.ts'
import { broken } from './image-file.ts'

/** Animated WebP, which FFmpeg does not read: each picture is taken out as a file of its own (RFC 9649, section 2.7). */
interface Part {
  x: number
  y: number
  width: number
  height: number
  durationMs: number
  /** Painted over what is there, or in its place. */
  over: boolean
  /** Taken away again before the next one. */
  cleared: boolean
  file: Buffer
}

const ALPHA = 0x10
/** What browsers make of pictures that are to be shown for no time at all. */
const LEAST_MS = 10
const INSTEAD_MS = 100

export function timingOfWebp(bytes: Buffer): Timing {
  let end = 0
  const ends = partsOf(bytes).map(({ durationMs }) => {
    end += durationMs
    return end
  })
  return { ...canvasOf(bytes), ends }
}

export async function decodeWebp(file: string, bytes: Buffer): Promise<Pixels[]> {
  const { width, height } = canvasOf(bytes)
  const context = createCanvas(width, height).getContext('2d')
  const pictures: Pixels[] = []
  try {
    for (const part of partsOf(bytes)) {
      const image = await loadImage(part.file)
      if (!part.over) context.clearRect(part.x, part.y, part.width, part.height)
      context.drawImage(image, part.x, part.y)
      pictures.push(context.getImageData(0, 0, width, height).data as Pixels)
      if (part.cleared) context.clearRect(part.x, part.y, part.width, part.height)
    }
  } catch {
    throw broken(file, 'cannot be decoded')
  }
  return pictures
}

function* chunks(bytes: Buffer, start: number): Generator<{ name: string; data: Buffer; whole: Buffer }> {
  for (let at = start; at + 8 <= bytes.length; ) {
    const size = bytes.readUInt32LE(at + 4)
    const end = at + 8 + size
    yield {
      name: bytes.toString('latin1', at, at + 4),
      data: bytes.subarray(at + 8, end),
      whole: bytes.subarray(at, end),
    }
    at = end + (size % 2)
  }
}

function canvasOf(bytes: Buffer): { width: number; height: number } {
  for (const { name, data } of chunks(bytes, 12))
    if (name === 'VP8X' && data.length >= 10)
      return { width: data.readUIntLE(4, 3) + 1, height: data.readUIntLE(7, 3) + 1 }
  return { width: 1, height: 1 }
}

function partsOf(bytes: Buffer): Part[] {
  return [...chunks(bytes, 12)].flatMap(({ name, data }) => {
    if (name !== 'ANMF' || data.length < 24) return []
    const [width, height, durationMs] = [data.readUIntLE(6, 3) + 1, data.readUIntLE(9, 3) + 1, data.readUIntLE(12, 3)]
    return {
      x: 2 * data.readUIntLE(0, 3),
      y: 2 * data.readUIntLE(3, 3),
      width,
      height,
      durationMs: durationMs <= LEAST_MS ? INSTEAD_MS : durationMs,
      over: (data[15] & 2) === 0,
      cleared: (data[15] & 1) !== 0,
      file: asFile(data.subarray(16), width, height),
    }
  })
}

/** A WebP file of one picture; one with an alpha chunk needs the extended header. */
function asFile(data: Buffer, width: number, height: number): Buffer {
  const kept = [...chunks(data, 0)].filter(({ name }) => name === 'ALPH' || name.startsWith('VP8'))
  const parts = kept.flatMap(({ whole }) => (whole.length % 2 ? [whole, Buffer.alloc(1)] : [whole]))
  if (kept.some(({ name }) => name === 'ALPH')) {
    const header = Buffer.alloc(18)
    header.write('VP8X', 'latin1')
    header.writeUInt32LE(10, 4)
    header[8] = ALPHA
    header.writeUIntLE(width - 1, 12, 3)
    header.writeUIntLE(height - 1, 15, 3)
    parts.unshift(header)
  }
  const riff = Buffer.from('RIFF....WEBP', 'latin1')
  riff.writeUInt32LE(4 + parts.reduce((sum, part) => sum + part.length, 0), 4)
  return Buffer.concat([riff, ...parts])
}
