import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { CueLogRow, CueLogSummary } from '../../runtime/contract/generated/openapi.v1.ts'
import type { Actor } from '../../runtime/control/ports.ts'
import { type CueEntry, CueLog } from '../../runtime/control/show/timeline/cue-log.ts'
import { Database } from '../../runtime/control/store/database.ts'
import { openStore } from '../../runtime/control/store/open.ts'
import { rfc3339, systemClock } from '../../runtime/lib/clock.ts'
import { createLog } from '../../runtime/lib/log.ts'
import { scratch } from '../peers/run.ts'

const folder = scratch('cue-log')
const DAY = 86_400_000
let now = Date.parse('2026-06-01T12:00:00.000Z')
const clock = { now: () => now, mono: () => now }
const anna: Actor = { kind: 'user', name: 'anna', role: 'viewer' }
let store: Database
let reads: Database
let log: CueLog

beforeAll(async () => {
  const file = join(folder.path, 'cues.db')
  store = await openStore(file, systemClock)
  reads = await Database.reader(file)
  log = new CueLog({ sql: store, reads, clock, log: createLog('test', 'silent') })
})
afterAll(async () => {
  await reads.close()
  await store.close()
  rmSync(folder.path, { recursive: true, force: true })
})

const ask = async <T>(name: 'listCues' | 'summarizeCues', query: object = {}, id = 't1') =>
  (await log.operations()[name]?.({ params: { id }, query: { ...query }, body: undefined, actor: anna })) as T

const entry = (planned: number, change: Partial<CueEntry> = {}): CueEntry => ({
  ...{ timeline: 't1', cue: 'a', planned, actual: planned + 12, outcome: 'done', by: 'flow' },
  ...{ facts: { program: 'main', camera: 'Pier', preset: 'Wide' } },
  ...change,
})

test('a cue is written down with plan, fact, latency and outcome, and told newest first', async () => {
  log.note(entry(now))
  log.note(
    entry(now + 1_000, { cue: 'b', by: 'control', outcome: 'failed', actual: undefined, facts: { why: 'gone' } }),
  )
  log.note(entry(now, { timeline: 't2' }))
  await store.all('SELECT 1')
  const rows = await ask<CueLogRow[]>('listCues')
  expect(rows).toEqual([
    { n: 2, cue: 'b', planned: rfc3339(now + 1_000), outcome: 'failed', by: 'control', why: 'gone' },
    {
      ...{
        n: 1,
        cue: 'a',
        planned: rfc3339(now),
        actual: rfc3339(now + 12),
        latencyMs: 12,
        outcome: 'done',
        by: 'flow',
      },
      ...{ program: 'main', camera: 'Pier', preset: 'Wide' },
    },
  ])
  expect(await ask<CueLogRow[]>('listCues', { before: 2 })).toEqual(rows.slice(1))
  expect(await ask<CueLogRow[]>('listCues', { to: rfc3339(now + 500), limit: 1 })).toEqual(rows.slice(1))
  expect(await ask('summarizeCues')).toEqual({
    ...{ cues: 2, done: 1, failed: 1, missed: 0, dropped: 0, byControl: 1 },
    latencyMs: { p50: 12, p99: 12, max: 12 },
  })
})

test('a day with a cue each second is asked for within a second, and what is older than 35 days goes', async () => {
  now += DAY
  const begin = now - DAY
  await store.run(
    `WITH RECURSIVE second(s) AS (SELECT 0 UNION ALL SELECT s + 1 FROM second WHERE s < 86399)
     INSERT INTO cue_log (timeline, cue, planned_at, actual_at, outcome, taken_by, facts)
     SELECT 't3', 'a', ? + s * 1000, ? + s * 1000 + s % 100, 'done', 'flow', '{}' FROM second`,
    begin,
    begin,
  )
  const began = performance.now()
  const summary = await ask<CueLogSummary>('summarizeCues', {}, 't3')
  const rows = await ask<CueLogRow[]>('listCues', { limit: 1_000 }, 't3')
  const took = performance.now() - began
  expect(summary).toMatchObject({ cues: 86_400, done: 86_400, latencyMs: { p50: 49, p99: 98, max: 99 } })
  expect(rows).toHaveLength(1_000)
  console.info(`a day of 86,400 cues: ${Math.round(took)} ms`)
  expect(took).toBeLessThan(1_000)
  now += 36 * DAY
  for (let n = 0; n < 500; n++) log.note(entry(now, { timeline: 't4' }))
  const left = () => store.all<{ rows: number }>("SELECT COUNT(*) AS rows FROM cue_log WHERE timeline = 't3'")
  await expect.poll(left, { timeout: 5_000 }).toEqual([{ rows: 0 }])
})
