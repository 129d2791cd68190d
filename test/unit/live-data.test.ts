import { expect, test } from 'vitest'
import type { DataRequest, DataValue } from '../../runtime/contract/generated/openapi.v1.ts'
import type { Actor } from '../../runtime/control/ports.ts'
import { type DataBody, LiveData } from '../../runtime/control/show/data.ts'
import { flowRequests } from '../../runtime/control/show/flow-requests.ts'
import { rfc3339 } from '../../runtime/lib/clock.ts'
import { memoryShelf } from '../peers/shelf.ts'

const START = Date.UTC(2026, 10, 23, 6)
const ACTOR: Actor = { kind: 'user', name: 'olga', role: 'operator' }

function rig(shelf = memoryShelf<DataBody>()) {
  const time = { now: START }
  const changes: string[][] = []
  const data: LiveData = new LiveData({
    shelf,
    clock: { now: () => time.now, mono: () => time.now },
    changed: async () => void changes.push(Object.keys(data.tokens())),
  })
  const ask = (name: string, key = '', body?: DataRequest) =>
    data.operations()[name]?.({ params: { key }, query: {}, body, actor: ACTOR })
  return { data, time, shelf, changes, ask, put: (key: string, body: DataRequest) => ask('putData', key, body) }
}

test('what is pushed is a token, listed with its time, until it expires', async () => {
  const { data, time, put, ask, changes } = rig()
  expect(await put('tide', { value: 3.5 })).toEqual({
    ...{ key: 'tide', value: '3.5', time: rfc3339(START), expires: null },
  })
  expect(await put('gust', { value: 'NW 7', ttl: 60_000 })).toMatchObject({ expires: rfc3339(START + 60_000) })
  expect(changes).toEqual([['tide'], ['tide', 'gust']])
  time.now = START + 59_999
  expect(data.tokens()).toEqual({ tide: '3.5', gust: 'NW 7' })
  time.now = START + 60_000
  expect(data.tokens()).toEqual({ tide: '3.5' })
  expect(((await ask('listData')) as DataValue[]).map(({ key }) => key)).toEqual(['tide'])
  data.stop()
})

test('what has expired stays for documents that say what is shown of it, and for the status of nodes', async () => {
  const { data, time, put, ask } = rig()
  await put('gust', { value: 'NW 7 '.repeat(20), ttl: 60_000 })
  time.now = START + 3_600_000
  expect(data.values()).toEqual({ gust: { value: 'NW 7 '.repeat(20), at: START, ttl: 60_000 } })
  expect(data.glimpses()).toEqual([
    { key: 'gust', value: 'NW 7 '.repeat(20).slice(0, 40), at: START, expires: START + 60_000 },
  ])
  await ask('removeData', 'gust')
  expect(data.values()).toEqual({})
  await expect(ask('removeData', 'gust')).rejects.toMatchObject({ code: 'NOT_FOUND' })
  data.stop()
})

test('a restart makes nothing younger', async () => {
  const first = rig()
  await first.put('gust', { value: 7, ttl: 60_000 })
  first.data.stop()
  const next = rig(first.shelf)
  next.time.now = START + 30_000
  next.data.start()
  expect(next.data.values()).toEqual({ gust: { value: '7', at: START, ttl: 60_000 } })
  next.time.now = START + 60_000
  expect(next.data.tokens()).toEqual({})
  next.data.stop()
})

test('the show is told when a value expires', async () => {
  const { data, time, put, changes } = rig()
  await put('gust', { value: 7, ttl: 20 })
  time.now = START + 20
  await expect.poll(() => changes.at(-1), { timeout: 2_000 }).toEqual([])
  data.stop()
})

test('there is room for a thousand: the oldest stale one gives its place, a fresh one none', async () => {
  const shelf = memoryShelf<DataBody>()
  for (let n = 0; n < 1_000; n++) {
    const expires = n === 7 || n === 9 ? { expires: START } : {}
    await shelf.write(`k${n}`, () => ({ body: { value: '', at: START - n, ...expires } }))
  }
  const { data, put } = rig(shelf)
  await put('k5', { value: 'again' })
  await put('new', { value: 1 })
  expect([shelf.find('k9'), shelf.find('k7')?.id]).toEqual([undefined, 'k7'])
  await put('newer', { value: 1 })
  expect(shelf.find('k7')).toBeUndefined()
  await expect(put('newest', { value: 1 })).rejects.toMatchObject({ code: 'CONFLICT' })
  expect(shelf.list()).toHaveLength(1_000)
  data.stop()
})

const nothing = {
  destinations: () => [],
  timelines: () => [],
  presets: { go: async () => ({}) },
  cues: { take: async () => ({ taken: true }) },
}

test.each([
  [{ key: 'not a key', value: 1 }, '/key'],
  [{ key: '', value: 1 }, '/key'],
  [{ key: 7, value: 1 }, '/key'],
  [{ key: 'k', value: { a: 1 } }, '/data: /value'],
  [{ key: 'k', value: null }, '/data: /value'],
  [{ key: 'k', value: 'x'.repeat(2_001) }, '/data: /value'],
  [{ key: 'k', value: 1, ttl: 0 }, '/data: /ttl'],
  [{ key: 'k' }, '/data: lacks "value"'],
])('a message of the flow with %j is refused, as the API refuses it', async (params, why) => {
  const { data, shelf } = rig()
  const requests = flowRequests({ operations: data.operations(), ...nothing })
  const wish = params as unknown as { key: string; value: string }
  await expect(requests['data.put'](wish)).rejects.toMatchObject({
    code: 'BAD_REQUEST',
    message: expect.stringContaining(why),
  })
  expect(shelf.list()).toEqual([])
})

test('a message of the flow sets a value', async () => {
  const { data, shelf } = rig()
  const requests = flowRequests({ operations: data.operations(), ...nothing })
  await requests['data.put']({ key: 'gust', value: 7, ttl: 60_000 })
  expect(shelf.find('gust')?.body).toEqual({ value: '7', at: START, expires: START + 60_000 })
  data.stop()
})
