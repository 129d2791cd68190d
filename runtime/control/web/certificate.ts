import { X509Certificate } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { hostname, networkInterfaces } from 'node:os'
import { join } from 'node:path'
import { generate } from 'selfsigned'
import type { Clock } from '../../lib/clock.ts'

const DAY = 24 * 3_600_000
/** The longest that Apple's systems accept for a certificate an administrator trusts by hand. */
const VALID_DAYS = 825
const RENEW_DAYS = 30

export interface KeyPair {
  key: string
  cert: string
}

/** The certificate of the front door: made at the first start, made again when it is about to run out. */
export async function certificate(folder: string, clock: Clock): Promise<KeyPair> {
  const [keyFile, certFile] = [join(folder, 'key.pem'), join(folder, 'cert.pem')]
  if (existsSync(keyFile) && existsSync(certFile)) {
    const kept = { key: readFileSync(keyFile, 'utf8'), cert: readFileSync(certFile, 'utf8') }
    if (Date.parse(new X509Certificate(kept.cert).validTo) - clock.now() > RENEW_DAYS * DAY) return kept
  }
  const made = await make(clock.now())
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  write(keyFile, made.key, 0o600)
  write(certFile, made.cert, 0o644)
  return made
}

async function make(now: number): Promise<KeyPair> {
  const host = hostname()
  const names = [...new Set(['localhost', host, `${host}.local`])]
  const addresses = Object.values(networkInterfaces()).flatMap(list => (list ?? []).map(({ address }) => address))
  const { private: key, cert } = await generate([{ name: 'commonName', value: host.slice(0, 64) }], {
    keyType: 'ec',
    curve: 'P-256',
    algorithm: 'sha256',
    // A box whose clock is a little behind its visitors' must not be refused.
    notBeforeDate: new Date(now - DAY),
    notAfterDate: new Date(now + VALID_DAYS * DAY),
    extensions: [
      { name: 'basicConstraints', cA: false, critical: true },
      { name: 'keyUsage', digitalSignature: true, critical: true },
      { name: 'extKeyUsage', serverAuth: true },
      {
        name: 'subjectAltName',
        altNames: [
          ...names.map(value => ({ type: 2 as const, value })),
          ...[...new Set(['127.0.0.1', '::1', ...addresses])].map(ip => ({ type: 7 as const, ip })),
        ],
      },
    ],
  })
  return { key, cert }
}

/** Whole or not at all: a power cut must not leave half a key. */
function write(file: string, text: string, mode: number): void {
  writeFileSync(`${file}.part`, text, { mode })
  renameSync(`${file}.part`, file)
}
