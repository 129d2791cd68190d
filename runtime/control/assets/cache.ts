import { createHash } from 'node:crypto'
import { createReadStream, mkdirSync, readdirSync, rmSync, statSync } from 'node:fs'
import { open, rename, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { VistterError } from '../../contract/errors.ts'
import type { Clock } from '../../lib/clock.ts'
import type { Shelf } from '../ports.ts'
import { isOfType, TELLING } from './media-type.ts'

export interface CachedBody {
  mediaType: string
  bytes: number
  addedAt: number
  usedAt: number
}

export interface Cached extends CachedBody {
  sha256: string
}

interface Deps {
  folder: string
  /** By checksum. */
  shelf: Shelf<CachedBody>
  clock: Clock
}

/** What is known of a file on the disk: as long as this stays, it has probably not changed. */
interface Seen {
  mark: string
  /** When its content was last compared with its name (monotonic ms). */
  checkedAt: number
}

/** A use is noted at most this often (ms): it only serves to find what was not used for long. */
const NOTE_MS = 60_000
/** A disk may lose a bit without a word: a content that was looked at longer ago (ms) is looked at before it is used. */
const TRUSTED_MS = 6 * 3_600_000

const NAME = /^[0-9a-f]{64}$/

/** Files by the checksum of their content: each is here whole and right, or not at all. */
export class Cache {
  private readonly seen = new Map<string, Seen>()
  private readonly deps: Deps

  constructor(deps: Deps) {
    this.deps = deps
  }

  /** The disk is right about what is here; the shelf remembers when it was used. Answers of which `wanted` ones a part is here. */
  async start(wanted: ReadonlySet<string>): Promise<Set<string>> {
    const { folder, shelf } = this.deps
    mkdirSync(folder, { recursive: true, mode: 0o750 })
    const names = new Set(readdirSync(folder))
    for (const { id } of shelf.list()) if (!names.has(id)) await shelf.remove(id)
    for (const name of names) if (NAME.test(name) && !shelf.find(name)) await this.find(name)
    const rest = [...names].filter(name => name.endsWith('.part'))
    const parts = new Set([...wanted].filter(sha256 => names.has(`${sha256}.part`)))
    for (const name of rest) if (!parts.has(name.replace(/\.part$/, ''))) rmSync(join(folder, name), { force: true })
    return parts
  }

  has(sha256: string): boolean {
    return this.deps.shelf.find(sha256) !== undefined
  }

  list(): Cached[] {
    return this.deps.shelf.list().map(({ id, body }) => ({ sha256: id, ...body }))
  }

  file(sha256: string): string {
    return join(this.deps.folder, sha256)
  }

  part(sha256: string): string {
    return join(this.deps.folder, `${sha256}.part`)
  }

  /** The part has become a file. Throws ASSET_CHECKSUM or ASSET_TYPE, and then it is no use going on with the part. */
  async adopt(sha256: string, mediaType: string, part = this.part(sha256)): Promise<void> {
    const { shelf, clock } = this.deps
    const found = await checksumOf(part)
    if (found !== sha256) throw new VistterError('ASSET_CHECKSUM', `Its checksum is ${found}, not ${sha256}.`)
    if (!isOfType(await beginningOf(part), mediaType)) throw new VistterError('ASSET_TYPE', `It is not ${mediaType}.`)
    await rename(part, this.file(sha256))
    const { size: bytes } = await stat(this.file(sha256))
    const now = clock.now()
    await shelf.write(sha256, () => ({ body: { mediaType, bytes, addedAt: now, usedAt: now } }))
    this.seen.set(sha256, { mark: await this.markOf(sha256), checkedAt: clock.mono() })
  }

  /** Whether the file is still what its name says. */
  async isWhole(sha256: string): Promise<boolean> {
    const { clock } = this.deps
    try {
      const mark = await this.markOf(sha256)
      const seen = this.seen.get(sha256)
      if (seen?.mark === mark && clock.mono() - seen.checkedAt < TRUSTED_MS) return true
      if ((await checksumOf(this.file(sha256))) === sha256) {
        this.seen.set(sha256, { mark, checkedAt: clock.mono() })
        return true
      }
    } catch {} // what cannot be read is not whole
    this.seen.set(sha256, { mark: 'spoilt', checkedAt: clock.mono() })
    return false
  }

  /** The file whose content was not looked at for longest. */
  stalest(): string | undefined {
    const age = (sha256: string) => this.seen.get(sha256)?.checkedAt ?? Number.NEGATIVE_INFINITY
    const [first] = this.list().sort((a, b) => age(a.sha256) - age(b.sha256))
    return first?.sha256
  }

  async use(sha256: string): Promise<void> {
    const { shelf, clock } = this.deps
    const usedAt = clock.now()
    if (Math.abs(usedAt - (shelf.find(sha256)?.body.usedAt ?? usedAt)) < NOTE_MS) return
    const note = (body: CachedBody | undefined) => {
      if (!body) throw new Error('it was removed meanwhile')
      return { body: { ...body, usedAt } }
    }
    await shelf.write(sha256, present => note(present?.body)).catch(() => {}) // only the order of eviction suffers
  }

  async remove(sha256: string): Promise<void> {
    this.seen.delete(sha256)
    await this.deps.shelf.remove(sha256)
    await rm(this.file(sha256), { force: true })
  }

  /** A file that the shelf does not know, because control died between the two. */
  private async find(name: string): Promise<void> {
    const now = this.deps.clock.now()
    const { size: bytes } = statSync(this.file(name))
    await this.deps.shelf.write(name, () => ({ body: { mediaType: '', bytes, addedAt: now, usedAt: now } }))
  }

  private async markOf(sha256: string): Promise<string> {
    const { size, mtimeMs, ctimeMs, ino } = await stat(this.file(sha256))
    return `${size}:${mtimeMs}:${ctimeMs}:${ino}`
  }
}

async function checksumOf(file: string): Promise<string> {
  const hash = createHash('sha256')
  for await (const chunk of createReadStream(file, { highWaterMark: 262_144 })) hash.update(chunk)
  return hash.digest('hex')
}

async function beginningOf(file: string): Promise<Buffer> {
  const handle = await open(file)
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(TELLING), 0, TELLING, 0)
    return buffer.subarray(0, bytesRead)
  } finally {
    await handle.close()
  }
}
