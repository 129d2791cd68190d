import { VistterError } from '../../../contract/errors.ts'
import { type AmfObject, type AmfValue, isAmfObject } from './amf0.ts'

const UNKNOWN_HOST = new Set(['ENOTFOUND', 'EAI_AGAIN', 'EAI_NONAME', 'EAI_FAIL'])
/** Node's names for what can be wrong with a certificate or with the conversation that should show one. */
const TLS = /^(ERR_TLS|ERR_SSL|CERT_|UNABLE_TO_|DEPTH_ZERO|SELF_SIGNED|INVALID_CA|HOSTNAME_MISMATCH|EPROTO)/
const IN_USE = /already|in use|exists|busy|publishing/i

/** Why no connection to `host` came about, or none with a trusted certificate. */
export function dialFault(error: NodeJS.ErrnoException, host: string): VistterError {
  const code = error.code ?? ''
  if (UNKNOWN_HOST.has(code)) return new VistterError('OUTPUT_UNKNOWN_HOST', `No server is known by the name ${host}.`)
  if (TLS.test(code))
    return new VistterError('OUTPUT_TLS', `The certificate that ${host} shows is not trusted (${code}).`)
  const why = code === 'ECONNREFUSED' ? 'refused the connection' : `could not be reached (${code || error.message})`
  return new VistterError('OUTPUT_UNREACHABLE', `${host} ${why}.`)
}

/** Why an open connection ended. */
export function dropFault(error: NodeJS.ErrnoException | undefined, host: string): VistterError {
  return new VistterError('OUTPUT_DROPPED', `${host} ended the connection${error?.code ? ` (${error.code})` : ''}.`)
}

/** A refusal in the platform's own words, with the stream key taken out of them. */
export function refusal(answer: AmfValue, host: string, key: string): VistterError {
  const info: AmfObject = isAmfObject(answer) ? answer : {}
  const code = typeof info.code === 'string' ? info.code : ''
  const said = typeof info.description === 'string' ? info.description : ''
  const words = [code, said].filter(Boolean).join(': ').replaceAll(key, '***') || 'no reason given'
  if (code === 'NetStream.Publish.BadName' && (said === '' || IN_USE.test(said)))
    return new VistterError('OUTPUT_KEY_IN_USE', `${host} says that this stream is already being published (${words}).`)
  return new VistterError('OUTPUT_REFUSED', `${host} refused the stream (${words}).`)
}
