import { join } from 'node:path'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import type { FlowState } from '../../runtime/contract/flow.ts'
import type { DesiredState, EngineState } from '../../runtime/contract/generated/engine.v1.ts'
import type { Actor, Sql } from '../../runtime/control/ports.ts'
import { Show } from '../../runtime/control/show/show.ts'
import { systemClock } from '../../runtime/lib/clock.ts'
import { HouseClock } from '../../runtime/lib/house-clock.ts'
import { createLog } from '../../runtime/lib/log.ts'
import { RpcServer } from '../../runtime/lib/rpc.ts'
import { scratch } from '../peers/run.ts'
import { showShelves } from '../peers/shelf.ts'
import { documentOf } from './ocl-arbitrary.ts'

/** Control's part of the show with an engine that only remembers what it shall do. */
const folder = scratch('show-words')
const socket = join(folder.path, 'e.sock')
const applied: DesiredState[] = []
const told: FlowState[] = []
let asked = 0
const state: EngineState = {
  ...{ pid: 1, startedAt: 0, programs: [], sources: [], encoders: [], outputs: [], children: [] },
}
const engine = new RpcServer(socket, rpc => {
  rpc.onRequest('status', () => state)
  rpc.onRequest('apply', (desired: DesiredState) => {
    applied.push(desired)
    return { changes: [] }
  })
})
const shelves = showShelves()
const nothing = { list: () => [], planned: () => [] }
const nowhere: Sql = {
  all: async () => [],
  get: async () => undefined,
  run: async () => ({ changes: 0 }),
  transaction: work => work(nowhere),
}
const show = new Show({
  engineSocket: socket,
  shelves,
  assets: {
    here: () => ({}),
    fetch: async () => {},
    coming: () => false,
    readiness: () => [],
    look: () => void asked++,
  },
  settings: {
    current: {
      ...{
        program: { width: 1_920, height: 1_080, fps: 30 },
        slateAfterMs: 2_000,
        locationName: 'Harbour',
        tokens: {},
      },
      ...{ locale: 'de', timezone: 'Asia/Tokyo', readinessMs: 0 },
    },
    proxy: undefined,
  },
  stills: { kept: async () => undefined, now: async () => undefined },
  turning: { preset: () => undefined, standsAt: () => undefined, go: async () => ({ arrived: false, ms: 0 }) },
  viewers: { seenIn: () => [], seen: () => false },
  ...{ cameras: nothing, destinations: nothing, recordings: nothing, sounds: { kept: () => [] } },
  presets: { names: () => [], outlook: () => ({}) },
  house: { time: new HouseClock(systemClock), watch: () => {}, settle: () => {} },
  ...{ clock: systemClock, log: createLog('test', 'silent'), sql: nowhere },
  ...{ record: () => {}, heard: () => {}, touched: () => {} },
  proof: () => ({ planned: () => {}, spots: async () => [], latest: [] }),
  studio: () => undefined,
  queue: () => undefined,
  offer: () => false,
  makeGoods: { add: () => {} },
  publish: news => told.push(news),
})

const ACTOR: Actor = { kind: 'flow', name: 'the flow', role: 'operator' }
const ask = (name: string, params: Record<string, string>, body: object) =>
  show.operations()[name]?.({ params, query: {}, body, actor: ACTOR })
const cue = (id: string, value: string) => ({ id, start: 0, duration: '60s', layer: 0, text: { value } })
const now = () => applied.at(-1)?.overlays[0]

beforeAll(async () => {
  await engine.start()
  const document = documentOf([cue('a', '{{temperature}}'), cue('b', '{{clock}}')], {
    data: [
      { key: 'temperature', format: { type: 'number', decimals: 1, unit: '°C' }, onStale: 'text', staleText: 'n/a' },
      { key: 'clock', clock: { pattern: 'ss' } },
    ],
  })
  const playing = { startedAt: Date.now() }
  await shelves.overlays.write('weather', () => ({ body: { document: { ...document }, updatedAt: 0, playing } }))
  show.start()
  await vi.waitFor(() => expect(now()?.tokens.clock).toBeDefined(), { timeout: 5_000 })
})
afterAll(async () => {
  show.stop()
  await engine.stop()
  folder.remove()
})

test('a clock turns by itself, without another look at the assets', async () => {
  const before = asked
  const first = now()?.tokens.clock
  await expect.poll(() => now()?.tokens.clock, { timeout: 3_000 }).not.toBe(first)
  expect(asked).toBe(before)
})

test('a value is written as the document says, until it is stale; nodes hear of it', async () => {
  await ask('putData', { key: 'temperature' }, { value: 21.44, ttl: 600 })
  expect(now()?.tokens.temperature).toBe('21,4\u202f°C')
  await expect.poll(() => told.at(-1)?.data).toMatchObject([{ key: 'temperature', value: '21.44' }])
  await expect.poll(() => now()?.tokens.temperature, { timeout: 3_000 }).toBe('n/a')
})

test('once it has stopped nothing is applied any more', async () => {
  show.stop()
  const count = applied.length
  await new Promise(resolve => setTimeout(resolve, 1_200))
  expect(applied).toHaveLength(count)
})
