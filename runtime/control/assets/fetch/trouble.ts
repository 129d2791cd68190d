import { VistterError } from '../../../contract/errors.ts'

/** Node's names for what can be wrong with a certificate or with the conversation that should show one. */
const TLS = /^(ERR_TLS|ERR_SSL|CERT_|UNABLE_TO_|DEPTH_ZERO|SELF_SIGNED|INVALID_CA|HOSTNAME_MISMATCH|EPROTO)/
const UNKNOWN_HOST = new Set(['ENOTFOUND', 'EAI_AGAIN', 'EAI_NONAME', 'EAI_FAIL', 'EAI_NODATA'])
const REASONS: Record<string, string> = {
  ECONNREFUSED: 'refuses the connection',
  ECONNRESET: 'broke the connection off',
  ERR_STREAM_PREMATURE_CLOSE: 'broke the connection off',
  ABORT_ERR: 'took too long',
}

/** Why an asset did not come, as a person may read it. */
export function brokenOff(thrown: unknown, host: string): VistterError {
  if (thrown instanceof VistterError) return thrown
  const { code = '', message = String(thrown) } = thrown as NodeJS.ErrnoException
  if (UNKNOWN_HOST.has(code)) return new VistterError('ASSET_UNREACHABLE', `No server is known by the name ${host}.`)
  if (TLS.test(code))
    return new VistterError('ASSET_TLS', `The certificate that ${host} shows is not trusted (${code}).`)
  if (code === 'ENOSPC' || code === 'EDQUOT') return new VistterError('STORAGE_LOW', 'The disk is full.')
  return new VistterError('ASSET_UNREACHABLE', `${host} ${REASONS[code] ?? `cannot be reached (${code || message})`}.`)
}
