import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { hashPassword, passwordMatches } from '../../runtime/control/access/passwords.ts'
import { SecretBox } from '../../runtime/control/access/secrets.ts'
import { openStore } from '../../runtime/control/store/open.ts'
import { systemClock } from '../../runtime/lib/clock.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'secrets-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

const keyFile = () => join(folder, 'secret.key')

it('makes its key once, for its owner only', () => {
  const first = SecretBox.fromFile(keyFile())
  expect(statSync(keyFile()).mode & 0o777).toBe(0o600)
  const sealed = first.seal('pässword', 'cameras:1')
  expect(SecretBox.fromFile(keyFile()).open(sealed, 'cameras:1')).toBe('pässword')
  expect(first.seal('pässword', 'cameras:1')).not.toEqual(sealed)
})

it('opens nothing that was altered, moved to another row, or sealed with another key', () => {
  const box = SecretBox.fromFile(keyFile())
  const sealed = box.seal('password', 'cameras:1')
  const mismatch = expect.objectContaining({ code: 'SECRET_KEY_MISMATCH' })
  for (let at = 0; at < sealed.length; at++) {
    const altered = Buffer.from(sealed)
    altered.writeUInt8(altered.readUInt8(at) ^ 1, at)
    expect(() => box.open(altered, 'cameras:1')).toThrow(mismatch)
    expect(() => box.open(sealed.subarray(0, at), 'cameras:1')).toThrow(mismatch)
  }
  expect(() => box.open(sealed, 'cameras:2')).toThrow(mismatch)
  expect(() => SecretBox.fromFile(join(folder, 'other.key')).open(sealed, 'cameras:1')).toThrow(mismatch)
})

it('refuses a key that does not belong to the database, or is none', async () => {
  const store = await openStore(join(folder, 'vistter.db'), systemClock)
  await SecretBox.fromFile(keyFile()).check(store)
  await SecretBox.fromFile(keyFile()).check(store)
  const mismatch = { code: 'SECRET_KEY_MISMATCH' }
  await expect(SecretBox.fromFile(join(folder, 'other.key')).check(store)).rejects.toMatchObject(mismatch)
  writeFileSync(join(folder, 'short.key'), 'abcd\n')
  expect(() => SecretBox.fromFile(join(folder, 'short.key'))).toThrow(expect.objectContaining(mismatch))
  await store.close()
})

it('derives keys that are stable, differ by purpose, and are not the key', () => {
  const box = SecretBox.fromFile(keyFile())
  expect(box.derive('node-red')).toBe(SecretBox.fromFile(keyFile()).derive('node-red'))
  expect(box.derive('node-red')).toMatch(/^[0-9a-f]{64}$/)
  expect(box.derive('node-red')).not.toBe(box.derive('other'))
})

it('knows the right password only, in every spelling of its letters, and none without a user', async () => {
  const stored = await hashPassword('Pässwort 1')
  expect(stored).not.toContain('ssw')
  expect(await passwordMatches('Pässwort 1'.normalize('NFD'), stored)).toBe(true)
  expect(await passwordMatches('pässwort 1', stored)).toBe(false)
  expect(await passwordMatches('Pässwort 1', undefined)).toBe(false)
})
