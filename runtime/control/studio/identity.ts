import { createPrivateKey, X509Certificate } from 'node:crypto'
import { Pkcs10CertificateRequestGenerator } from '@peculiar/x509'
import { VistterError } from '../../contract/errors.ts'

const KEY = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' }

/** A key that was made here, and the request to sign it. PEM. */
export interface KeyRequest {
  key: string
  csr: string
}

/** The key of this box never leaves it: Studio signs a request that proves that we have it. */
export async function makeKey(serial: string): Promise<KeyRequest> {
  const keys = await crypto.subtle.generateKey(KEY, true, ['sign', 'verify'])
  const name = [{ CN: [serial] }]
  const request = await Pkcs10CertificateRequestGenerator.create({ name, keys, signingAlgorithm: KEY })
  const body = Buffer.from(await crypto.subtle.exportKey('pkcs8', keys.privateKey)).toString('base64')
  const lines = body.match(/.{1,64}/g) ?? []
  const key = ['-----BEGIN PRIVATE KEY-----', ...lines, '-----END PRIVATE KEY-----', ''].join('\n')
  return { key, csr: request.toString('pem') }
}

/** Throws where a certificate is not for this key, or not for now: better here than at the next connection. */
export function checkCertificate(made: { key: string; certificate: string; ca: string }, now: number): void {
  const certificate = parsed(made.certificate, 'certificate')
  const ca = parsed(made.ca, 'CA')
  if (!certificate.checkPrivateKey(createPrivateKey(made.key)))
    throw new VistterError('STUDIO_BAD_ANSWER', 'Studio signed another key than the one of this box.')
  if (!ca.ca) throw new VistterError('STUDIO_BAD_ANSWER', 'What Studio gave as its CA is none.')
  if (now < Date.parse(certificate.validFrom) || now > Date.parse(certificate.validTo))
    throw new VistterError('STUDIO_CLOCK', 'By the clock of this box the certificate from Studio is not valid now.')
}

function parsed(pem: string, what: string): X509Certificate {
  try {
    return new X509Certificate(pem)
  } catch {
    throw new VistterError('STUDIO_BAD_ANSWER', `The ${what} from Studio cannot be read.`)
  }
}
