import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Sql, SqlValue } from '../../runtime/control/ports.ts'
import type { Entry, Row } from '../../runtime/control/proof/chain.ts'
import { endSeal, hashOf, rowAfter } from '../../runtime/control/proof/chain.ts'
import { Ledger } from '../../runtime/control/proof/ledger.ts'
import { Database } from '../../runtime/control/store/database.ts'
import { openStore } from '../../runtime/control/store/open.ts'
import { systemClock } from '../../runtime/lib/clock.ts'
import { createLog } from '../../runtime/lib/log.ts'
import { scratch } from '../peers/run.ts'

const KEY = 'k'.repeat(64)
const log = createLog('test', 'silent')
const now = () => 5_000
const folder = scratch('proof')
afterAll(() => rmSync(folder.path, { recursive: true, force: true }))

const entry = (n: number, facts: object = { n }): Entry => ({
  kind: 'aired',
  subject: `s${n}`,
  firstAt: n * 10,
  lastAt: n * 10 + 5,
  facts,
})

let store: Database
let ledger: Ledger
let files = 0
let file = ''
beforeEach(async () => {
  file = join(folder.path, `${++files}.db`)
  store = await openStore(file, systemClock)
  ledger = new Ledger({ sql: store, log, key: KEY, now, written: () => {} })
})
afterEach(async () => {
  await ledger.stop()
  await store.close()
})

async function write(count: number): Promise<void> {
  for (let n = 1; n <= count; n++) ledger.add(entry(n))
  await ledger.settled()
}

const rows = () =>
  store.all<Row>(
    'SELECT n, kind, subject, first_at AS firstAt, last_at AS lastAt, body, hash, seal FROM proof ORDER BY n',
  )
const faults = async () => (await ledger.verify()).faults.map(({ n, to, what }) => (to ? [what, n, to] : [what, n]))

describe('rows of proof', () => {
  test('hang together, over a restart, too, and anyone can follow their hashes', async () => {
    expect(await ledger.verify()).toEqual({ ok: true, rows: 0, first: null, last: null, hash: null, faults: [] })
    await write(3)
    await ledger.stop()
    await store.close()
    store = await openStore(file, systemClock)
    ledger = new Ledger({ sql: store, log, key: KEY, now, written: () => {} })
    ledger.add(entry(4))
    const verdict = await ledger.verify()
    const all = await rows()
    expect(verdict).toEqual({ ok: true, rows: 4, first: 1, last: 4, hash: all.at(-1)?.hash, faults: [] })
    let before = '0'.repeat(64)
    for (const { n, body, hash } of all) {
      expect(hashOf(before, n, body)).toBe(hash)
      before = hash
    }
  })

  test('are on the disk when they are written: the write waits for it, others do not', async () => {
    const inside: unknown[] = []
    const during = () => store.transaction(async tx => inside.push(await tx.get('PRAGMA synchronous')))
    await store.transaction(async tx => inside.push(await tx.get('PRAGMA synchronous')), 'durable')
    await during()
    const fails = store.transaction(() => Promise.reject(new Error('no')), 'durable')
    await expect(fails).rejects.toThrow('no')
    await during()
    expect(inside).toEqual([{ synchronous: 2 }, { synchronous: 1 }, { synchronous: 1 }])
  })

  test('the last word on each counts; the newest first, page by page', async () => {
    await write(4)
    ledger.add({ ...entry(2, { more: true }), lastAt: 5_000 })
    await ledger.settled()
    const found = async (range: object) =>
      (await ledger.list({ kinds: ['aired'], from: 0, to: 9_999, limit: 100, ...range })).map(({ n }) => n)
    expect(await found({})).toEqual([5, 4, 3, 1])
    expect(await found({ limit: 2 })).toEqual([5, 4])
    expect(await found({ before: 4 })).toEqual([3, 1])
    expect(await found({ from: 100 })).toEqual([5])
    expect(await found({ from: 20, to: 30 })).toEqual([5])
    expect(await found({ kinds: ['other'] })).toEqual([])
    expect(await found({ kinds: ['aired', 'other'], booked: true })).toEqual([])
  })

  test('many are read in small parts, and beside what is written', async () => {
    await write(1_200)
    const reader = await Database.reader(file)
    const parts: number[] = []
    const reads: Pick<Sql, 'all' | 'get'> = {
      get: (sql, ...values) => reader.get(sql, ...values),
      all: async <T>(sql: string, ...values: SqlValue[]) => {
        const found = await reader.all<T>(sql, ...values)
        parts.push(found.length)
        return found
      },
    }
    const beside = new Ledger({ sql: store, reads, log, key: KEY, now, written: () => {} })
    const all = await beside.list({ kinds: ['aired'], from: 0, to: 99_999, limit: 1_100 })
    expect(all.map(({ n }) => n)).toEqual(Array.from({ length: 1_100 }, (_, n) => 1_200 - n))
    expect((await beside.verify()).ok).toBe(true)
    expect(Math.max(...parts)).toBeLessThanOrEqual(500)
    // Who reads for long holds up nobody who writes.
    const order: string[] = []
    const long = 'WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < 3e6) SELECT max(n) FROM c'
    const slow = reader.get(long).then(() => order.push('read'))
    await store.run("INSERT INTO facts (key, value) VALUES ('x', '1')").then(() => order.push('written'))
    await slow
    expect(order).toEqual(['written', 'read'])
    await expect(reader.run('DELETE FROM proof')).rejects.toThrow('SQLITE_READONLY')
    await reader.close()
  })
})

