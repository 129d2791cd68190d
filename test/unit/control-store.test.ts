import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { SecretBox } from '../../runtime/control/access/secrets.ts'
import { Collection } from '../../runtime/control/store/collection.ts'
import { Database } from '../../runtime/control/store/database.ts'
import { type Migration, migrations } from '../../runtime/control/store/migrations.ts'
import { openStore } from '../../runtime/control/store/open.ts'
import { systemClock } from '../../runtime/lib/clock.ts'

let folder: string
let file: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'store-'))
  file = join(folder, 'vistter.db')
})
afterEach(() => rmSync(folder, { recursive: true }))

const open = (steps?: Migration[]) => openStore(file, systemClock, steps)
const backups = () => (existsSync(join(folder, 'backups')) ? readdirSync(join(folder, 'backups')) : [])
const next: Migration = { why: 'a test', sql: 'ALTER TABLE cameras ADD COLUMN note TEXT' }

describe('the database', () => {
  it('is made in write-ahead mode, with foreign keys, readable by its owner only', async () => {
    const store = await open()
    expect(await store.get('PRAGMA journal_mode')).toEqual({ journal_mode: 'wal' })
    expect(await store.get('PRAGMA foreign_keys')).toEqual({ foreign_keys: 1 })
    expect(await store.get('PRAGMA user_version')).toEqual({ user_version: migrations.length })
    await store.close()
    expect(statSync(file).mode & 0o777).toBe(0o600)
    expect(backups()).toEqual([])
  })

  it('refuses a file that is no database, and leaves it as it is', async () => {
    const garbage = 'this is not a database, although it is long enough to have a header of one hundred bytes'.repeat(
      20,
    )
    writeFileSync(file, garbage)
    await expect(open()).rejects.toMatchObject({ code: 'DATABASE_BROKEN', message: expect.stringContaining(file) })
    expect(readFileSync(file, 'utf8')).toBe(garbage)
  })

  it('gives live data of an earlier version the time at which it was brought up', async () => {
    const step = migrations.findIndex(({ why }) => why.startsWith('live data'))
    const before = await open(migrations.slice(0, step))
    await before.run("INSERT INTO data (id, body) VALUES ('tide', json_object('value', '3.5'))")
    await before.close()
    const began = Date.now() - 1_000
    const after = await open()
    const [{ body = '' } = {}] = await after.all<{ body: string }>("SELECT body FROM data WHERE id = 'tide'")
    await after.close()
    const { value, at } = JSON.parse(body) as { value: string; at: number }
    expect(value).toBe('3.5')
    expect(at).toBeGreaterThanOrEqual(began)
    expect(at).toBeLessThanOrEqual(Date.now())
  })

  it('comes up from a file of an earlier version, with a copy made before', async () => {
    const before = await open()
    await before.run("INSERT INTO cameras (id, body) VALUES ('c1', '{}')")
    await before.close()

    const after = await open([...migrations, next])
    expect(await after.all('SELECT id, note FROM cameras')).toEqual([{ id: 'c1', note: null }])
    await after.close()

    const [copy = ''] = backups()
    expect(copy).toMatch(new RegExp(`^vistter-v${migrations.length}-.*\\.db$`))
    const kept = await Database.open(join(folder, 'backups', copy))
    expect(await kept.get('PRAGMA user_version')).toEqual({ user_version: migrations.length })
    expect(await kept.all('SELECT * FROM cameras')).toEqual([{ id: 'c1', body: '{}', secrets: null }])
    await kept.close()
  })

  it('puts the copy back when a step fails, also when an earlier step had gone well, and refuses to start', async () => {
    const before = await open()
    await before.run("INSERT INTO cameras (id, body) VALUES ('c1', '{}')")
    await before.close()

    const broken = { why: 'a test', sql: 'DELETE FROM cameras; INSERT INTO nowhere VALUES (1)' }
    await expect(open([...migrations, next, broken])).rejects.toMatchObject({ code: 'DATABASE_UPGRADE_FAILED' })

    const after = await open()
    expect(await after.get('PRAGMA user_version')).toEqual({ user_version: migrations.length })
    expect(await after.all('SELECT * FROM cameras')).toEqual([{ id: 'c1', body: '{}', secrets: null }])
    await after.close()
  })

  it('refuses a file of a newer release and leaves it as it is', async () => {
    await (await open([...migrations, next])).close()
    await expect(open()).rejects.toMatchObject({ code: 'DATABASE_NEWER' })
    const store = await open([...migrations, next])
    expect(await store.get('PRAGMA user_version')).toEqual({ user_version: migrations.length + 1 })
    await store.close()
  })

  it('keeps statements of others out of a transaction, and undoes one that throws', async () => {
    const store = await open()
    const add = (id: string) => ['INSERT INTO cameras (id, body) VALUES (?, ?)', id, '{}'] as const
    const failed = store.transaction(async sql => {
      await sql.run(...add('inside'))
      await new Promise(resolve => setTimeout(resolve, 20))
      throw new Error('no')
    })
    const other = store.run(...add('outside'))
    await expect(failed).rejects.toThrow('no')
    await other
    expect(await store.all('SELECT id FROM cameras')).toEqual([{ id: 'outside' }])
    await store.close()
  })
})

describe('a collection', () => {
  it('keeps bodies and sealed secrets across a restart, and no secret in clear in the file', async () => {
    const secrets = SecretBox.fromFile(join(folder, 'secret.key'))
    const store = await open()
    const cameras = await new Collection<{ name: string }>(store, 'cameras', secrets).load()
    await cameras.write('b', () => ({ body: { name: 'Bay' }, secrets: { password: 'hunter2-in-clear' } }))
    await cameras.write('a', () => ({ body: { name: 'Arch' } }))

    const again = await new Collection<{ name: string }>(store, 'cameras', secrets).load()
    expect(again.list()).toEqual([
      { id: 'a', body: { name: 'Arch' }, secrets: {} },
      { id: 'b', body: { name: 'Bay' }, secrets: { password: 'hunter2-in-clear' } },
    ])
    const rows = await store.all<{ body: string; secrets: Buffer | null }>('SELECT * FROM cameras')
    expect(rows.map(({ body, secrets }) => body + secrets?.toString('latin1')).join()).not.toContain('hunter2')
    await store.close()
  })

  it('applies changes one after another, each on what the one before left', async () => {
    const store = await open()
    const counters = await new Collection<{ n: number }>(
      store,
      'data',
      SecretBox.fromFile(join(folder, 'secret.key')),
    ).load()
    await Promise.all(
      Array.from({ length: 20 }, () => counters.write('x', x => ({ body: { n: (x?.body.n ?? 0) + 1 } }))),
    )
    expect(counters.find('x')?.body).toEqual({ n: 20 })
    const refused = counters.write('x', () => {
      throw new Error('no')
    })
    await expect(refused).rejects.toThrow('no')
    expect(await counters.remove('x')).toBe(true)
    expect(await counters.remove('x')).toBe(false)
    await store.close()
  })
})
