import { once } from 'node:events'
import { rmSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import { join } from 'node:path'
import express from 'express'
import { afterAll, afterEach, beforeEach, expect, test } from 'vitest'
import type { OclDocument } from '../../runtime/contract/generated/ocl.v1.ts'
import type { AdvertiserReport, ProofVerdict } from '../../runtime/contract/generated/openapi.v1.ts'
import type { PlannedCue } from '../../runtime/control/ports.ts'
import { Proof } from '../../runtime/control/proof/proof.ts'
import type { Present } from '../../runtime/control/proof/surroundings.ts'
import type { Database } from '../../runtime/control/store/database.ts'
import { openStore } from '../../runtime/control/store/open.ts'
import { apiRouter, routes } from '../../runtime/control/web/api.ts'
import { problemHandler } from '../../runtime/control/web/problems.ts'
import { systemClock } from '../../runtime/lib/clock.ts'
import { createLog } from '../../runtime/lib/log.ts'
import { scratch } from '../peers/run.ts'

const T = Date.UTC(2026, 0, 5, 12)
const rfc = (ms: number) => new Date(ms).toISOString()
const log = createLog('test', 'silent')
const folder = scratch('proof-report')
afterAll(() => rmSync(folder.path, { recursive: true, force: true }))

const asset = (id: string, ...tags: string[]) => ({
  ...{ id, url: `https://a/${id}.png`, sha256: id.padEnd(64, '0'), mediaType: 'image/png' },
  rights: { tags },
})
const showing = (scene: string, ...assets: string[]) => ({
  id: scene,
  start: 0,
  tracks: [
    {
      id: 't',
      kind: 'background',
      cues: assets.map(assetRef => ({ id: assetRef, start: 0, duration: 10_000, layer: 0, assetRef })),
    },
  ],
})
const slideshow: OclDocument['scenes'][number] = {
  id: 'slides',
  start: 0,
  tracks: [
    {
      id: 't',
      kind: 'background',
      cues: [
        {
          ...{ id: 's', start: 0, duration: 10_000, layer: 0 },
          slides: { items: [{ assetRef: 'cafe' }, { assetRef: 'boats' }], every: 5_000 },
        },
      ],
    },
  ],
}
const ads: OclDocument = {
  ocl: '1.0',
  timeline: { id: 'ads', version: 1, frameRate: 25, resolution: { width: 1280, height: 720 } },
  assets: [
    asset('cafe', 'advertiser:Bay Cafe'),
    asset('boats', 'advertiser:Boats', 'advertiser:Bay Cafe'),
    asset('own'),
  ],
  scenes: [showing('one', 'cafe', 'own'), showing('two', 'boats'), slideshow],
}

const nothing: Present = { destinations: [], overrides: [], timelines: [] }
const youtube = { program: 'main', since: T - 60_000, id: 'd1', name: 'YouTube', platform: 'youtube' }
let present: Present
let now: number
let store: Database
let proof: Proof
let server: Server
let files = 0

/** The API itself, its answers checked against its document, with nothing behind it but the proof. */
beforeEach(async () => {
  now = T
  present = { ...nothing, destinations: [youtube] }
  store = await openStore(join(folder.path, `${files++}.db`), systemClock)
  proof = new Proof({
    ...{ sql: store, clock: { now: () => now, mono: () => now }, log, key: 'k', pictures: folder.path },
    show: {
      touch: () => {},
      scene: () => ({ documents: [{ id: 'o', document: ads }], present, heard: true }),
      program: { nameIn: (_, source) => source },
    },
  })
  await proof.start()
  const gate = {
    identify: async () => ({ actor: { kind: 'user' as const, name: 'ann', role: 'viewer' as const }, readOnly: false }),
    mayActAs: () => true,
    fromOwnPage: () => true,
    onSessionEnd: () => () => {},
  }
  const others = Object.fromEntries(routes().map(({ operationId }) => [operationId, async () => undefined]))
  const operations = { ...others, ...proof.operations() }
  const app = express()
  app.use('/api/v1', apiRouter({ gate, operations, handlers: {}, incoming: folder.path, checkAnswers: true }))
  app.use(problemHandler(log))
  server = createServer(app).listen(0, '127.0.0.1')
  await once(server, 'listening')
})
afterEach(async () => {
  server.close()
  await proof.stop()
  await store.close()
})

async function ask(path: string): Promise<Response> {
  await proof.settled()
  const address = server.address()
  const port = address && typeof address === 'object' ? address.port : 0
  return fetch(`http://127.0.0.1:${port}/api/v1/proof-of-play${path}`)
}
const range = `from=${rfc(T - 1e6)}&to=${rfc(T + 1e6)}`
const report = async (query = range) => (await (await ask(`/report?${query}`)).json()) as AdvertiserReport[]

function plan(at: number, more: Partial<PlannedCue> = {}): void {
  const timeline = { id: 't1', name: 'Day' }
  proof.planned({
    program: 'main',
    timeline,
    cue: `c${at - T}`,
    overlay: 'o',
    scene: 'one',
    at,
    duration: 10_000,
    ...more,
  })
}
function air(id: string, firstAt: number, frames: number): void {
  const data = { program: 'main', overlay: 'o', cue: id, asset: id, sha256: id.padEnd(64, '0'), firstAt, frames }
  proof.heard({ type: 'overlay.aired', data: { ...data, lastAt: firstAt + (frames - 1) * 40, ended: true } })
}

test('of each advertiser what was planned and what was on air, from the frames that were counted', async () => {
  plan(T)
  air('cafe', T, 250)
  air('own', T, 250)
  const [cafe, ...others] = await report()
  expect(others).toEqual([])
  expect(cafe).toEqual({
    ...{ advertiser: 'Bay Cafe', planned: 1, aired: 1, unseen: 0, missed: 0, unplanned: 0, airedMs: 10_000 },
    spots: [
      {
        ...{ at: rfc(T), program: 'main', timeline: 'Day', cue: 'c0', overlay: 'o', asset: 'cafe' },
        ...{ sha256: 'cafe'.padEnd(64, '0'), plannedMs: 10_000, airedMs: 10_000, frames: 250 },
        ...{ outcome: 'aired', why: null, destinations: ['YouTube'], proof: [3], pictures: [] },
        ...{ campaign: null, makesGood: null },
      },
    ],
  })
})

test('what was missed, and why: the appliance, the cue, an override, or nobody knows', async () => {
  plan(T, { why: 'The appliance did not run.' })
  plan(T + 20_000)
  plan(T + 20_000, { why: 'There is no overlay o.' })
  present = {
    ...present,
    overrides: [{ program: 'main', since: T + 39_000, kind: 'slate', reason: 'storm', actor: 'ann' }],
  }
  plan(T + 40_000)
  now = T + 55_000
  present = { ...present, overrides: [] }
  plan(T + 60_000)
  const [cafe] = await report()
  expect(cafe).toMatchObject({ planned: 4, missed: 4, aired: 0, airedMs: 0 })
  expect(cafe?.spots.map(({ why }) => why)).toEqual([
    'The appliance did not run.',
    'There is no overlay o.',
    'An override (slate): storm',
    'It was not to be seen.',
  ])
})

test('an override that began long before, and is still in force, is the reason', async () => {
  const since = T - 9e6
  present = { ...present, overrides: [{ program: 'main', since, kind: 'stop', reason: 'winter', actor: 'ann' }] }
  plan(T)
  expect((await report())[0]?.spots).toMatchObject([{ outcome: 'missed', why: 'An override (stop): winter' }])
})

test('a cue that is joined after an outage was not missed', async () => {
  plan(T, { why: 'The appliance did not run.' })
  plan(T)
  air('cafe', T + 6_000, 100)
  const [cafe] = await report()
  expect(cafe?.spots).toMatchObject([{ outcome: 'aired', airedMs: 4_000, frames: 100, plannedMs: 10_000 }])
})

test('what nobody could see is not sold as aired; what was played by hand is told apart; each advertiser of an asset counts', async () => {
  present = nothing
  plan(T, { scene: 'two' })
  air('boats', T, 250)
  now = T + 30_000
  present = { ...nothing, destinations: [{ ...youtube, since: T + 30_000 }] }
  air('cafe', T + 30_000, 50)
  const all = await report()
  expect(
    all.map(({ advertiser, planned, unseen, unplanned, airedMs }) => [advertiser, planned, unseen, unplanned, airedMs]),
  ).toEqual([
    ['Bay Cafe', 1, 1, 1, 12_000],
    ['Boats', 1, 1, 0, 10_000],
  ])
  const [cafe] = all
  expect(cafe?.spots).toMatchObject([
    { outcome: 'unseen', why: 'No destination was live.', timeline: 'Day' },
    { outcome: 'aired', timeline: null, frames: 50, destinations: ['YouTube'] },
  ])
})

test('a slideshow shows all of its pictures', async () => {
  plan(T, { scene: 'slides' })
  expect((await report()).map(({ advertiser, planned }) => [advertiser, planned])).toEqual([
    ['Bay Cafe', 2],
    ['Boats', 1],
  ])
})

test('what runs on into the next slot counts for each by its own share', async () => {
  plan(T)
  plan(T + 10_000)
  air('cafe', T, 375)
  const [cafe] = await report()
  expect(cafe?.spots.map(({ airedMs, frames }) => [airedMs, frames])).toEqual([
    [10_000, 250],
    [5_000, 125],
  ])
})

test('the API answers rows, report and verdict as its document says, also as files for spreadsheets', async () => {
  plan(T)
  air('cafe', T, 250)
  const rows = await ask(`?${range}`)
  expect([rows.status, ((await rows.json()) as unknown[]).length]).toEqual([200, 1])
  const csv = await ask(`?${range}&format=csv`)
  expect([csv.status, csv.headers.get('content-type')]).toEqual([200, 'text/csv; charset=utf-8'])
  expect((await csv.text()).split('\r\n')[1]).toMatch(/^3,overlay,main,o,cafe,,ads,1,cafe,cafe0+,Bay Cafe,/)
  const told = await (await ask(`/report?${range}&format=csv`)).text()
  expect(told.split('\r\n')[0]).toBe(
    'advertiser,at,program,timeline,campaign,makesGood,cue,overlay,asset,sha256,plannedMs,airedMs,frames,outcome,why,destinations,proof,pictures',
  )
  expect(told.split('\r\n')[1]).toContain(`Bay Cafe,${rfc(T)},main,Day,,,c0,o,cafe,`)
  expect((await ask('/verify')).status).toBe(200)
  expect((await ask(`?from=${rfc(T)}&to=${rfc(T)}`)).status).toBe(400)
  await store.run(`UPDATE proof SET body = replace(body, '"frames":250', '"frames":9999') WHERE n = 3`)
  const verdict = (await (await ask('/verify')).json()) as ProofVerdict
  expect(verdict).toMatchObject({ ok: false, faults: [{ n: 3, what: 'changed' }] })
})
