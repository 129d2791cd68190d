import { expect, test } from 'vitest'
import type { Destination } from '../../runtime/contract/generated/openapi.v1.ts'
import type { DestinationBody } from '../../runtime/control/destinations/destination.ts'
import { Destinations } from '../../runtime/control/destinations/destinations.ts'
import type { PlannedDestination } from '../../runtime/control/ports.ts'
import { memoryShelf } from '../peers/shelf.ts'

test('each change that may need another encoder is weighed, and no other', async () => {
  const weighed: PlannedDestination[] = []
  const destinations = new Destinations({
    shelf: memoryShelf<DestinationBody>(),
    clock: { now: () => 1_000, mono: () => 1_000 },
    stateOf: () => undefined,
    encoderOf: () => undefined,
    preflight: () => Promise.reject(new Error('nobody there')),
    wired: () => true,
    heldBy: () => undefined,
    admit: destination => weighed.push(destination),
    folders: { data: '/data', recordings: '/data/recordings' },
    programFps: () => 30,
    aim: {
      camera: () => 'Nave',
      preset: () => undefined,
      standsAt: () => undefined,
      onAir: () => false,
      go: () => Promise.reject(new Error('nothing moves')),
    },
    changed: async () => {},
    record: () => {},
  })
  const call = (name: string, body: object, id = '') =>
    destinations.operations()[name]?.({
      ...{ params: { id }, query: {}, body },
      actor: { kind: 'user', name: 'o', role: 'operator' },
    }) as Promise<Destination>
  const url = 'rtmp://127.0.0.1/live'
  const { id } = await call('addDestination', { name: 'x', platform: 'rtmp', url, streamKey: 'k' })
  weighed.length = 0
  const change = (patch: object) => call('changeDestination', patch, id)
  await change({ autoBitrate: true })
  expect(weighed).toEqual([expect.objectContaining({ id, autoBitrateFloor: 1_125 })])
  await change({ profile: { height: 720, width: 1280 } })
  await change({ profile: null })
  expect(weighed.map(({ profile }) => profile.height)).toEqual([1080, 720, 1080])
  await change({ name: 'y' })
  await change({ autoBitrate: false })
  expect(weighed).toHaveLength(3)
})
