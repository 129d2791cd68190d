import type { SegmentDocument } from '../../../contract/generated/segment.v1.ts'
import schema from '../../../contract/schemas/segment.v1.json' with { type: 'json' }
import { problemText, validator } from '../../../contract/validate.ts'
import { validateOcl } from '../../../ocl/index.ts'
import { withoutCredentials } from '../credentials.ts'
import { refusal } from '../refusal.ts'
import type { Archive } from './archive.ts'
import { CHECKSUMS, checksumsOf, SIGNATURE } from './checksums.ts'
import type { Contents, Note, PackedOverlay } from './contents.ts'
import { jsonOf } from './json.ts'
import type { Limits } from './limits.ts'
import { overlayIds, withOverlayIds } from './naming.ts'
import { checkSignature, type Trust } from './signature.ts'
import { timelineOf } from './timeline.ts'

export const SEGMENT = 'segment.json'

/** Turns a segment.json of an older shape into one of today, with overlays for what it draws. Undefined: it is none. */
type Upgrade = (
  old: Record<string, unknown>,
  files: ReadonlyMap<string, string>,
) => { segment: Record<string, unknown>; overlays: Record<string, Record<string, unknown>>; notes: Note[] } | undefined

const isSegment = validator<SegmentDocument>(schema)

/** Reads all of a package, every byte of it, and takes it as a whole or not at all. Throws SEGMENT_…, with the file that is why. */
export async function readPackage(
  archive: Archive,
  { trust, limits, upgrade }: { trust: Trust; limits: Limits; upgrade: Upgrade },
): Promise<Contents> {
  const json = new JsonFiles(archive, limits)
  if (!archive.has(SEGMENT)) throw refusal('SEGMENT_INVALID', SEGMENT, 'is not in the package.')
  if (!archive.has(CHECKSUMS)) throw refusal('SEGMENT_CHECKSUM', CHECKSUMS, 'is not in the package.')
  const checksums = await json.content(CHECKSUMS)
  const signature = archive.has(SIGNATURE) ? await json.content(SIGNATURE) : undefined
  const signed = checkSignature(checksums, signature, trust)
  const files = checksumsOf(checksums.toString('utf8'), archive.names)
  for (const [name, expected] of files)
    if ((await archive.checksum(name)) !== expected)
      throw refusal('SEGMENT_CHECKSUM', name, `is not what ${CHECKSUMS} says.`)
  const source = await json.object(SEGMENT)
  const old = source.segment === undefined ? upgrade(source, files) : undefined
  if (old) return { ...contentsOf(old.segment, old.overlays, old.notes), files, signed }
  const wanted = overlaysOf(source)
  const documents: Record<string, Record<string, unknown>> = {}
  for (const file of wanted) documents[file] = await json.object(file)
  return { ...contentsOf(source, documents, []), files, signed }
}

/** What a segment and its overlays say, once they are read. Pure. */
export function contentsOf(
  source: Record<string, unknown>,
  documents: Record<string, Record<string, unknown>>,
  before: readonly Note[],
): Omit<Contents, 'files' | 'signed'> {
  const { segment: format } = source
  if (['string', 'number'].includes(typeof format) && !/^1(\.|$)/.test(String(format)))
    throw refusal(
      'SEGMENT_VERSION',
      SEGMENT,
      `is of segment format ${String(format).slice(0, 40)}, which is not known here.`,
    )
  const { value, found } = withoutCredentials(source, { members: true, streams: false })
  const checked = isSegment(value)
  if (!checked.ok) throw refusal('SEGMENT_INVALID', SEGMENT, problemText(checked.problems.slice(0, 10)))
  const segment = checked.value
  const ids = overlayIds(segment.id, Object.keys(documents))
  const read = Object.entries(documents).map(([file, document]) => overlayOf(file, ids.get(file) ?? file, document))
  const overlays = read.map(({ overlay }) => overlay)
  const timeline = timelineOf(segment.name, withOverlayIds({ ...segment.timeline }, overlays))
  const notes = [...before, ...found.map(path => stripped(SEGMENT, path)), ...read.flatMap(each => each.notes)]
  return { segment, timeline, overlays, notes }
}

function overlaysOf({ overlays }: Record<string, unknown>): string[] {
  return Array.isArray(overlays) ? [...new Set(overlays.filter(file => typeof file === 'string'))].slice(0, 200) : []
}

function overlayOf(file: string, id: string, document: object): { overlay: PackedOverlay; notes: Note[] } {
  // Of members it keeps all: `token` and `key` are words of the overlay language.
  const { value: source, found } = withoutCredentials(document, { members: false, streams: true })
  const check = validateOcl(source)
  if (!check.ok) {
    const [first] = check.errors
    const what = `cannot be shown: ${first?.path || '/'} ${first?.message}.`
    throw refusal('SEGMENT_INVALID', file, what, { errors: check.errors.slice(0, 100) })
  }
  const warnings = check.warnings.map(({ path, message }): Note => ({ file, path, code: 'OCL', message }))
  return {
    overlay: { file, id, source: { ...source }, document: check.document },
    notes: [...found.map(path => stripped(file, path)), ...warnings],
  }
}

const stripped = (file: string, path: string): Note => ({
  ...{ file, path, code: 'CREDENTIALS' },
  message: 'A login or a key stood here; it was left out and is kept nowhere.',
})

/** JSON files of a package, within what may be in memory. */
class JsonFiles {
  private taken = 0
  private readonly archive: Archive
  private readonly limits: Limits

  constructor(archive: Archive, limits: Limits) {
    this.archive = archive
    this.limits = limits
  }

  async content(name: string): Promise<Buffer> {
    this.taken += this.archive.bytesOf(name)
    if (this.archive.bytesOf(name) > this.limits.jsonBytes || this.taken > this.limits.allJsonBytes)
      throw refusal('SEGMENT_TOO_LARGE', name, 'is too large for what it is.')
    return this.archive.whole(name)
  }

  async object(name: string): Promise<Record<string, unknown>> {
    return jsonOf(name, await this.content(name))
  }
}
