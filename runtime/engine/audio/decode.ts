import { closeSync, fstatSync, openSync, readSync, unlinkSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { type Fault, fault } from '../../contract/errors.ts'
import { newId } from '../../lib/ids.ts'
import { soundArgs } from '../ffmpeg/command.ts'
import { ffmpegOnce } from '../ffmpeg/once.ts'
import { soundLength } from '../ffmpeg/sound-length.ts'
import { SAMPLE_RATE } from '../memory/ring.ts'
import { mendSeam, OVERLAP } from './seam.ts'

/** Nothing waits for it but the bed itself. */
const NICE = 10
const PATIENCE_MS = 120_000
const PAIR = 4

/** Sound as samples (s16 stereo, 48 kHz) in a file that has no name any more: it goes with its descriptor. */
export interface Pcm {
  fd: number
  pairs: number
}

/**
 * The sound of any media file, decoded once, so that it can be repeated on the very sample. On disk and not in memory:
 * half an hour of it is 345 MB. Answers why not when it cannot be had. Never rejects.
 */
export async function decodeSound(file: string, folder: string): Promise<Pcm | Fault> {
  let fd: number
  try {
    fd = nameless(folder)
  } catch (error) {
    return fault('SOUND_UNREADABLE', `There is no place for the sound of ${file}: ${error}`)
  }
  const ran = await ffmpegOnce(soundArgs(file), { timeoutMs: PATIENCE_MS, nice: NICE, also: [fd] })
  const length = ran.ok ? await soundLength(file) : undefined
  const decoded = Math.floor(fstatSync(fd).size / PAIR)
  const pairs = Math.min(decoded, length === undefined ? decoded : Math.round(length * SAMPLE_RATE))
  if (ran.ok && pairs > 0) return { fd, pairs: close(fd, pairs) }
  closeSync(fd)
  return fault('SOUND_UNREADABLE', `The sound of ${file} cannot be read: ${ran.why || 'it holds none'}.`)
}

function nameless(folder: string): number {
  const name = join(folder, `${newId()}.pcm`)
  const fd = openSync(name, 'wx+', 0o600)
  unlinkSync(name)
  return fd
}

/** Closes the loop; answers how long it is then. */
function close(fd: number, pairs: number): number {
  if (pairs < 3 * OVERLAP) return pairs
  const [head, tail] = [new Int16Array(2 * OVERLAP), new Int16Array(2 * OVERLAP)]
  readSync(fd, head, 0, head.byteLength, 0)
  readSync(fd, tail, 0, tail.byteLength, (pairs - OVERLAP) * PAIR)
  if (!mendSeam(head, tail)) return pairs
  writeSync(fd, head, 0, head.byteLength, 0)
  return pairs - OVERLAP
}
