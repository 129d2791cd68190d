import { copyFileSync, existsSync, rmSync, statSync, truncateSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { AdvertiserReport, ProofRow } from '../../runtime/contract/generated/openapi.v1.ts'
import { Proof } from '../../runtime/control/proof/proof.ts'
import type { Present } from '../../runtime/control/proof/surroundings.ts'
import type { Database } from '../../runtime/control/store/database.ts'
import { migrations } from '../../runtime/control/store/migrations.ts'
import { openStore } from '../../runtime/control/store/open.ts'
import { systemClock } from '../../runtime/lib/clock.ts'
import { createLog } from '../../runtime/lib/log.ts'
import { scratch } from '../peers/run.ts'

const T = Date.UTC(2026, 0, 5, 12)
const rfc = (ms: number) => new Date(ms).toISOString()
const folder = scratch('proof-kept')
const nothing: Present = { destinations: [], overrides: [], timelines: [] }
const rights = { tags: ['advertiser:Bay Cafe'] }
const poster = { id: 'poster', url: 'https://a/p.png', sha256: 'F00D', mediaType: 'image/png', rights }
const harbour = { id: 'harbour', version: 7, frameRate: 25, resolution: { width: 1280, height: 720 } }
const documents = [{ id: 'o', document: { ocl: '1.0' as const, timeline: harbour, assets: [poster], scenes: [] } }]

let store: Database
let proof: Proof
let now = T
let files = 0
let file = ''

async function open(): Promise<void> {
  store = await openStore(file, systemClock)
  proof = new Proof({
    sql: store,
    clock: { now: () => now, mono: () => now },
    log: createLog('test', 'silent'),
    key: 'k',
    pictures: join(folder.path, 'pictures'),
    show: {
      touch: () => {},
      scene: () => ({ documents, present: nothing, heard: true }),
      program: { nameIn: () => '' },
    },
  })
  await proof.start()
}

const pass = async (ms: number) => {
  now += ms
  await vi.advanceTimersByTimeAsync(ms)
  await proof.settled()
}
const told = (frames: number, ended = false, firstAt = T) => ({
  type: 'overlay.aired',
  data: {
    ...{ program: 'main', overlay: 'o', cue: 'c', asset: 'poster', sha256: 'f00d' },
    ...{ firstAt, lastAt: firstAt + (frames - 1) * 40, frames, ended },
  },
})
const ask = async <T>(operation: string): Promise<T> => {
  await proof.settled()
  const actor = { kind: 'user', name: 'ann', role: 'viewer' } as const
  const query = { from: rfc(T - 1e9), to: rfc(T + 1e9), limit: 1_000 }
  return (await proof.operations()[operation]?.({ params: {}, query, body: undefined, actor })) as T
}
const frames = async () => (await ask<ProofRow[]>('listProof')).map(row => [row.frames, row.ended])

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval'] })
  file = join(folder.path, `${++files}.db`)
  now = T
})
afterEach(async () => {
  await proof.stop()
  await store.close()
  vi.useRealTimers()
})
afterAll(() => rmSync(folder.path, { recursive: true, force: true }))

describe('what is on air', () => {
  beforeEach(open)

  test('is a row when it ends, or when the engine is silent of it; not each time that it is told', async () => {
    for (let n = 0; n < 20; n++) {
      proof.heard(told(1 + n * 125))
      await pass(5_000)
    }
    expect(await frames()).toEqual([])
    await pass(20_000)
    expect(await frames()).toEqual([[2_376, false]])
    // It was only that the machine stood still.
    proof.heard(told(2_500))
    proof.heard(told(2_510, true))
    await pass(60_000)
    expect(await frames()).toEqual([[2_510, true]])
  })

  test('for hours is a row every ten minutes', async () => {
    for (let n = 0; n <= 130; n++) {
      proof.heard(told(1 + n * 125))
      await pass(5_000)
    }
    expect(await store.get('SELECT count(*) AS n FROM proof WHERE kind = ?', 'overlay')).toEqual({ n: 1 })
    expect((await frames())[0]).toEqual([15_001, false])
  })

  test('what the engine had no room for is a row, too', async () => {
    expect(proof.heard({ type: 'proof.lost', data: { lost: 7 } })).toBe(false)
    await proof.settled()
    const { body = '' } = (await store.get<{ body: string }>("SELECT body FROM proof WHERE kind = 'lost'")) ?? {}
    expect(JSON.parse(body)).toMatchObject({ facts: { lost: 7 } })
  })
})

