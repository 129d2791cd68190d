import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { Arrival, Destination } from '../../runtime/contract/generated/openapi.v1.ts'
import type { DestinationBody } from '../../runtime/control/destinations/destination.ts'
import { Destinations } from '../../runtime/control/destinations/destinations.ts'
import type { NewEvent, Shelf } from '../../runtime/control/ports.ts'
import { memoryShelf } from '../peers/shelf.ts'

/** Destinations that carry a camera at one of its presets, with a camera that arrives when the test says so. */
let shelf: Shelf<DestinationBody>
let destinations: Destinations
let events: NewEvent[]
let journeys: { to: string; by: string; end(arrival: Arrival): void }[]
/** Where the camera stands, and whether a program shows it. */
let current: string | undefined
let onAir: boolean
beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  shelf = memoryShelf<DestinationBody>()
  events = []
  journeys = []
  current = undefined
  onAir = false
  destinations = appliance()
})
afterEach(() => {
  destinations.stop()
  vi.useRealTimers()
})

/** On the same shelf: as control after a restart. */
function appliance(): Destinations {
  const presets: Record<string, string> = { altar: 'Altar', organ: 'Organ' }
  return new Destinations({
    shelf,
    clock: { now: () => 1_000, mono: () => 1_000 },
    stateOf: () => ({
      ...{ id: 'x', encoder: 'e', status: 'live', since: 0 },
      ...{ videoBitrate: 1, queueSeconds: 0, connects: 1 },
    }),
    encoderOf: () => undefined,
    preflight: () => Promise.reject(new Error('nobody there')),
    wired: () => true,
    heldBy: () => undefined,
    admit: () => {},
    folders: { data: '/data', recordings: '/data/recordings' },
    programFps: () => 30,
    aim: {
      camera: id => (id === 'nave' || id === 'porch' ? id : undefined),
      preset: (camera, id) => (presets[id] === undefined ? undefined : { id, camera, name: presets[id] }),
      standsAt: () => current,
      onAir: () => onAir,
      go: ({ id: to }, { name: by }) =>
        new Promise(resolve => {
          journeys.push({ to, by, end: resolve })
        }),
    },
    changed: async () => {},
    record: event => events.push(event),
  })
}

const call = (name: string, id = '', body?: object) =>
  destinations.operations()[name]?.({
    ...{ params: { id }, query: {}, body },
    actor: { kind: 'user', name: 'anna', role: 'operator' },
  }) as Promise<Destination>
const add = async (name: string, source?: object) =>
  (await call('addDestination', '', { name, platform: 'rtmp', url: 'rtmp://127.0.0.1/live', streamKey: 'k', source }))
    .id
const start = (id: string, body?: object) => call('startDestination', id, body)
const stop = (id: string) => call('stopDestination', id)
const state = async (id: string) => (await call('getDestination', id)).state
const planned = (id: string) => destinations.planned().find(one => one.id === id)
const failing = (code: string) => expect.objectContaining({ code })
const AT_ALTAR = { camera: 'nave', preset: 'altar' }
const AT_ORGAN = { camera: 'nave', preset: 'organ' }

async function arrive(n = journeys.length - 1, arrival: Arrival = { arrived: true, ms: 800 }): Promise<void> {
  if (arrival.arrived) current = journeys[n]?.to
  journeys[n]?.end(arrival)
  await settled()
}
/** What was begun has come to where it waits. */
const settled = () => new Promise(resolve => setImmediate(() => setImmediate(() => setImmediate(resolve))))

test('nothing goes out before the camera stands, and what is live then outlives a restart of control', async () => {
  const id = await add('YouTube', AT_ALTAR)
  const started = await start(id)
  expect(started.state).toMatchObject({ status: 'connecting', moving: { preset: 'altar', name: 'Altar' } })
  expect(planned(id)).toMatchObject({ started: true, waiting: true })
  expect(journeys).toMatchObject([{ to: 'altar', by: 'anna' }])
  await arrive()
  expect(planned(id)).toMatchObject({ started: true, source: { camera: 'nave' } })
  expect(planned(id)?.waiting).toBeUndefined()
  expect(await state(id)).toMatchObject({ status: 'live' })
  expect((await state(id)).moving).toBeUndefined()
  expect(events.at(-1)).toMatchObject({
    type: 'destination.aimed',
    message: 'The camera stands at Altar: YouTube shows it.',
  })

  destinations.stop()
  destinations = appliance()
  destinations.start()
  expect(planned(id)).toMatchObject({ started: true, source: { camera: 'nave' } })
  expect(journeys).toHaveLength(1)
  await stop(id)
  await start(id)
  expect(planned(id)).toMatchObject({ waiting: true })
  // Control ends in the midst of the journey: the next one begins it anew.
  destinations.stop()
  destinations = appliance()
  destinations.start()
  expect(journeys.map(({ to }) => to)).toEqual(['altar', 'altar', 'altar'])
})