describe('a hand in the database is noticed, and what it did is named', () => {
  beforeEach(() => write(6))

  test('a text that was changed', async () => {
    await store.run(`UPDATE proof SET body = replace(body, '"n":3', '"n":9') WHERE n = 3`)
    expect(await faults()).toEqual([['changed', 3]])
  })

  test('a column by which rows are found', async () => {
    await store.run('UPDATE proof SET first_at = 99999, last_at = 99999 WHERE n = 3')
    expect(await faults()).toEqual([['changed', 3]])
  })

  test('a row whose hash was made anew', async () => {
    const [, second] = await rows()
    const forged = rowAfter({ n: 2, hash: second?.hash ?? '' }, entry(3, { n: 9 }), 'another key')
    await store.run('UPDATE proof SET body = ?, hash = ? WHERE n = 3', forged.body, forged.hash)
    expect(await faults()).toEqual([['inserted', 3]])
  })

  test('all rows from one on made anew', async () => {
    const all = await rows()
    let before: { n: number; hash: string } = { n: 2, hash: all[1]?.hash ?? '' }
    for (const { n } of all.slice(2)) {
      const forged = rowAfter(before, { ...entry(n), facts: { forged: n } }, 'another key')
      await store.run(
        'UPDATE proof SET body = ?, hash = ?, seal = ? WHERE n = ?',
        ...[forged.body],
        forged.hash,
        forged.seal,
        n,
      )
      before = forged
    }
    expect(await faults()).toEqual([3, 4, 5, 6].map(n => ['inserted', n]))
  })

  test.each([
    ['one in the middle', 'n = 3', [['removed', 3, 3]]],
    ['some in the middle', 'n IN (3, 4)', [['removed', 3, 4]]],
    ['the first', 'n <= 2', [['removed', 1, 2]]],
    ['the last', 'n >= 5', [['removed', 5, 6]]],
    ['all', 'n > 0', [['removed', 1, 6]]],
  ])('%s removed', async (_, which, expected) => {
    await store.run(`DELETE FROM proof WHERE ${which}`)
    expect(await faults()).toEqual(expected)
  })

  test('one removed and the gap closed', async () => {
    await store.run('DELETE FROM proof WHERE n = 3')
    for (const n of [4, 5, 6]) await store.run('UPDATE proof SET n = ? WHERE n = ?', n - 1, n)
    expect(await faults()).toEqual([...[3, 4, 5].map(n => ['changed', n]), ['removed', 6, 6]])
  })

  test('one put in at the end, and one between', async () => {
    const last = (await rows()).at(-1)
    const put = async (n: number, { kind, subject, firstAt, lastAt, body, hash, seal }: Omit<Row, 'n'>) =>
      store.run(
        'INSERT INTO proof VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
        n,
        kind,
        subject,
        firstAt,
        lastAt,
        body,
        hash,
        seal,
      )
    await put(7, rowAfter({ n: 6, hash: last?.hash ?? '' }, entry(7), 'another key'))
    expect((await faults())[0]).toEqual(['inserted', 7])
    await store.run('DELETE FROM proof WHERE n = 7')
    for (const n of [6, 5, 4]) await store.run('UPDATE proof SET n = ? WHERE n = ?', n + 1, n)
    const third = (await rows())[2]
    await put(4, rowAfter({ n: 3, hash: third?.hash ?? '' }, entry(44), 'another key'))
    expect((await faults())[0]).toEqual(['inserted', 4])
  })

  test('where the rows end', async () => {
    const fifth = (await rows())[4]
    const end = { n: 5, hash: fifth?.hash ?? '' }
    await store.run('DELETE FROM proof WHERE n = 6')
    await store.run(
      "UPDATE facts SET value = ? WHERE key = 'proof-end'",
      JSON.stringify({ ...end, seal: endSeal(end, 'no') }),
    )
    expect(await faults()).toEqual([['unsealed', 5]])
    await store.run("DELETE FROM facts WHERE key = 'proof-end'")
    expect((await faults())[0]?.[0]).toBe('inserted')
  })

  test('of thousands the first hundred', async () => {
    await write(150)
    await store.run('UPDATE proof SET body = ?', '{}')
    const { ok, rows: seen, faults: named } = await ledger.verify()
    expect([ok, seen, named.length]).toEqual([false, 156, 100])
  })
})

describe('years', () => {
  test('the oldest rows go in order, and what remains still proves that nothing else went', async () => {
    ledger = new Ledger({ sql: store, log, key: KEY, now, written: () => {}, kept: 10 })
    await write(2_050)
    const verdict = await ledger.verify()
    expect(verdict).toMatchObject({ ok: true, faults: [] })
    expect(verdict.first).toBeGreaterThan(1_000)
    expect(verdict.rows).toBeLessThan(1_100)
    await store.run('DELETE FROM proof WHERE n = ?', verdict.first ?? 0)
    expect(await faults()).toMatchObject([['removed', 1, verdict.first]])
  })

  test('what finds no room is written once there is some; what is too much is owned up to', async () => {
    let full = true
    const sql = {
      all: store.all.bind(store) as typeof store.all,
      transaction: (work: never, kept: never) =>
        full ? Promise.reject(new Error('SQLITE_FULL')) : store.transaction(work, kept),
    }
    const bounded = new Ledger({ sql: sql as never, log, key: KEY, now, written: () => {} })
    for (let n = 1; n <= 10_003; n++) bounded.add(entry(n))
    await bounded.settled()
    full = false
    bounded.add(entry(1))
    await bounded.settled()
    await bounded.stop()
    const lost = await ledger.list({ kinds: ['lost'], from: 0, to: 9_999, limit: 5 })
    expect(lost.map(({ body }) => JSON.parse(body).facts)).toEqual([{ lost: 4 }])
    expect(await ledger.verify()).toMatchObject({ ok: true, rows: 10_001 })
  })
})
