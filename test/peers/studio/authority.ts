import { createPrivateKey, KeyObject, randomBytes, webcrypto } from 'node:crypto'
import {
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  Pkcs10CertificateRequest,
  SubjectAlternativeNameExtension,
  X509Certificate,
  X509CertificateGenerator,
} from '@peculiar/x509'

const KEY = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' }
const HOUR = 3_600_000
const YEAR = 8_760 * HOUR
const serialNumber = () => `01${randomBytes(8).toString('hex')}`
const makeKeys = () => webcrypto.subtle.generateKey(KEY, true, ['sign', 'verify'])
const pemOf = (key: webcrypto.CryptoKey) => KeyObject.from(key).export({ type: 'pkcs8', format: 'pem' }).toString()

interface Times {
  notBefore?: Date
  notAfter?: Date
}
const now = () => ({ notBefore: new Date(Date.now() - HOUR), notAfter: new Date(Date.now() + YEAR) })

/** PEM, both. */
export interface KeptAuthority {
  certificate: string
  key: string
}

/** A CA of the reference Studio: signs its brokers' certificates and those of appliances. */
export class Authority {
  readonly pem: string
  private readonly certificate: X509Certificate
  private readonly key: webcrypto.CryptoKey

  private constructor(certificate: X509Certificate, key: webcrypto.CryptoKey) {
    this.certificate = certificate
    this.key = key
    this.pem = certificate.toString('pem')
  }

  static async make(name = 'Reference Studio'): Promise<Authority> {
    const keys = await makeKeys()
    const certificate = await X509CertificateGenerator.createSelfSigned({
      ...{ serialNumber: serialNumber(), name: [{ CN: [name] }], keys, signingAlgorithm: KEY, ...now() },
      ...{ notAfter: new Date(Date.now() + 10 * YEAR) },
      extensions: [new BasicConstraintsExtension(true, undefined, true)],
    })
    return new Authority(certificate, keys.privateKey)
  }

  static async of({ certificate, key }: KeptAuthority): Promise<Authority> {
    const body = createPrivateKey(key).export({ type: 'pkcs8', format: 'der' })
    return new Authority(
      new X509Certificate(certificate),
      await webcrypto.subtle.importKey('pkcs8', body, KEY, true, ['sign']),
    )
  }

  kept(): KeptAuthority {
    return { certificate: this.pem, key: pemOf(this.key) }
  }

  /** For a server on this machine, which other machines may know by further names. */
  forServer(times: Times = {}, names: string[] = []): Promise<{ key: string; cert: string }> {
    return this.server(times, names, [ExtendedKeyUsage.serverAuth])
  }

  /** For a node of a cluster, which its neighbours let in as a client. */
  forNode(names: string[]): Promise<{ key: string; cert: string }> {
    return this.server({}, names, [ExtendedKeyUsage.serverAuth, ExtendedKeyUsage.clientAuth])
  }

  private server(times: Times, names: string[], uses: ExtendedKeyUsage[]): Promise<{ key: string; cert: string }> {
    const dns = ['localhost', ...names].map(value => ({ type: 'dns' as const, value }))
    return this.issue('localhost', times, [
      new ExtendedKeyUsageExtension(uses),
      new SubjectAlternativeNameExtension([...dns, { type: 'ip', value: '127.0.0.1' }]),
    ])
  }

  /** For a client whose key is made here, such as Studio itself at a broker that is not its own. */
  forClient(name: string, times: Times = {}): Promise<{ key: string; cert: string }> {
    return this.issue(name, times, [new ExtendedKeyUsageExtension([ExtendedKeyUsage.clientAuth])])
  }

  /** For an appliance: its common name becomes the appliance's id, whatever the request says. Throws where the request is not its own. */
  async sign(csr: string, appliance: string, times: Times = {}): Promise<string> {
    const request = new Pkcs10CertificateRequest(csr)
    if (!(await request.verify())) throw new Error('the request is not signed by its key')
    const certificate = await X509CertificateGenerator.create({
      ...{ serialNumber: serialNumber(), subject: [{ CN: [appliance] }], issuer: this.certificate.subject },
      ...{ publicKey: request.publicKey, signingKey: this.key, signingAlgorithm: KEY, ...now(), ...times },
      extensions: [new ExtendedKeyUsageExtension([ExtendedKeyUsage.clientAuth])],
    })
    return certificate.toString('pem')
  }

  private async issue(
    name: string,
    times: Times,
    extensions: (ExtendedKeyUsageExtension | SubjectAlternativeNameExtension)[],
  ) {
    const keys = await makeKeys()
    const certificate = await X509CertificateGenerator.create({
      ...{ serialNumber: serialNumber(), subject: [{ CN: [name] }], issuer: this.certificate.subject },
      ...{ publicKey: keys.publicKey, signingKey: this.key, signingAlgorithm: KEY, ...now(), ...times, extensions },
    })
    return { key: pemOf(keys.privateKey), cert: certificate.toString('pem') }
  }
}
