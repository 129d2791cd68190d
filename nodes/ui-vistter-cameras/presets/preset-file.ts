import type { PresetFile } from '../../../runtime/contract/generated/openapi.v1.ts'
import type { Problem } from '../../lib-ui/api.ts'

/** What a file holds, as far as one must know before it is sent; the appliance checks the rest. Throws a Problem. Pure. */
export function presetFile(text: string): PresetFile {
  const read = parsed(text)
  if (typeof read === 'object' && read !== null && 'presets' in read && Array.isArray(read.presets))
    return read as PresetFile
  const problem: Problem = {
    status: 0,
    code: 'BAD_REQUEST',
    detail: 'This file holds no presets.',
    hint: 'Choose one that Export has made: a JSON document with a list of presets.',
  }
  throw problem
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
