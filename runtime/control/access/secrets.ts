import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { VistterError } from '../../contract/errors.ts'
import type { Sql } from '../ports.ts'

const VERSION = 1
const IV_BYTES = 12
const TAG_BYTES = 16
const KEY_BYTES = 32
const CHECK = 'secret-key-check'

/**
 * Secrets at rest: AES-256-GCM under a key that lives in a file of its own, outside the database and its backups.
 * A sealed value is: version (1 byte), nonce (12), tag (16), ciphertext; the context is authenticated with it.
 */
export class SecretBox {
  private readonly key: Buffer

  private constructor(key: Buffer) {
    this.key = key
  }

  /** Makes the key file (mode 0600) at the first start. */
  static fromFile(keyFile: string): SecretBox {
    try {
      writeFileSync(keyFile, `${randomBytes(KEY_BYTES).toString('hex')}\n`, { mode: 0o600, flag: 'wx' })
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error
    }
    const key = Buffer.from(readFileSync(keyFile, 'utf8').trim(), 'hex')
    if (key.length !== KEY_BYTES) throw mismatch(`${keyFile} does not hold a key of ${KEY_BYTES} bytes.`)
    return new SecretBox(key)
  }

  seal(text: string, context: string): Buffer {
    const iv = randomBytes(IV_BYTES)
    const cipher = createCipheriv('aes-256-gcm', this.key, iv).setAAD(Buffer.from(context))
    const body = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()])
    return Buffer.concat([Buffer.from([VERSION]), iv, cipher.getAuthTag(), body])
  }

  /** Throws SECRET_KEY_MISMATCH when the value was sealed under another key, for another place, or was altered. */
  open(sealed: Buffer, context: string): string {
    const iv = sealed.subarray(1, 1 + IV_BYTES)
    const tag = sealed.subarray(1 + IV_BYTES, 1 + IV_BYTES + TAG_BYTES)
    try {
      if (sealed[0] !== VERSION || tag.length !== TAG_BYTES) throw new Error('not a sealed value')
      const cipher = createDecipheriv('aes-256-gcm', this.key, iv).setAAD(Buffer.from(context)).setAuthTag(tag)
      return Buffer.concat([cipher.update(sealed.subarray(1 + IV_BYTES + TAG_BYTES)), cipher.final()]).toString('utf8')
    } catch {
      throw mismatch('A stored secret cannot be read with this key.')
    }
  }

  /** A key for another purpose (hex, 256 bits): the same for ever, and telling nothing about this one. */
  derive(purpose: string): string {
    return Buffer.from(hkdfSync('sha256', this.key, '', `vistter:${purpose}`, KEY_BYTES)).toString('hex')
  }

  /** Refuses to go on with a key file that does not belong to the database. */
  async check(sql: Sql): Promise<void> {
    const fact = await sql.get<{ value: string }>('SELECT value FROM facts WHERE key = ?', CHECK)
    if (fact) {
      this.open(Buffer.from(fact.value, 'base64'), CHECK)
      return
    }
    await sql.run('INSERT INTO facts (key, value) VALUES (?, ?)', CHECK, this.seal(CHECK, CHECK).toString('base64'))
  }
}

const mismatch = (detail: string): VistterError => new VistterError('SECRET_KEY_MISMATCH', detail)
