import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { OclDocument } from '../../runtime/contract/generated/ocl.v1.ts'
import type { ProofRow } from '../../runtime/contract/generated/openapi.v1.ts'
import type { Operations } from '../../runtime/control/ports.ts'
import { Proof } from '../../runtime/control/proof/proof.ts'
import type { Present } from '../../runtime/control/proof/surroundings.ts'
import { presentOf } from '../../runtime/control/show/present.ts'
import type { Database } from '../../runtime/control/store/database.ts'
import { openStore } from '../../runtime/control/store/open.ts'
import { systemClock } from '../../runtime/lib/clock.ts'
import { createLog } from '../../runtime/lib/log.ts'
import { scratch } from '../peers/run.ts'

const T = Date.UTC(2026, 0, 5, 12)
const rfc = (ms: number) => new Date(ms).toISOString()
const folder = scratch('proof-of-play')
afterAll(() => rmSync(folder.path, { recursive: true, force: true }))

const documentOf = (version: number, tags: string[]): OclDocument => ({
  ocl: '1.0',
  timeline: { id: 'harbour', version, frameRate: 25, resolution: { width: 1280, height: 720 } },
  assets: [{ id: 'poster', url: 'https://a/p.png', sha256: 'F00D', mediaType: 'image/png', rights: { tags } }],
  scenes: [],
})

const nothing: Present = { destinations: [], overrides: [], timelines: [] }
const youtube = { program: 'main', since: T - 60_000, id: 'd1', name: 'YouTube', platform: 'youtube' }
const aired = { program: 'main', overlay: 'o', cue: 'c', asset: 'poster', sha256: 'f00d' }
const airedFrom = (firstAt: number, more: object = {}) => ({
  type: 'overlay.aired',
  data: { ...aired, firstAt, lastAt: firstAt + 4_000, frames: 101, ended: true, ...more },
})

let store: Database
let proof: Proof
let files = 0
let now = T
let touched = 0
let scene: ReturnType<ConstructorParameters<typeof Proof>[0]['show']['scene']>
let names: Record<string, string>

const open = async () => {
  store = await openStore(join(folder.path, `${files}.db`), systemClock)
  proof = new Proof({
    sql: store,
    clock: { now: () => now, mono: () => now },
    log: createLog('test', 'silent'),
    key: 'k',
    pictures: join(folder.path, 'pictures'),
    show: {
      touch: () => void touched++,
      scene: () => scene,
      program: { nameIn: (_, source) => names[source] ?? source },
      segmentOf: overlay => (overlay === 'packed' ? { id: 'seg', version: '3' } : null),
    },
  })
  await proof.start()
}
const close = async () => {
  await proof.stop()
  await store.close()
}
beforeEach(async () => {
  files++
  now = T
  names = { cam1: 'Harbour' }
  scene = {
    documents: [{ id: 'o', document: documentOf(7, ['advertiser: Bay Cafe', 'territory:US']) }],
    present: { ...nothing, destinations: [youtube] },
    heard: true,
  }
  await open()
})
afterEach(close)

const ask = (operation: string, query: object) => {
  const operations: Operations = proof.operations()
  const actor = { kind: 'user', name: 'ann', role: 'viewer' } as const
  return operations[operation]?.({ params: {}, query: { limit: 1_000, ...query }, body: undefined, actor })
}
const listed = async (query: object = {}) => {
  await proof.settled()
  return (await ask('listProof', { from: rfc(T - 1e7), to: rfc(T + 1e7), ...query })) as ProofRow[]
}

