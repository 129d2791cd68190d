import { VistterError } from '../../contract/errors.ts'
import type { Size } from '../../ocl/types.ts'
import { decodeByFfmpeg, timingByFfmpeg } from './animation-ffmpeg.ts'
import { decodeWebp, timingOfWebp } from './animation-webp.ts'
import type { ImageFile } from './image-file.ts'

/** When the pictures of a file end, in ms since its beginning, rising. */
export interface Timing extends Size {
  ends: number[]
  /** What FFmpeg calls it. */
  codec?: string
}

/** A picture as RGBA, colours not multiplied by alpha. */
export type Pixels = Uint8ClampedArray<ArrayBuffer>

/** Of one file, all pictures together: about what a second of 1080p has. All of them are kept in memory while on air. */
const MOST_PIXELS = 64_000_000
const MOST_PICTURES = 1_000

/** Undefined: it does not move. Throws ASSET_BROKEN, and OVERLAY_TOO_LARGE for more than can be kept in memory. */
export async function timingOf(file: string, image: ImageFile): Promise<Timing | undefined> {
  if (!mayMove(image)) return undefined
  const timing = image.type === 'webp' ? timingOfWebp(image.bytes) : await timingByFfmpeg(file)
  const { width, height, ends } = timing
  if (ends.length > MOST_PICTURES || width * height * ends.length > MOST_PIXELS)
    throw new VistterError(
      'OVERLAY_TOO_LARGE',
      `The file ${file} has ${ends.length} pictures of ${width} x ${height}: at most ${MOST_PICTURES}, and ${MOST_PIXELS / 1e6} megapixels in all, can be shown.`,
    )
  return ends.length > 1 || image.type === 'webm' ? timing : undefined
}

/** All pictures of a file, in the order of its timing. */
export function picturesOf(file: string, image: ImageFile, timing: Timing): Promise<Pixels[]> {
  return image.type === 'webp' ? decodeWebp(file, image.bytes) : decodeByFfmpeg(file, timing)
}

/** Stills, of which there are most, are told apart without a look into their pictures. */
function mayMove({ bytes, type }: ImageFile): boolean {
  switch (type) {
    case 'webm':
      return true
    case 'png':
      return bytes.includes('acTL')
    case 'webp':
      return bytes.includes('ANMF')
    case 'gif': {
      const first = bytes.indexOf(GRAPHIC_CONTROL)
      return first >= 0 && bytes.indexOf(GRAPHIC_CONTROL, first + 3) >= 0
    }
    default:
      return false
  }
}

const GRAPHIC_CONTROL = Buffer.from([0x21, 0xf9, 0x04])
