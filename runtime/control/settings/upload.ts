import { VistterError } from '../../contract/errors.ts'
import type { Settings, Upload } from '../../contract/generated/openapi.v1.ts'

/** What an upload has from the start: a rate that leaves machine and uplink to the show. */
const DEFAULTS = { maxKbits: 10_000, deleteAfter: false }

/** The upload of merged settings, with what was left out. Throws BAD_REQUEST where something is missing. */
export function completeUpload(merged: Settings['upload'], hasPassword: boolean): { upload?: Upload } {
  if (!merged) return {}
  const { kind, url, username } = merged
  if (!kind || !url) throw new VistterError('BAD_REQUEST', `/upload: ${kind ? 'url' : 'kind'} is missing.`)
  if (kind === 's3' && !(username && hasPassword))
    throw new VistterError('BAD_REQUEST', '/upload: S3 needs an access key id (username) and its secret (password).')
  return { upload: { ...DEFAULTS, ...merged } }
}
