import { VistterError } from '../../contract/errors.ts'

const UNKNOWN_HOST = new Set(['ENOTFOUND', 'EAI_AGAIN', 'EAI_NONAME', 'EAI_FAIL'])
/** What a server says about the certificate that this box shows. */
const OURS = /ALERT_.*CERTIFICATE|ALERT_UNKNOWN_CA|ALERT_.*ACCESS_DENIED/
/** Certificates are good from a moment to a moment: who sees them outside has mostly the wrong time. */
const TIME = new Set(['CERT_NOT_YET_VALID', 'CERT_HAS_EXPIRED'])
/** Node's names for what can be wrong with a server's certificate, or with the conversation that should show one. */
const TLS = /^(ERR_TLS|ERR_SSL|CERT_|UNABLE_TO_|DEPTH_ZERO|SELF_SIGNED|INVALID_CA|HOSTNAME_MISMATCH|EPROTO)/

/** Why nothing came about with `host`: for each cause that needs another remedy a code of its own. */
export function studioFault(thrown: unknown, host: string): VistterError {
  if (thrown instanceof VistterError) return thrown
  const { code = '', message = '' } = thrown instanceof Error ? (thrown as NodeJS.ErrnoException) : {}
  if (UNKNOWN_HOST.has(code)) return new VistterError('STUDIO_UNKNOWN_HOST', `No server is known by the name ${host}.`)
  if (OURS.test(code))
    return new VistterError('STUDIO_CERTIFICATE', `${host} does not accept the certificate of this box (${code}).`)
  if (TIME.has(code))
    return new VistterError('STUDIO_CLOCK', `By the clock of this box the certificate of ${host} is not valid now.`)
  if (TLS.test(code))
    return new VistterError('STUDIO_UNTRUSTED', `The certificate that ${host} shows is not trusted (${code}).`)
  const why = code === 'ECONNREFUSED' ? 'refused the connection' : `could not be reached (${code || message})`
  return new VistterError('STUDIO_UNREACHABLE', `${host} ${why}.`)
}
