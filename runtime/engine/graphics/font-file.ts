import { readFileSync } from 'node:fs'
import { brotliDecompressSync } from 'node:zlib'

/** Characters as code points: pairs of first and last one, ascending. */
export type Characters = readonly (readonly [first: number, last: number])[]

const WOFF2 = 0x774f4632
const CMAP = 0x636d6170
/** Of the tables whose tag WOFF 2.0 writes as a number (section 4.1): cmap, and the two that are stored transformed. */
const WOFF2_CMAP = 0
const WOFF2_GLYF = 10
const WOFF2_LOCA = 11
const WOFF2_ANY_TAG = 63

/** The characters that a font really has, out of its cmap table. OpenType (ISO/IEC 14496-22) or WOFF 2.0. */
export function charactersOf(file: string): Characters {
  const bytes = readFileSync(file)
  const cmap = bytes.readUInt32BE(0) === WOFF2 ? cmapOfWoff2(bytes) : cmapOfOpenType(bytes)
  return cmap ? charactersOfCmap(cmap) : []
}

export function includes(characters: Characters, code: number): boolean {
  let low = 0
  let high = characters.length
  while (low < high) {
    const middle = (low + high) >> 1
    const [first, last] = characters[middle]
    if (code < first) high = middle
    else if (code > last) low = middle + 1
    else return true
  }
  return false
}

function cmapOfOpenType(bytes: Buffer): Buffer | undefined {
  for (let n = bytes.readUInt16BE(4), at = 12; n > 0; n--, at += 16)
    if (bytes.readUInt32BE(at) === CMAP) {
      const start = bytes.readUInt32BE(at + 8)
      return bytes.subarray(start, start + bytes.readUInt32BE(at + 12))
    }
  return undefined
}

/** All tables are compressed as one, in the order of the directory; cmap itself is stored as it is. */
function cmapOfWoff2(bytes: Buffer): Buffer | undefined {
  let at = 48
  const number = () => {
    let value = 0
    for (let more = true; more; at++) {
      value = value * 128 + (bytes[at] & 127)
      more = bytes[at] > 127
    }
    return value
  }
  let start = 0
  let place: [number, number] | undefined
  for (let n = bytes.readUInt16BE(12); n > 0; n--) {
    const flags = bytes[at++]
    const known = flags & 63
    const tag = known === WOFF2_ANY_TAG ? bytes.readUInt32BE(at) : known
    if (known === WOFF2_ANY_TAG) at += 4
    const plain = number()
    const outline = known === WOFF2_GLYF || known === WOFF2_LOCA
    const length = outline === (flags >> 6 !== 3) && (outline || flags >> 6 !== 0) ? number() : plain
    if (tag === WOFF2_CMAP || tag === CMAP) place = [start, start + length]
    start += length
  }
  if (!place) return undefined
  return brotliDecompressSync(bytes.subarray(at, at + bytes.readUInt32BE(20))).subarray(...place)
}

/** Formats 4 (up to U+FFFF) and 12 (all); what an entry maps to nothing is rare enough to be believed. */
function charactersOfCmap(cmap: Buffer): Characters {
  const found: [number, number][] = []
  for (let n = cmap.readUInt16BE(2), entry = 4; n > 0; n--, entry += 8) {
    const at = cmap.readUInt32BE(entry + 4)
    const format = cmap.readUInt16BE(at)
    if (format === 4) {
      const segments = cmap.readUInt16BE(at + 6)
      for (let i = 0; i < segments; i += 2) {
        const last = cmap.readUInt16BE(at + 14 + i)
        if (last < 0xffff) found.push([cmap.readUInt16BE(at + 16 + segments + i), last])
      }
    }
    if (format === 12)
      for (let i = cmap.readUInt32BE(at + 12), group = at + 16; i > 0; i--, group += 12)
        found.push([cmap.readUInt32BE(group), cmap.readUInt32BE(group + 4)])
  }
  return merged(found)
}

/** Ascending and without overlaps. */
export function merged(ranges: [number, number][]): Characters {
  const result: [number, number][] = []
  for (const [first, last] of ranges.sort((a, b) => a[0] - b[0])) {
    const before = result.at(-1)
    if (before && first <= before[1] + 1) before[1] = Math.max(before[1], last)
    else result.push([first, last])
  }
  return result
}
