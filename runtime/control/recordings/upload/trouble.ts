import { VistterError } from '../../../contract/errors.ts'

const UNKNOWN_HOST = new Set(['ENOTFOUND', 'EAI_AGAIN', 'EAI_NONAME', 'EAI_FAIL'])
/** Node's names for what can be wrong with a certificate or with the conversation that should show one. */
const TLS = /^(ERR_TLS|ERR_SSL|CERT_|UNABLE_TO_|DEPTH_ZERO|SELF_SIGNED|INVALID_CA|HOSTNAME_MISMATCH|EPROTO)/

/** Why an upload was broken off, as a person may read it. */
export function brokenOff(thrown: unknown, host: string): VistterError {
  if (thrown instanceof VistterError) return thrown
  const { code = '', message = String(thrown) } = thrown as NodeJS.ErrnoException
  if (UNKNOWN_HOST.has(code)) return new VistterError('UPLOAD_UNKNOWN_HOST', `No server is known by the name ${host}.`)
  if (TLS.test(code))
    return new VistterError('UPLOAD_TLS', `The certificate that ${host} shows is not trusted (${code}).`)
  const why = code === 'ECONNREFUSED' ? 'refused the connection' : `cannot be reached (${code || message})`
  return new VistterError('UPLOAD_UNREACHABLE', `${host} ${why}.`)
}

/** What an answer outside 200..299 means. `said` is the beginning of its body: S3 names the reason there. */
export function refusal(status: number, said: string, host: string): VistterError {
  const reason = said.match(/<Code>(\w+)<\/Code>/)?.[1]
  const answer = `${host} answered with status ${status}${reason ? ` (${reason})` : ''}.`
  if (status === 401 || status === 403) return new VistterError('UPLOAD_REFUSED', answer)
  if (status === 404 || status === 409) return new VistterError('UPLOAD_NO_FOLDER', answer)
  if (status === 413 || status === 507) return new VistterError('UPLOAD_NO_ROOM', answer)
  return new VistterError('UPLOAD_FAILED', answer)
}
