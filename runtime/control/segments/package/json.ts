import { refusal } from '../refusal.ts'

const utf8 = new TextDecoder('utf-8', { fatal: true })

/** A JSON object out of a file of a package. */
export function jsonOf(file: string, content: Buffer): Record<string, unknown> {
  const found = parsed(content)
  if (typeof found === 'object' && found !== null && !Array.isArray(found)) return { ...found }
  throw refusal('SEGMENT_INVALID', file, 'is not a JSON object in UTF-8.')
}

function parsed(content: Buffer): unknown {
  try {
    return JSON.parse(utf8.decode(content))
  } catch {
    return undefined
  }
}
