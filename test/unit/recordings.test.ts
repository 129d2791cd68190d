import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterEach, describe, expect, test } from 'vitest'
import type { NewEvent, Operation, Shelf, Stored } from '../../runtime/control/ports.ts'
import { evict, grown } from '../../runtime/control/recordings/evict.ts'
import { type RecordingBody, Recordings } from '../../runtime/control/recordings/recordings.ts'
import { Storage } from '../../runtime/control/recordings/storage.ts'
import { scratch } from '../peers/run.ts'

const DAY = 86_400_000
const forEver = Number.POSITIVE_INFINITY
const done = (id: string, bytes: number, endedAt: number) => ({ id, bytes, startedAt: endedAt - 1_000, endedAt })

describe('what goes', () => {
  test('the oldest, until the rest fits the quota', () => {
    const all = [done('c', 40, 3_000), done('a', 40, 1_000), done('b', 40, 2_000)]
    expect(evict(all, { quotaBytes: 80, keepMs: forEver }, 9_000)).toEqual(['a'])
    expect(evict(all, { quotaBytes: 79, keepMs: forEver }, 9_000)).toEqual(['a', 'b'])
    expect(evict(all, { quotaBytes: 120, keepMs: forEver }, 9_000)).toEqual([])
  })

  test('what is older than the days kept, however small', () => {
    const all = [done('old', 1, DAY), done('new', 1, 5 * DAY)]
    expect(evict(all, { quotaBytes: 1e9, keepMs: 3 * DAY }, 6 * DAY)).toEqual(['old'])
  })

  test('never what runs; and afterwards the rest fits, or nothing else is left', () => {
    const recording = fc.record({ bytes: fc.nat(100), startedAt: fc.nat(1_000), running: fc.boolean() })
    fc.assert(
      fc.property(fc.array(recording), fc.nat(500), (given, quotaBytes) => {
        const all = given.map(({ bytes, startedAt, running }, n) => ({
          id: String(n),
          bytes,
          startedAt,
          ...(!running && { endedAt: startedAt }),
        }))
        const gone = new Set(evict(all, { quotaBytes, keepMs: forEver }, 2_000))
        const left = all.filter(({ id }) => !gone.has(id))
        const fits = left.reduce((sum, { bytes }) => sum + bytes, 0) <= quotaBytes
        expect(fits || left.every(({ endedAt }) => endedAt === undefined)).toBe(true)
        expect(all.some(({ id, endedAt }) => endedAt === undefined && gone.has(id))).toBe(false)
      }),
    )
  })

  test('what has grown to a quarter of the quota goes on as a new one', () => {
    const running = { id: 'r', bytes: 26, startedAt: 0 }
    expect(grown([running, done('d', 90, 1)], { quotaBytes: 100, keepMs: forEver })).toEqual(['r'])
    expect(grown([{ ...running, bytes: 25 }], { quotaBytes: 100, keepMs: forEver })).toEqual([])
  })
})

describe('recordings', () => {
  const folder = scratch('recordings')
  afterEach(() => folder.remove())

  function shelf(): Shelf<RecordingBody> {
    const kept = new Map<string, Stored<RecordingBody>>()
    return {
      list: () => [...kept.values()],
      find: id => kept.get(id),
      write: async (id, change) => void kept.set(id, { id, secrets: {}, ...change(kept.get(id)) }),
      remove: async id => kept.delete(id),
    }
  }

  test('grow within the quota for ever: one runs all the time, and old ones go with their files', async () => {
    const events: NewEvent[] = []
    let now = 1_000
    let grownOne = ''
    const recordings = new Recordings({
      shelf: shelf(),
      clock: { now: () => now++, mono: () => now },
      folder: folder.path,
      stateOf: id => ({ id, status: 'recording', bytes: id === grownOne ? 1_100 : 0, pieces: 1 }),
      wired: () => true,
      settings: () => ({ quotaGb: 4e-6, keepDays: 0 }),
      uploads: { of: () => undefined, isUploaded: () => false, forget: async () => {} },
      changed: async () => {},
      record: event => events.push(event),
    })
    const operations = recordings.operations()
    const call = (operation?: Operation) =>
      operation?.({
        params: {},
        query: {},
        body: { name: 'All day' },
        actor: { kind: 'user', name: 'o', role: 'operator' },
      })
    await call(operations.startRecording)
    for (let round = 0; round < 8; round++) {
      const [running] = recordings.list().filter(({ endedAt }) => endedAt === null)
      const own = join(folder.path, running?.id ?? '')
      mkdirSync(own)
      writeFileSync(join(own, '20260301T120000250Z-main.ts'), Buffer.alloc(1_100))
      grownOne = running?.id ?? ''
      await recordings.tidy()
    }
    const all = recordings.list()
    expect(all.filter(({ endedAt }) => endedAt === null)).toHaveLength(1)
    expect(all.map(({ name }) => name)).toEqual(['All day', 'All day', 'All day', 'All day'])
    for (const { id, endedAt } of all) if (endedAt) expect(existsSync(join(folder.path, id))).toBe(true)
    expect(events.filter(({ type }) => type === 'recording.evicted')).toHaveLength(5)
  })
})

test('a full disk is told once, and once when it has recovered', async () => {
  const events: string[] = []
  let bytes = 5e9
  const storage = new Storage({
    folder: '/nowhere',
    record: ({ type }) => events.push(type),
    log: { error: () => {} },
    tidy: async () => {},
    room: async () => ({ free: bytes, size: 1e12 }),
  })
  for (const free of [5e9, 9e8, 8e8, 1.05e9, 1.2e9, 9e8]) {
    bytes = free
    await storage.look()
  }
  expect(events).toEqual(['storage.low', 'storage.recovered', 'storage.low'])
})
