import { createWriteStream } from 'node:fs'
import { rm } from 'node:fs/promises'
import { pipeline } from 'node:stream/promises'
import { VistterError } from '../../contract/errors.ts'
import { newId } from '../../lib/ids.ts'
import type { Cache } from './cache.ts'
import { mostBytes } from './media-type.ts'
import type { Room } from './room.ts'
import type { Wanted } from './uses.ts'

/** Keeps a file that came with a package. One that is here, and whole, stays. Throws ASSET_…. */
export async function give(
  { cache, room }: { cache: Cache; room: Room },
  { sha256: written, mediaType }: Pick<Wanted, 'sha256' | 'mediaType'>,
  bytes: number,
  content: AsyncIterable<Buffer>,
): Promise<void> {
  const sha256 = written.toLowerCase()
  if (cache.has(sha256) && (await cache.isWhole(sha256))) return cache.use(sha256)
  if (bytes > mostBytes(mediaType)) throw new VistterError('ASSET_TOO_LARGE', `It has ${bytes} bytes.`)
  await room.take(sha256, bytes)
  // Not the part that a download may be writing.
  const part = cache.part(`${sha256}.${newId()}`)
  try {
    await pipeline(content, createWriteStream(part, { mode: 0o640 }))
    await cache.adopt(sha256, mediaType, part)
  } finally {
    room.release(sha256)
    await rm(part, { force: true })
  }
}
