import { VistterError } from '../../contract/errors.ts'

const UNKNOWN_HOST = new Set(['ENOTFOUND', 'EAI_AGAIN', 'EAI_NONAME', 'EAI_FAIL'])
/** What a server says about the certificate that this box shows. */
const OURS = /ALERT_.*CERTIFICATE|ALERT_UNKNOWN_CA|ALERT_.*ACCESS_DENIED/
/** Whoever is there did not so much as refuse. */
const SILENT = new Set(['ETIMEDOUT', 'ABORT_ERR'])
/** This box's own network, or a router on the way, knows no way there. */
const NO_WAY = new Set(['ENETUNREACH', 'EHOSTUNREACH', 'ENETDOWN'])
/** Node's names for what can be wrong with a server's certificate, or with the conversation that should show one. */
const TLS = /^(ERR_TLS|ERR_SSL|CERT_|UNABLE_TO_|DEPTH_ZERO|SELF_SIGNED|INVALID_CA|HOSTNAME_MISMATCH|EPROTO)/

/** Why nothing came about with `host`: for each cause that needs another remedy a code of its own. */
export function studioFault(thrown: unknown, host: string): VistterError {
  if (thrown instanceof VistterError) return thrown
  const { code = '', message = '' } = thrown instanceof Error ? (thrown as NodeJS.ErrnoException) : {}
  if (UNKNOWN_HOST.has(code))
    return new VistterError('STUDIO_UNKNOWN_HOST', `No server is known by the name ${host.replace(/:\d+$/, '')}.`)
  if (OURS.test(code))
    return new VistterError('STUDIO_CERTIFICATE', `${host} does not accept the certificate of this box (${code}).`)
  if (code === 'CERT_NOT_YET_VALID')
    return new VistterError('STUDIO_CLOCK', `${thatTime()} the certificate of ${host} is not valid yet.`)
  if (code === 'CERT_HAS_EXPIRED')
    return new VistterError('STUDIO_EXPIRED', `${thatTime()} the certificate of ${host} has run out.`)
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID')
    return new VistterError('STUDIO_WRONG_NAME', `The certificate that ${host} shows is for another name.`)
  if (TLS.test(code))
    return new VistterError('STUDIO_UNTRUSTED', `The certificate that ${host} shows is not trusted (${code}).`)
  if (SILENT.has(code)) return new VistterError('STUDIO_BLOCKED', `Nothing at all comes back from ${host}.`)
  const why = code === 'ECONNREFUSED' ? 'refused the connection' : `could not be reached (${code || message})`
  return new VistterError('STUDIO_UNREACHABLE', `${host} ${why}.`, NO_WAY.has(code) ? { noWay: true } : {})
}

/** TLS goes by the clock of the machine, and so does whoever compares it with a watch. */
const thatTime = (): string => `By the clock of this box it is ${new Date().toUTCString()}, and`

/** What is about the way alone, and so may be true of one port and not of the next. */
const WAY: readonly string[] = ['STUDIO_UNREACHABLE', 'STUDIO_BLOCKED']

/** Of what failed with each broker in turn, what helps most: many networks let one of two ports out, and then the other one tells more. */
export const mostTelling = (faults: readonly VistterError[]): VistterError | undefined =>
  faults.find(({ code }) => !WAY.includes(code)) ?? faults[0]

/** No server was reached: neither a name nor a way, or nothing came back from it. */
export const isUnheard = ({ code, extra }: VistterError): boolean =>
  code === 'STUDIO_UNKNOWN_HOST' || code === 'STUDIO_BLOCKED' || extra.noWay === true
