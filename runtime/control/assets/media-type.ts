type Test = (content: Buffer) => boolean

const startsWith =
  (...bytes: number[]): Test =>
  content =>
    content.subarray(0, bytes.length).equals(Buffer.from(bytes))

const textAt = (content: Buffer, offset: number, text: string): boolean =>
  content.subarray(offset, offset + text.length).toString('latin1') === text

/** The brands that an ISO media file says it is of (ISO 14496-12, 4.3). */
const isBranded =
  (...brands: string[]): Test =>
  content =>
    textAt(content, 4, 'ftyp') &&
    brands.some(brand => content.subarray(8, Math.min(content.readUInt32BE(0), 256)).includes(brand))

const isPng = startsWith(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a)

/** File signatures as their specifications give them: what a server calls a file is not what it is. */
const TESTS: Record<string, Test> = {
  'image/png': isPng,
  // An animated one says so before its first picture.
  'image/apng': content => isPng(content) && content.subarray(0, Math.max(0, content.indexOf('IDAT'))).includes('acTL'),
  'image/jpeg': startsWith(0xff, 0xd8, 0xff),
  'image/gif': content => textAt(content, 0, 'GIF8'),
  'image/webp': content => textAt(content, 0, 'RIFF') && textAt(content, 8, 'WEBP'),
  'image/avif': isBranded('avif', 'avis'),
  'image/svg+xml': content => content.subarray(0, 4_096).toString('utf8').includes('<svg'),
  'video/webm': content => startsWith(0x1a, 0x45, 0xdf, 0xa3)(content) && content.subarray(0, 64).includes('webm'),
}

/** So much of a file's beginning tells what it is (bytes): metadata may stand before what is looked for. */
export const TELLING = 262_144

/** Whether a file that begins like this is what it says. A type that overlays cannot show is false. */
export function isOfType(beginning: Buffer, mediaType: string): boolean {
  return TESTS[plain(mediaType)]?.(beginning) ?? false
}

/** How large a file of this type may be. */
export const mostBytes = (mediaType: string): number => (plain(mediaType).startsWith('video/') ? 256 : 50) * 1_048_576

const plain = (mediaType: string): string => mediaType.toLowerCase().split(';')[0]?.trim() ?? ''

/** An MPEG audio frame begins with eleven ones; two bits that are 0 in AAC alone tell it from the others (ISO 11172-3, 13818-7). */
const frames =
  (aac: boolean): Test =>
  ([first = 0, second = 0]) =>
    first === 0xff && (second & 0xe0) === 0xe0 && ((second & 0x06) === 0) === aac

const SOUNDS: Record<string, Test> = {
  'audio/wav': content => textAt(content, 0, 'RIFF') && textAt(content, 8, 'WAVE'),
  'audio/flac': content => textAt(content, 0, 'fLaC'),
  'audio/ogg': content => textAt(content, 0, 'OggS'),
  'audio/mp4': content => textAt(content, 4, 'ftyp'),
  'audio/mpeg': content => textAt(content, 0, 'ID3') || frames(false)(content),
  'audio/aac': frames(true),
}

/** Which kind of sound file it is; undefined when it is none. */
export const soundType = (content: Buffer): string | undefined =>
  Object.entries(SOUNDS).find(([, test]) => test(content))?.[0]