describe('what was on air', () => {
  test('is told with its content, its advertiser and where viewers saw it', async () => {
    expect(proof.heard(airedFrom(T))).toBe(true)
    expect(await listed()).toEqual([
      {
        ...{ id: 2, kind: 'overlay', ...aired, source: null, name: 'harbour', version: '7' },
        ...{ tags: ['advertiser: Bay Cafe', 'territory:US'], advertisers: ['Bay Cafe'] },
        ...{ from: rfc(T), to: rfc(T + 4_000), frames: 101, ended: true },
        destinations: [{ id: 'd1', name: 'YouTube', platform: 'youtube', from: rfc(T - 60_000), to: null }],
        ...{ overrides: [], timelines: [], segment: null, hash: expect.stringMatching(/^[0-9a-f]{64}$/) },
      },
    ])
    expect(await ask('verifyProof', {})).toMatchObject({ ok: true, rows: 2 })
  })

  test('of pictures, too; other events are not its affair', async () => {
    const data = { program: 'main', source: 'cam1', firstAt: T, lastAt: T + 1_000, frames: 26, ended: true }
    expect(proof.heard({ type: 'program.shown', data })).toBe(true)
    expect(proof.heard({ type: 'program.taken', data })).toBe(false)
    expect(proof.heard({ type: 'overlay.aired', data: { nonsense: true } })).toBe(true)
    expect(await listed()).toMatchObject([
      { kind: 'picture', source: 'cam1', name: 'Harbour', overlay: null, frames: 26 },
    ])
  })

  test('keeps the names of what was renamed or deleted while it was on air', async () => {
    proof.note()
    const first = airedFrom(T, { ended: false, frames: 1, lastAt: T })
    proof.heard(first)
    scene = { documents: [], present: { ...nothing, destinations: [{ ...youtube, name: 'Other' }] }, heard: true }
    names = {}
    now = T + 2_000
    proof.note()
    now = T + 4_000
    proof.heard(airedFrom(T))
    const [row, ...others] = await listed()
    expect(others).toEqual([])
    expect(row).toMatchObject({ name: 'harbour', version: '7', advertisers: ['Bay Cafe'], frames: 101 })
    expect(row?.destinations.map(({ name, to }) => [name, to])).toEqual([
      ['YouTube', rfc(T + 2_000)],
      ['Other', null],
    ])
  })

  test('names the version whose content was shown, not the one that followed', async () => {
    proof.note()
    const later = documentOf(8, ['advertiser:Other'])
    const [poster] = later.assets ?? []
    scene = {
      ...scene,
      documents: [{ id: 'o', document: { ...later, assets: poster ? [{ ...poster, sha256: 'beef' }] : [] } }],
    }
    proof.heard(airedFrom(T))
    proof.heard(airedFrom(T + 5_000, { sha256: 'beef' }))
    expect((await listed()).map(({ version, advertisers }) => [version, advertisers])).toEqual([
      ['8', ['Other']],
      ['7', ['Bay Cafe']],
    ])
  })

  test('is told with overrides, timelines and segments of its program, only for the time that they share', async () => {
    const slate = { program: 'main', since: T, kind: 'hold', reason: 'storm', actor: 'ann' }
    const tour = { program: 'main', since: T - 5_000, id: 't1', name: 'Tour' }
    const present = { destinations: [], overrides: [slate, { ...slate, program: 'other' }], timelines: [tour] }
    scene = { ...scene, present }
    proof.note()
    now = T + 1_000
    scene = { ...scene, present: { ...nothing, timelines: [tour] } }
    proof.note()
    proof.heard(airedFrom(T - 2_000, { overlay: 'packed' }))
    proof.heard(airedFrom(T + 2_000))
    const [after, during] = await listed()
    expect(during).toMatchObject({
      overrides: [{ kind: 'hold', reason: 'storm', actor: 'ann', from: rfc(T), to: rfc(T + 1_000) }],
      timelines: [{ id: 't1', name: 'Tour' }],
      segment: { id: 'seg', version: '3' },
    })
    expect(after?.overrides).toEqual([])
  })
})

