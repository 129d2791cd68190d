import { open } from 'node:fs/promises'
import { type Image, loadImage } from '@napi-rs/canvas'
import { imageSize } from 'image-size'
import { VistterError } from '../../contract/errors.ts'
import type { Size } from '../../ocl/types.ts'
import { whyNotAlone } from './svg.ts'

const MOST_BYTES = 52_428_800
/** Decoded it takes four bytes each; a small file can claim any number. */
const MOST_PIXELS = 40_000_000

const TYPES = new Set(['png', 'jpg', 'gif', 'webp', 'svg', 'avif'])
/** Matroska, WebM among them. */
const EBML = 0x1a45dfa3

export interface ImageFile extends Size {
  bytes: Buffer
  type: string
}

/** A file's bytes and what they are; `webm` has no size before it is decoded. Throws ASSET_MISSING or ASSET_BROKEN. */
export async function readImageFile(file: string): Promise<ImageFile> {
  const bytes = await read(file)
  if (isVideo(bytes)) return { bytes, type: 'webm', width: 0, height: 0 }
  let size: { width: number; height: number; type?: string }
  try {
    size = imageSize(bytes)
  } catch {
    throw broken(file, 'is not an image')
  }
  const { width, height, type = '' } = size
  if (!TYPES.has(type)) throw broken(file, `is an image of type ${type}, which cannot be shown`)
  if (!(width > 0 && height > 0)) throw broken(file, 'has no size')
  if (width * height > MOST_PIXELS) throw broken(file, `is too large: ${width} x ${height} pixels`)
  if (!isWhole(bytes, type)) throw broken(file, 'is cut off')
  return { bytes, type, width, height }
}

/** Decodes an image that came from outside; of one that moves the first picture. Its size was checked before. */
export async function decoded(file: string, { bytes, type }: ImageFile): Promise<Image> {
  const why = type === 'svg' ? whyNotAlone(bytes.toString('utf8')) : undefined
  if (why) throw broken(file, why)
  try {
    const image = await loadImage(bytes)
    await image.decode()
    return image
  } catch {
    throw broken(file, 'cannot be decoded')
  }
}

/** Reads an image that came from outside. Throws ASSET_MISSING or ASSET_BROKEN. */
export async function readImage(file: string): Promise<Image> {
  return decoded(file, await readImageFile(file))
}

const isVideo = (bytes: Buffer): boolean => bytes.length >= 4 && bytes.readUInt32BE(0) === EBML

/** All of it, except of a video: that is read elsewhere, piece by piece. */
async function read(file: string): Promise<Buffer> {
  try {
    await using handle = await open(file)
    const { bytesRead, buffer } = await handle.read(Buffer.alloc(4), 0, 4, 0)
    if (isVideo(buffer.subarray(0, bytesRead))) return buffer
    const { size } = await handle.stat()
    if (size > MOST_BYTES) throw broken(file, `is too large: ${size} bytes`)
    return await handle.readFile()
  } catch (error) {
    if (error instanceof VistterError) throw error
    throw new VistterError('ASSET_MISSING', `The file ${file} cannot be read.`)
  }
}

/** Decoders fill what is missing of a cut-off file with grey or nothing and say no word, so its end is looked for here. */
function isWhole(bytes: Buffer, type: string): boolean {
  switch (type) {
    case 'png':
      return bytes.lastIndexOf('IEND') > 0
    case 'jpg':
      return bytes.lastIndexOf(Buffer.from([0xff, 0xd9])) > 0
    case 'gif':
      return bytes.lastIndexOf(0x3b) >= bytes.length - 16
    case 'webp':
      return bytes.readUInt32LE(4) + 8 <= bytes.length
    case 'avif':
      return boxesEnd(bytes) <= bytes.length
    default:
      return bytes.lastIndexOf('</svg') > 0 || bytes.lastIndexOf('/>') > 0
  }
}

/** Where the last box of an ISO base media file ends; size 0 means the end of the file. */
function boxesEnd(bytes: Buffer): number {
  let at = 0
  while (at + 8 <= bytes.length) {
    const size = bytes.readUInt32BE(at)
    if (size === 0) return bytes.length
    if (size === 1) {
      if (at + 16 > bytes.length) return Number.POSITIVE_INFINITY
      at += Math.max(16, Number(bytes.readBigUInt64BE(at + 8)))
    } else at += Math.max(8, size)
  }
  return at
}

export const broken = (file: string, what: string) => new VistterError('ASSET_BROKEN', `The file ${file} ${what}.`)
