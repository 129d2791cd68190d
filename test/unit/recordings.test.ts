import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { VistterError } from '../../runtime/contract/errors.ts'
import type { Recording } from '../../runtime/contract/generated/openapi.v1.ts'
import type { NewEvent, Shelf } from '../../runtime/control/ports.ts'
import { evict, grown } from '../../runtime/control/recordings/evict.ts'
import type { RecordingBody } from '../../runtime/control/recordings/recording.ts'
import { Recordings } from '../../runtime/control/recordings/recordings.ts'
import { Storage } from '../../runtime/control/recordings/storage.ts'
import { sleep } from '../../runtime/lib/clock.ts'
import { scratch, until } from '../peers/run.ts'
import { memoryShelf } from '../peers/shelf.ts'

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

  let now: number
  let shelf: Shelf<RecordingBody>
  let grownOne: string
  let events: NewEvent[]
  /** Runs at each change of the plan, which takes its time. */
  let planned: () => unknown
  let admit: () => void
  beforeEach(() => {
    now = 1_000
    shelf = memoryShelf()
    grownOne = ''
    events = []
    planned = () => {}
    admit = () => {}
  })

  const made = () =>
    new Recordings({
      shelf,
      clock: { now: () => now++, mono: () => now },
      folder: folder.path,
      stateOf: id => ({ id, status: 'recording', bytes: id === grownOne ? 1_100 : 0, pieces: 1 }),
      wired: () => true,
      admit: () => admit(),
      settings: () => ({ quotaGb: 4e-6, keepDays: 0 }),
      uploads: { of: () => undefined, isUploaded: () => false, forget: async () => {} },
      changed: async () => {
        await sleep(1)
        await planned()
      },
      record: event => events.push(event),
    })
  const calls = (recordings: Recordings) => {
    const actor = { kind: 'user', name: 'o', role: 'operator' } as const
    const call = (name: string, body?: object, id = '') =>
      recordings.operations()[name]?.({ params: { id }, query: {}, body, actor })
    return {
      start: (name?: string) => call('startRecording', { ...(name && { name }) }) as Promise<Recording>,
      stop: () => call('stopRecording') as Promise<Recording>,
      remove: (id: string) => call('removeRecording', undefined, id),
      running: () => recordings.list().filter(({ endedAt }) => endedAt === null),
    }
  }

  test('two starts at once are one recording, and a stop that comes with them ends it', async () => {
    const { start, stop, running } = calls(made())
    const [one, other] = await Promise.all([start(), start()])
    expect(one.id).toBe(other.id)
    expect(running()).toHaveLength(1)
    const [, stopped] = await Promise.all([start(), stop()])
    expect(stopped.id).toBe(one.id)
    expect(running()).toEqual([])
    await expect(stop()).rejects.toMatchObject({ code: 'CONFLICT' })
  })

  test('a stop while a recording goes on as a new one ends the new one', async () => {
    const recordings = made()
    const { start, stop, running } = calls(recordings)
    grownOne = (await start()).id
    const tidied = recordings.tidy()
    await until('it goes on as a new one', () => events.some(({ message }) => message.includes('goes on')), {
      everyMs: 0,
    })
    const stopped = await stop()
    await tidied
    expect(stopped.id).not.toBe(grownOne)
    expect(running()).toEqual([])
  })

  test('a recording goes on as a new one without a hole, and is called by its own start', async () => {
    now = Date.parse('2026-03-01T12:00:00Z')
    const recordings = made()
    const { start } = calls(recordings)
    grownOne = (await start()).id
    const wanted: number[] = []
    planned = () => wanted.push(recordings.planned().length)
    now = Date.parse('2026-03-01T18:00:00Z')
    await recordings.tidy()
    expect(wanted.length).toBeGreaterThan(0)
    expect(wanted.every(count => count === 1)).toBe(true)
    const names = recordings.list().map(({ name }) => name)
    expect(names).toEqual(['main 2026-03-01 18:00 UTC', 'main 2026-03-01 12:00 UTC'])
  })

  test('one that is deleted while it is weighed stays deleted', async () => {
    const { start, stop, remove } = calls(made())
    const { id } = await start()
    planned = () => {
      planned = () => {}
      return remove(id)
    }
    await stop().catch(() => {})
    expect(shelf.list()).toEqual([])
  })

  test('one that this machine cannot encode is not started; one that runs goes on', async () => {
    const recordings = made()
    const { start, running } = calls(recordings)
    const heavy = () => {
      throw new VistterError('ENCODER_TOO_HEAVY', 'no')
    }
    admit = heavy
    await expect(start()).rejects.toMatchObject({ code: 'ENCODER_TOO_HEAVY' })
    expect(running()).toEqual([])
    admit = () => {}
    const { id } = await start()
    admit = heavy
    expect((await start()).id).toBe(id)
    grownOne = id
    await recordings.tidy()
    expect(running()).toHaveLength(1)
  })

  test('grow within the quota for ever: one runs all the time, and old ones go with their files', async () => {
    const recordings = made()
    const { start, running: inProgress } = calls(recordings)
    await start('All day')
    for (let round = 0; round < 8; round++) {
      const [running] = inProgress()
      const own = join(folder.path, running?.id ?? '')
      mkdirSync(own, { recursive: true })
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
