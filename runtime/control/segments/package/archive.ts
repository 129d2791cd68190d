import { createHash } from 'node:crypto'
import { type Entry, openPromise, type ZipFile } from 'yauzl'
import { VistterError } from '../../../contract/errors.ts'
import { refusal } from '../refusal.ts'
import { checkEntryName } from './entry-names.ts'
import type { Limits } from './limits.ts'

/** Of the Unix mode that a zip may carry: what kind of file it is, and the two kinds that are none of harm. */
const KIND = 0o170000
const PLAIN = new Set([0, 0o100000])

/**
 * A zip file from anywhere, open. Its list was checked before: names that stay inside, no links, nothing encrypted, no more
 * and no larger files than the limits allow. What the list promises is held against what comes out.
 */
export class Archive {
  private readonly zip: ZipFile
  private readonly entries: ReadonlyMap<string, Entry>

  private constructor(zip: ZipFile, entries: ReadonlyMap<string, Entry>) {
    this.zip = zip
    this.entries = entries
  }

  /** Throws SEGMENT_UNREADABLE, SEGMENT_UNSAFE or SEGMENT_TOO_LARGE. */
  static async open(file: string, limits: Limits): Promise<Archive> {
    const options = { lazyEntries: true, autoClose: false, strictFileNames: true, validateEntrySizes: true }
    const zip = await openPromise(file, options).catch(error => Promise.reject(unreadable(error)))
    try {
      return new Archive(zip, await listed(zip, limits))
    } catch (error) {
      zip.close()
      throw error instanceof VistterError ? error : unreadable(error)
    }
  }

  close(): void {
    this.zip.close()
  }

  get names(): string[] {
    return [...this.entries.keys()]
  }

  has(name: string): boolean {
    return this.entries.has(name)
  }

  bytesOf(name: string): number {
    return this.entry(name).uncompressedSize
  }

  /** Throws SEGMENT_UNREADABLE where it breaks off, or is more than the list said. */
  async *read(name: string): AsyncGenerator<Buffer> {
    try {
      for await (const chunk of await this.zip.openReadStreamPromise(this.entry(name))) yield chunk
    } catch (error) {
      throw refusal('SEGMENT_UNREADABLE', name, `cannot be unpacked: ${told(error)}.`)
    }
  }

  async whole(name: string): Promise<Buffer> {
    const chunks: Buffer[] = []
    for await (const chunk of this.read(name)) chunks.push(chunk)
    return Buffer.concat(chunks)
  }

  /** SHA-256, hex. */
  async checksum(name: string): Promise<string> {
    const hash = createHash('sha256')
    for await (const chunk of this.read(name)) hash.update(chunk)
    return hash.digest('hex')
  }

  private entry(name: string): Entry {
    const entry = this.entries.get(name)
    if (!entry) throw refusal('SEGMENT_INVALID', name, 'is not in the package.')
    return entry
  }
}

async function listed(zip: ZipFile, limits: Limits): Promise<Map<string, Entry>> {
  const { files, packageBytes } = limits
  if (zip.fileSize > packageBytes)
    throw refusal('SEGMENT_TOO_LARGE', '', `The package has more than ${packageBytes} bytes.`)
  if (zip.entryCount > files) throw refusal('SEGMENT_TOO_LARGE', '', `The package has more than ${files} files.`)
  const entries = new Map<string, Entry>()
  const known = new Set<string>()
  let [packed, unpacked] = [0, 0]
  for await (const entry of zip.eachEntry()) {
    check(entry, limits)
    // A disk that knows no capitals would have one of two lost.
    const key = entry.fileName.normalize('NFC').toLowerCase().replace(/\/$/, '')
    if (known.has(key)) throw refusal('SEGMENT_UNSAFE', entry.fileName, 'is in the package twice.')
    known.add(key)
    packed += entry.compressedSize
    unpacked += entry.uncompressedSize
    if (unpacked > limits.unpackedBytes)
      throw refusal('SEGMENT_TOO_LARGE', entry.fileName, `is the one with which the package unpacks to too much.`)
    // Files that share their bytes: the list would promise more than is there.
    if (packed > zip.fileSize) throw refusal('SEGMENT_UNSAFE', entry.fileName, 'overlaps another file.')
    if (!entry.fileName.endsWith('/')) entries.set(entry.fileName, entry)
  }
  return entries
}

function check(entry: Entry, { nameLength, ratio, smallBytes }: Limits): void {
  const { fileName, compressedSize, uncompressedSize } = entry
  checkEntryName(fileName.replace(/\/$/, ''), nameLength)
  const kind = (entry.externalFileAttributes >>> 16) & KIND
  const isFolder = fileName.endsWith('/')
  if (!isFolder && !PLAIN.has(kind)) throw refusal('SEGMENT_UNSAFE', fileName, 'is a link or a device, not a file.')
  if (isFolder && uncompressedSize > 0) throw refusal('SEGMENT_UNSAFE', fileName, 'is a folder with a content.')
  if (entry.isEncrypted()) throw refusal('SEGMENT_UNREADABLE', fileName, 'is encrypted.')
  if (!entry.canDecodeFileData()) throw refusal('SEGMENT_UNREADABLE', fileName, 'is packed in a way not known here.')
  if (uncompressedSize > smallBytes && uncompressedSize > ratio * compressedSize)
    throw refusal('SEGMENT_UNSAFE', fileName, `would unpack to more than ${ratio} times its size.`)
}

const told = (error: unknown): string =>
  error instanceof Error ? error.message.slice(0, 200).replace(/\.$/, '') : 'it is damaged'

/** What the zip reader finds in names it says in words of its own. */
const BAD_NAME = /^(?:invalid characters in fileName|absolute path|invalid relative path): (.*)$/s

function unreadable(error: unknown): VistterError {
  const [, name] = BAD_NAME.exec(error instanceof Error ? error.message : '') ?? []
  if (name !== undefined) return refusal('SEGMENT_UNSAFE', name, 'leads out of the package.')
  return refusal('SEGMENT_UNREADABLE', '', `This is no segment package: ${told(error)}.`)
}