describe('a restart of control', () => {
  test('forgets nothing of what was the case, and ends nothing before the engine was heard', async () => {
    proof.note()
    const { present } = scene
    now = T + 1_000
    scene = { ...scene, present: nothing, heard: false }
    await close()
    await open()
    proof.note()
    proof.heard(airedFrom(T))
    scene = { ...scene, present, heard: true }
    proof.note()
    now = T + 9_000
    scene = { ...scene, present: nothing }
    proof.note()
    await close()
    await open()
    proof.heard(airedFrom(T + 8_000))
    const rows = await listed()
    expect(rows.map(({ destinations }) => destinations)).toMatchObject([
      [{ name: 'YouTube', from: rfc(T - 60_000), to: rfc(T + 9_000) }],
      [{ name: 'YouTube', from: rfc(T - 60_000), to: null }],
    ])
    expect(await ask('verifyProof', {})).toMatchObject({ ok: true, faults: [] })
  })

  test('an engine that was not heard for a moment ended nothing that goes on', async () => {
    const { present } = scene
    proof.note()
    scene = { ...scene, present: nothing, heard: false }
    now = T + 1_000
    proof.note()
    scene = { ...scene, present, heard: true }
    proof.note()
    proof.heard(airedFrom(T + 3_000))
    expect((await listed())[0]?.destinations).toMatchObject([{ from: rfc(T - 60_000), to: null }])
  })
})

test('the flow is told of what is written, and of no more than the last of it', async () => {
  const before = touched
  for (let n = 0; n < 40; n++) proof.heard(airedFrom(T + n * 10_000))
  await proof.settled()
  expect(touched).toBeGreaterThan(before)
  expect(proof.latest).toHaveLength(30)
  expect(proof.latest.at(-1)).toMatchObject({
    id: 41,
    asset: 'poster',
    advertisers: ['Bay Cafe'],
    destinations: ['YouTube'],
  })
})

describe('asked for', () => {
  test('by time and page; as a file for spreadsheets, in which no name becomes a formula', async () => {
    scene = { ...scene, documents: [{ id: 'o', document: documentOf(7, ['advertiser:=SUM(1,2)', 'a "b"']) }] }
    for (let n = 0; n < 5; n++) proof.heard(airedFrom(T + n * 10_000))
    expect((await listed({ limit: 2 })).map(({ id }) => id)).toEqual([6, 5])
    expect((await listed({ before: 5 })).map(({ id }) => id)).toEqual([4, 3, 2])
    expect(await listed({ from: rfc(T + 5_000), to: rfc(T + 10_001) })).toHaveLength(1)
    expect(await ask('listProof', {})).toEqual([])
    now = T + 86_400_000
    expect(await ask('listProof', {})).toHaveLength(5)
    await expect(listed({ from: rfc(T), to: rfc(T) })).rejects.toMatchObject({ code: 'BAD_REQUEST' })
    const csv = String(await listed({ format: 'csv', limit: 1 }))
    const [head, first, ...more] = csv.split('\r\n')
    expect(head).toMatch(
      /^id,kind,program,overlay,cue,source,name,version,asset,sha256,advertisers,tags,from,to,frames/,
    )
    expect(first).toContain(`,f00d,"'=SUM(1,2)","advertiser:=SUM(1,2); a ""b""",${rfc(T + 40_000)},`)
    expect(more).toHaveLength(5)
  })
})

test('what is the case: destinations that are live on the program that a wire leads from', () => {
  const wiring = { outputs: [{ destination: '*', program: 'main', overlays: [] }] }
  const state = { status: 'live', since: rfc(T), videoBitrate: 1, queueSeconds: 0 } as const
  const destination = { id: 'd', name: 'D', platform: 'youtube', state } as const
  const live = {
    wiring: wiring as never,
    overrides: { main: { kind: 'slate', reason: 'r', since: T, actor: 'a' } as const },
  }
  const destinations = [
    destination,
    { ...destination, id: 'feed', source: { camera: 'c' } },
    { ...destination, id: 'off', state: { ...state, status: 'failed' as const } },
  ]
  const timelines = [
    { id: 't', name: 'T', state: { status: 'running' as const, program: 'main', startedAt: rfc(T) } },
    { id: 'u', name: 'U', state: { status: 'idle' as const } },
  ]
  expect(presentOf({ live, destinations, timelines })).toEqual({
    destinations: [{ program: 'main', since: T, id: 'd', name: 'D', platform: 'youtube' }],
    overrides: [{ program: 'main', since: T, kind: 'slate', reason: 'r', actor: 'a' }],
    timelines: [{ program: 'main', since: T, id: 't', name: 'T' }],
  })
})
