import { randomBytes, webcrypto } from 'node:crypto'
import {
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  Pkcs10CertificateRequest,
  SubjectAlternativeNameExtension,
  type X509Certificate,
  X509CertificateGenerator,
} from '@peculiar/x509'

const KEY = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' }
const HOUR = 3_600_000
const serialNumber = () => `01${randomBytes(8).toString('hex')}`
const makeKeys = () => webcrypto.subtle.generateKey(KEY, true, ['sign', 'verify'])

interface Times {
  notBefore?: Date
  notAfter?: Date
}
const now = () => ({ notBefore: new Date(Date.now() - HOUR), notAfter: new Date(Date.now() + 24 * HOUR) })

/** A CA of the reference Studio: signs its brokers' certificates and those of appliances. */
export class Authority {
  readonly pem: string
  private readonly certificate: X509Certificate
  private readonly keys: webcrypto.CryptoKeyPair

  private constructor(certificate: X509Certificate, keys: webcrypto.CryptoKeyPair) {
    this.certificate = certificate
    this.keys = keys
    this.pem = certificate.toString('pem')
  }

  static async make(name = 'Reference Studio'): Promise<Authority> {
    const keys = await makeKeys()
    const certificate = await X509CertificateGenerator.createSelfSigned({
      ...{ serialNumber: serialNumber(), name: [{ CN: [name] }], keys, signingAlgorithm: KEY, ...now() },
      extensions: [new BasicConstraintsExtension(true, undefined, true)],
    })
    return new Authority(certificate, keys)
  }

  /** For a broker on this machine. */
  async forServer(times: Times = {}): Promise<{ key: string; cert: string }> {
    const keys = await makeKeys()
    const certificate = await X509CertificateGenerator.create({
      ...{ serialNumber: serialNumber(), subject: [{ CN: ['localhost'] }], issuer: this.certificate.subject },
      ...{ publicKey: keys.publicKey, signingKey: this.keys.privateKey, signingAlgorithm: KEY, ...now(), ...times },
      extensions: [
        new ExtendedKeyUsageExtension([ExtendedKeyUsage.serverAuth]),
        new SubjectAlternativeNameExtension([
          { type: 'dns', value: 'localhost' },
          { type: 'ip', value: '127.0.0.1' },
        ]),
      ],
    })
    const body = Buffer.from(await webcrypto.subtle.exportKey('pkcs8', keys.privateKey)).toString('base64')
    const lines = body.match(/.{1,64}/g) ?? []
    const key = ['-----BEGIN PRIVATE KEY-----', ...lines, '-----END PRIVATE KEY-----', ''].join('\n')
    return { key, cert: certificate.toString('pem') }
  }

  /** For an appliance: its common name becomes the appliance's id, whatever the request says. Throws where the request is not its own. */
  async sign(csr: string, appliance: string, times: Times = {}): Promise<string> {
    const request = new Pkcs10CertificateRequest(csr)
    if (!(await request.verify())) throw new Error('the request is not signed by its key')
    const certificate = await X509CertificateGenerator.create({
      ...{ serialNumber: serialNumber(), subject: [{ CN: [appliance] }], issuer: this.certificate.subject },
      ...{ publicKey: request.publicKey, signingKey: this.keys.privateKey, signingAlgorithm: KEY, ...now(), ...times },
      extensions: [new ExtendedKeyUsageExtension([ExtendedKeyUsage.clientAuth])],
    })
    return certificate.toString('pem')
  }
}
