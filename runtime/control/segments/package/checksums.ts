import { refusal } from '../refusal.ts'

export const CHECKSUMS = 'checksums.json'
export const SIGNATURE = 'signature.ed25519'

/** These two cannot say anything of themselves. */
const WITHOUT = new Set([CHECKSUMS, SIGNATURE])

/** Reads checksums.json (`{path: sha256}`) and holds it against the names that there are: none missing, none added. Pure. */
export function checksumsOf(text: string, names: readonly string[]): Map<string, string> {
  const checksums = new Map(Object.entries(parsed(text)).map(([name, sum]) => [name, checksum(name, sum)]))
  for (const name of names)
    if (!WITHOUT.has(name) && !checksums.has(name))
      throw refusal('SEGMENT_CHECKSUM', name, `is not named in ${CHECKSUMS}.`)
  const there = new Set(names)
  for (const name of checksums.keys())
    if (!there.has(name)) throw refusal('SEGMENT_CHECKSUM', name, `is named in ${CHECKSUMS} and not in the package.`)
  for (const name of WITHOUT) checksums.delete(name)
  return checksums
}

function parsed(text: string): object {
  const found = parse(text)
  if (typeof found !== 'object' || found === null || Array.isArray(found))
    throw refusal('SEGMENT_INVALID', CHECKSUMS, 'is no JSON object of paths and checksums.')
  return found
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function checksum(name: string, value: unknown): string {
  if (typeof value === 'string' && /^[0-9a-f]{64}$/i.test(value)) return value.toLowerCase()
  throw refusal('SEGMENT_INVALID', CHECKSUMS, `gives no SHA-256 (64 hexadecimal digits) for ${name}.`)
}
