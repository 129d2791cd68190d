import { readFile, stat } from 'node:fs/promises'
import { type Image, loadImage } from '@napi-rs/canvas'
import { imageSize } from 'image-size'
import { VistterError } from '../../contract/errors.ts'

const MOST_BYTES = 32_000_000
/** Decoded it takes four bytes each; a small file can claim any number. */
const MOST_PIXELS = 40_000_000

const TYPES = new Set(['png', 'jpg', 'gif', 'webp', 'svg'])

/** Reads an image that came from outside. Throws ASSET_MISSING or ASSET_BROKEN; its size is checked before it is decoded. */
export async function readImage(file: string): Promise<Image> {
  const bytes = await readWhole(file)
  let size: { width: number; height: number; type?: string }
  try {
    size = imageSize(bytes)
  } catch {
    throw broken(file, 'is not an image')
  }
  if (!TYPES.has(size.type ?? '')) throw broken(file, `is an image of type ${size.type}, which cannot be shown`)
  if (!(size.width > 0 && size.height > 0)) throw broken(file, 'has no size')
  if (size.width * size.height > MOST_PIXELS) throw broken(file, `is too large: ${size.width} x ${size.height} pixels`)
  if (!isWhole(bytes, size.type ?? '')) throw broken(file, 'is cut off')
  try {
    const image = await loadImage(bytes)
    await image.decode()
    return image
  } catch {
    throw broken(file, 'cannot be decoded')
  }
}

async function readWhole(file: string): Promise<Buffer> {
  try {
    const { size } = await stat(file)
    if (size > MOST_BYTES) throw broken(file, `is too large: ${size} bytes`)
    return await readFile(file)
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
    default:
      return bytes.lastIndexOf('</svg') > 0 || bytes.lastIndexOf('/>') > 0
  }
}

const broken = (file: string, what: string) => new VistterError('ASSET_BROKEN', `The file ${file} ${what}.`)
