import type { ReadSome } from './byte-reader.ts'

/** FFmpeg writes 32 kB at a time. A reader that takes each piece as it comes is woken a hundred times a picture. */
const PIECES = 100_000
const PAUSE_MS = 0.3

/** In the middle of a picture, where only a piece or two were there to be read, more may gather before the next reading. */
export function gathering(read: ReadSome, pause: (ms: number) => void): ReadSome {
  let meagre = false
  return (target, offset, length) => {
    const inPicture = length > PIECES
    if (inPicture && meagre) pause(PAUSE_MS)
    const got = read(target, offset, length)
    meagre = inPicture && got < PIECES
    return got
  }
}
