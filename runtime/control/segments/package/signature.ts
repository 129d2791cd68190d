import { createPublicKey, verify } from 'node:crypto'
import { refusal } from '../refusal.ts'
import { CHECKSUMS, SIGNATURE } from './checksums.ts'

export interface Trust {
  /** Ed25519 public keys: 32 bytes each, base64. */
  keys: readonly string[]
  /** Take nothing that none of them has signed. */
  signedOnly: boolean
}

/** SubjectPublicKeyInfo of an Ed25519 key up to its 32 bytes (RFC 8410, 4). */
const SPKI = Buffer.from('302a300506032b6570032100', 'hex')

/**
 * Whether a trusted key has signed the package: the signature is over checksums.json as it stands, which names the content
 * of every other file. One that no trusted key has made is worse than none, and refused.
 */
export function checkSignature(checksums: Buffer, signature: Buffer | undefined, { keys, signedOnly }: Trust): boolean {
  if (!signature) {
    if (signedOnly) throw refusal('SEGMENT_SIGNATURE', SIGNATURE, 'is missing: only signed packages are taken here.')
    return false
  }
  const bytes = bytesOf(signature)
  if (!bytes) throw refusal('SEGMENT_SIGNATURE', SIGNATURE, 'is no Ed25519 signature (64 bytes).')
  if (keys.some(key => isSignedBy(key, checksums, bytes))) return true
  throw refusal('SEGMENT_SIGNATURE', SIGNATURE, `was not made over this ${CHECKSUMS} with a key that is trusted here.`)
}

/** As bytes, or written as base64 or hexadecimal. */
function bytesOf(signature: Buffer): Buffer | undefined {
  if (signature.length === 64) return signature
  const text = signature.toString('latin1').trim()
  if (/^[0-9a-f]{128}$/i.test(text)) return Buffer.from(text, 'hex')
  return /^[A-Za-z0-9+/]{86}==$/.test(text) ? Buffer.from(text, 'base64') : undefined
}

function isSignedBy(key: string, content: Buffer, signature: Buffer): boolean {
  const raw = Buffer.from(key, 'base64')
  if (raw.length !== 32) return false
  return verify(
    null,
    content,
    createPublicKey({ key: Buffer.concat([SPKI, raw]), format: 'der', type: 'spki' }),
    signature,
  )
}