describe('a power cut', () => {
  beforeEach(open)

  /** As the disk was when the power went. */
  async function cut(torn = 0): Promise<void> {
    const before = file
    file = join(folder.path, `${++files}.db`)
    for (const end of ['', '-wal', '-shm']) if (existsSync(before + end)) copyFileSync(before + end, file + end)
    if (torn > 0) truncateSync(`${file}-wal`, torn)
    await proof.stop()
    await store.close()
    now += 14 * 86_400_000
    await open()
  }

  test('costs no more of it than was told last, and no row twice', async () => {
    proof.heard(told(100, true, T - 60_000))
    for (let n = 0; n < 3; n++) {
      proof.heard(told(1 + n * 125))
      await pass(5_000)
    }
    await cut()
    await pass(20_000)
    const rows = await ask<ProofRow[]>('listProof')
    expect(rows.map(row => [row.from, row.frames, row.ended])).toEqual([
      [rfc(T), 251, false],
      [rfc(T - 60_000), 100, true],
    ])
    expect(rows[0]).toMatchObject({ name: 'harbour', version: '7', advertisers: ['Bay Cafe'] })
    expect(await ask('verifyProof')).toMatchObject({ ok: true, faults: [] })
  })

  test('between the end of one and the next look at the book: the row stands', async () => {
    proof.heard(told(1))
    await pass(2_000)
    proof.heard(told(60, true))
    await proof.settled()
    await cut()
    await pass(60_000)
    expect(await frames()).toEqual([[60, true]])
  })

  test('a torn write-ahead file: what was whole is whole, and the rows hang together', async () => {
    for (let n = 0; n < 40; n++) proof.heard(told(10, true, T + n * 1_000))
    await proof.settled()
    const whole = await frames()
    for (let n = 40; n < 60; n++) {
      proof.heard(told(10, true, T + n * 1_000))
      await proof.settled()
    }
    const { size } = statSync(`${file}-wal`)
    await cut(size - 9_001)
    expect((await frames()).length).toBeGreaterThanOrEqual(whole.length)
    expect((await frames()).length).toBeLessThan(60)
    expect(await ask('verifyProof')).toMatchObject({ ok: true, faults: [] })
    proof.heard(told(10, true, T + 99_000))
    expect(await ask('verifyProof')).toMatchObject({ ok: true })
  })
})

describe('a file from before', () => {
  const airing = `INSERT INTO airings (program, overlay, cue, asset, sha256, first_at, last_at, frames, ended) VALUES `

  test('what it has counted becomes rows, each once, and says what is not known', async () => {
    const step = migrations.findIndex(({ why }) => why.startsWith('proof of play'))
    const before = await openStore(file, systemClock, migrations.slice(0, step))
    await before.run(`${airing} ('main', 'o', 'c', 'poster', 'f00d', ?, ?, 101, 1)`, T, T + 4_000)
    await before.run(`${airing} ('main', 'gone', 'c', '', '', ?, ?, 7, 0)`, T + 5_000, T + 5_240)
    for (let n = 0; n < 1_200; n++)
      await before.run(`${airing} ('main', 'many', ?, '', '', ?, ?, 1, 1)`, `c${n}`, T + 9_000, T + 9_000)
    await before.close()
    await open()
    const rows = await ask<ProofRow[]>('listProof')
    expect(rows).toHaveLength(1_000)
    expect(await store.all('SELECT * FROM airings')).toEqual([])
    expect(await ask('verifyProof')).toMatchObject({ ok: true, rows: 1_202, faults: [] })
    const first = await store.all<{ body: string }>('SELECT body FROM proof ORDER BY n LIMIT 2')
    expect(first.map(({ body }) => (JSON.parse(body) as { facts: object }).facts)).toMatchObject([
      { asset: 'poster', sha256: 'f00d', frames: 101, ended: true, inherited: true, tags: rights.tags, version: null },
      { overlay: 'gone', asset: null, frames: 7, ended: false, inherited: true, tags: [] },
    ])
    const [report] = await ask<AdvertiserReport[]>('reportProof')
    expect(report).toMatchObject({ advertiser: 'Bay Cafe', unplanned: 1, spots: [{ outcome: 'aired', frames: 101 }] })
    await proof.stop()
    await store.close()
    await open()
    expect(await ask('verifyProof')).toMatchObject({ ok: true, rows: 1_202 })
  })
})
