import { asVistterError, VistterError } from '../../contract/errors.ts'
import type { Intake } from './intake.ts'
import { Archive } from './package/archive.ts'
import { CHECKSUMS, checksumsOf } from './package/checksums.ts'
import { LIMITS } from './package/limits.ts'
import { refusal } from './refusal.ts'
import type { SegmentBody } from './segment.ts'

type PackedFile = SegmentBody['files'][number]

/** Where the files of all overlays are kept. */
export interface FileKeeper {
  /** Keeps a file that came by another way than its address. Throws ASSET_…. */
  give(asset: { sha256: string; mediaType: string }, bytes: number, content: AsyncIterable<Buffer>): Promise<void>
}

/** What is wrong with an asset is wrong with its package. */
const OF_THE_PACKAGE = new Set(['ASSET_CHECKSUM', 'ASSET_TYPE', 'ASSET_TOO_LARGE'])

/** Gives the files that the overlays of a package show to the keeper, and answers which they are. */
export async function keepFiles({ contents, read, bytesOf }: Intake, keeper: FileKeeper): Promise<PackedFile[]> {
  const byChecksum = new Map([...contents.files].map(([name, sha256]) => [sha256, name]))
  const kept = new Map<string, PackedFile>()
  for (const { id, url, sha256: written, mediaType } of contents.overlays.flatMap(
    ({ document }) => document.assets ?? [],
  )) {
    const sha256 = written.toLowerCase()
    const name = byChecksum.get(sha256)
    if (name === undefined || kept.has(sha256)) continue
    await keeper.give({ sha256, mediaType }, bytesOf(name), read(name)).catch(error => {
      const { code, message } = asVistterError(error)
      throw OF_THE_PACKAGE.has(code) ? refusal('SEGMENT_INVALID', name, `cannot be used: ${message}`) : error
    })
    kept.set(sha256, { id, url, sha256, mediaType })
  }
  return [...kept.values()]
}

/** Gives one of them once more, from a package that was taken before. */
export async function restoreFile(file: string, wanted: PackedFile, keeper: FileKeeper): Promise<void> {
  const archive = await Archive.open(file, LIMITS)
  try {
    const checksums = checksumsOf((await archive.whole(CHECKSUMS)).toString('utf8'), archive.names)
    const [name] = [...checksums].find(([, sha256]) => sha256 === wanted.sha256) ?? []
    if (name === undefined) throw new VistterError('NOT_FOUND', 'The package does not have it any more.')
    await keeper.give(wanted, archive.bytesOf(name), archive.read(name))
  } finally {
    archive.close()
  }
}
