import { dirname } from 'node:path'
import { lowBytes, reservedBytes } from '../../contract/disk-order.ts'
import { VistterError } from '../../contract/errors.ts'
import { roomOf } from '../../lib/disk.ts'
import { PLAYLIST } from './hls.ts'

const EVERY = 1_000

/** Why this file should not be written at the moment; undefined where the disk has room for it, or cannot tell. */
export async function shortage(file: string, slack = 1): Promise<VistterError | undefined> {
  const room = await roomOf(dirname(file)).catch(() => undefined)
  if (!room) return undefined
  // A live folder is an extra, any other file a recording.
  const needed = file.endsWith(PLAYLIST) ? lowBytes(room.size) : reservedBytes(room.size)
  if (room.free >= needed * slack) return undefined
  return new VistterError('STORAGE_LOW', `Only ${Math.round(room.free / 1e6)} MB are free on the disk of ${file}.`)
}

/** Resolves once the disk is too full for this file, never where it stays well. Ends with the signal. */
export function untilShort(file: string, signal: AbortSignal): Promise<VistterError> {
  return new Promise(resolve => {
    let asking = false
    const timer = setInterval(async () => {
      // On a disk that hangs, each look would keep one of the few threads that look up names for outputs, too.
      if (asking) return
      asking = true
      const error = await shortage(file)
      asking = false
      if (!error) return
      clearInterval(timer)
      resolve(error)
    }, EVERY)
    signal.addEventListener('abort', () => clearInterval(timer), { once: true })
  })
}
