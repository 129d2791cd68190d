import { close, fstat, open, read, unlink, write } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { lowBytes } from '../../contract/disk-order.ts'
import { type Fault, fault } from '../../contract/errors.ts'
import { type Room, roomOf } from '../../lib/disk.ts'
import { newId } from '../../lib/ids.ts'
import { LONGEST_SOUND, soundArgs } from '../ffmpeg/command.ts'
import { ffmpegOnce } from '../ffmpeg/once.ts'
import { type SoundLength, soundLength } from '../ffmpeg/sound-length.ts'
import { SAMPLE_RATE } from '../memory/ring.ts'
import { mendSeam, OVERLAP } from './seam.ts'

/** Nothing waits for it but the bed itself. */
const NICE = 10
const PATIENCE_MS = 120_000
const PAIR = 4

/** Calls of the system that the show does not wait for: the disk may take its time. */
const disk = {
  open: promisify(open),
  unlink: promisify(unlink),
  fstat: promisify(fstat),
  read: promisify(read),
  write: promisify(write),
}

/** Sound as samples (s16 stereo, 48 kHz) in a file that has no name any more: it goes with its descriptor. */
export interface Pcm {
  fd: number
  pairs: number
}

/**
 * The sound of any media file, decoded once, so that it can be repeated on the very sample. On disk and not in memory:
 * half an hour of it is 345 MB, for which extras must have room. Answers why not when it cannot be had. Never rejects.
 */
export async function decodeSound(
  file: string,
  folder: string,
  room: (folder: string) => Promise<Room> = roomOf,
): Promise<Pcm | Fault> {
  let fd: number | undefined
  try {
    const length = await soundLength(file)
    const short = shortage(length, await room(folder))
    if (short) return unreadable(file, short)
    fd = await nameless(folder)
    return { fd, pairs: await decode(file, fd, length) }
  } catch (error) {
    if (fd !== undefined) close(fd, () => {})
    return unreadable(file, error)
  }
}

/** Why the sound of a file is not to be heard. */
export function unreadable(file: string, why: unknown): Fault {
  const detail = why instanceof Error ? why.message : String(why)
  return fault('SOUND_UNREADABLE', `The sound of ${file} cannot be read: ${detail.replace(/\.$/, '')}.`)
}

function shortage(length: SoundLength | undefined, { free, size }: Room): string | undefined {
  const seconds = length ? Math.min(length.seconds ?? LONGEST_SOUND, LONGEST_SOUND) : 0
  const bytes = seconds * SAMPLE_RATE * PAIR
  if (free - bytes >= lowBytes(size)) return undefined
  return `it needs ${Math.ceil(bytes / 1e6)} MB of a disk that has ${Math.floor(free / 1e6)} MB left`
}

async function nameless(folder: string): Promise<number> {
  const name = join(folder, `${newId()}.pcm`)
  const fd = await disk.open(name, 'wx+', 0o600)
  await disk.unlink(name)
  return fd
}

/** Answers how many pairs there are. */
async function decode(file: string, fd: number, length: SoundLength | undefined): Promise<number> {
  const ran = await ffmpegOnce(soundArgs(file), { timeoutMs: PATIENCE_MS, nice: NICE, also: [fd] })
  if (!ran.ok) throw new Error(ran.why)
  const decoded = Math.floor((await disk.fstat(fd)).size / PAIR)
  const pairs = length?.padded ? Math.min(decoded, Math.round((length.seconds ?? 0) * SAMPLE_RATE)) : decoded
  if (pairs === 0) throw new Error('it holds none')
  return repeat(fd, await closeLoop(fd, pairs))
}

/** So that the next second of it is never more than two reads. */
async function repeat(fd: number, pairs: number): Promise<number> {
  const times = Math.ceil(SAMPLE_RATE / pairs)
  if (times === 1) return pairs
  const once = Buffer.alloc(pairs * PAIR)
  await disk.read(fd, once, 0, once.length, 0)
  const all = Buffer.alloc(once.length * times, once)
  await disk.write(fd, all, 0, all.length, 0)
  return pairs * times
}

/** Joins the end to the beginning; answers how long it is then. */
async function closeLoop(fd: number, pairs: number): Promise<number> {
  if (pairs < 3 * OVERLAP) return pairs
  const [head, tail] = [new Int16Array(2 * OVERLAP), new Int16Array(2 * OVERLAP)]
  await disk.read(fd, head, 0, head.byteLength, 0)
  await disk.read(fd, tail, 0, tail.byteLength, (pairs - OVERLAP) * PAIR)
  if (!mendSeam(head, tail)) return pairs
  await disk.write(fd, head, 0, head.byteLength, 0)
  return pairs - OVERLAP
}