test('two presets of one camera at once are refused, with who has it; the same one is shared', async () => {
  const [first, second, third] = [
    await add('YouTube', AT_ALTAR),
    await add('Twitch', AT_ORGAN),
    await add('TV', AT_ALTAR),
  ]
  await start(first)
  const conflict = { code: 'PRESET_CONFLICT', status: 409, extra: { destination: first, preset: 'altar' } }
  await expect(start(second)).rejects.toThrow(expect.objectContaining(conflict))
  await expect(start(second)).rejects.toThrow('The camera nave looks at Altar for YouTube')
  expect((await call('getDestination', second)).started).toBe(false)
  await start(third)
  expect(journeys).toHaveLength(1)
  await arrive()
  expect([planned(first)?.waiting, planned(third)?.waiting]).toEqual([undefined, undefined])
  await expect(call('changeDestination', third, { source: AT_ORGAN })).rejects.toThrow(failing('PRESET_CONFLICT'))
  await stop(first)
  await stop(third)
  await start(second)
  expect(journeys.at(-1)?.to).toBe('organ')
})

test('a camera that viewers see is moved only for who insists, unless it stands there already', async () => {
  const [id, asItStands] = [await add('YouTube', AT_ALTAR), await add('Twitch', { camera: 'nave' })]
  onAir = true
  await expect(start(id)).rejects.toThrow(failing('PTZ_ON_AIR'))
  current = 'altar'
  await start(id)
  await stop(id)
  current = undefined
  onAir = false
  await start(asItStands)
  await expect(start(id)).rejects.toThrow(failing('PTZ_ON_AIR'))
  await start(id, { override: true })
  await arrive()
  expect(planned(id)?.waiting).toBeUndefined()
})

test('what keeps the camera from getting there is told, once, and it is tried again until it stands', async () => {
  const id = await add('YouTube', AT_ALTAR)
  await start(id)
  const error = { code: 'PTZ_UNREACHABLE', detail: 'It is away.', hint: 'Look.' }
  await arrive(0, { arrived: false, ms: 1, error })
  expect(await state(id)).toMatchObject({ status: 'connecting', moving: { name: 'Altar' }, error })
  await vi.advanceTimersByTimeAsync(2_500)
  await settled()
  expect(journeys).toHaveLength(2)
  await arrive(1, { arrived: false, ms: 1, error })
  expect(events.filter(({ type }) => type === 'destination.waits')).toMatchObject([
    {
      severity: 'warning',
      message: 'YouTube waits for its camera: It is away.',
      data: { destination: id, ...AT_ALTAR },
    },
  ])
  // The camera is back: nobody waits for the next try.
  destinations.returned('nave')
  await settled()
  expect(journeys).toHaveLength(3)
  await arrive(2)
  expect(planned(id)?.waiting).toBeUndefined()

  // It restarts, and looks home: it is sent back to where it stood, and goes on showing that.
  destinations.returned('nave')
  expect(journeys.at(-1)).toMatchObject({ to: 'altar', by: 'anna' })
  // Somebody has moved it since, and was told that viewers see it.
  current = undefined
  destinations.returned('nave')
  expect(journeys).toHaveLength(4)
})

test('what is live stays so while its camera goes to another preset, and ends with its last word', async () => {
  const id = await add('YouTube')
  await start(id)
  expect(planned(id)?.source).toBeUndefined()
  const changed = await call('changeDestination', id, { source: AT_ALTAR })
  // The program is shown meanwhile.
  expect(changed.state).toMatchObject({ status: 'live', moving: { name: 'Altar' } })
  expect([planned(id)?.source, planned(id)?.waiting]).toEqual([undefined, undefined])
  await arrive()
  expect(planned(id)?.source).toEqual(AT_ALTAR)
  await call('changeDestination', id, { source: { camera: 'porch', preset: 'organ' } })
  // Another camera turns: nobody sees that.
  expect(planned(id)).toMatchObject({ source: AT_ALTAR })
  expect(planned(id)?.turns).toBeUndefined()
  await call('changeDestination', id, { source: AT_ORGAN })
  await arrive(1)
  expect(planned(id)).toMatchObject({ source: AT_ALTAR, turns: true })
  expect((await state(id)).moving).toMatchObject({ preset: 'organ' })
  await arrive()
  expect((await state(id)).moving).toBeUndefined()
  await call('changeDestination', id, { source: { camera: 'nave', preset: null } })
  expect(shelf.find(id)?.body.source).toEqual({ camera: 'nave' })
  await call('changeDestination', id, { source: AT_ORGAN })
  await call('changeDestination', id, { source: null })
  expect(planned(id)?.source).toBeUndefined()
  await call('changeDestination', id, { source: AT_ALTAR })
  await call('removeDestination', id)
  await arrive()
  expect(destinations.list()).toEqual([])
})

test('a feed names a camera and a preset that are there', async () => {
  await expect(add('x', { camera: 'none' })).rejects.toThrow(failing('UNKNOWN_REFERENCE'))
  await expect(add('x', { camera: 'nave', preset: 'none' })).rejects.toThrow('The camera nave has no preset none.')
})
