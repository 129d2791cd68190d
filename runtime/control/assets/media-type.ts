type Test = (content: Buffer) => boolean

const startsWith =
  (...bytes: number[]): Test =>
  content =>
    content.subarray(0, bytes.length).equals(Buffer.from(bytes))

const textAt = (content: Buffer, offset: number, text: string): boolean =>
  content.subarray(offset, offset + text.length).toString('latin1') === text

/** File signatures as their specifications give them: what a server calls a file is not what it is. */
const TESTS: Record<string, Test> = {
  'image/png': startsWith(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a),
  'image/jpeg': startsWith(0xff, 0xd8, 0xff),
  'image/gif': content => textAt(content, 0, 'GIF8'),
  'image/webp': content => textAt(content, 0, 'RIFF') && textAt(content, 8, 'WEBP'),
  'image/avif': content => textAt(content, 4, 'ftyp'),
  'image/svg+xml': content => content.subarray(0, 4_096).toString('utf8').includes('<svg'),
}

/** Whether a file is what it says. A type that overlays cannot show is false. */
export function isOfType(content: Buffer, mediaType: string): boolean {
  const [type = ''] = mediaType.toLowerCase().split(';')
  return TESTS[type.trim()]?.(content) ?? false
}

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
