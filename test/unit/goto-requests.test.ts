import { beforeEach, expect, test } from 'vitest'
import { VistterError } from '../../runtime/contract/errors.ts'
import type { FlowSwing } from '../../runtime/contract/flow.ts'
import { GotoRequests } from '../../runtime/control/show/goto-requests.ts'

const calls: unknown[] = []
let seenIn: string[] = []
let shown: { arrived: boolean; journeyMs?: number; verified?: 'picture'; error?: VistterError['fault'] }
const requests = new GotoRequests({
  cameras: { list: () => [{ id: 'c1', name: 'Pier' }] },
  presets: { names: () => [{ id: 'p1', camera: 'c1', name: 'Altar', shotId: 's1' }] },
  viewers: { seenIn: () => seenIn },
  turning: {
    go: async ({ id }) => {
      calls.push(['go', id])
      return { arrived: true, ms: 800 }
    },
  },
  program: {
    ids: () => ['side', 'main'],
    aim: (program = 'main', source) => ({ program, source, name: 'Pier', isCamera: true }),
  },
  shots: {
    take: async ({ aim, preset, swing }) => {
      calls.push(['shoot', aim.program, preset.id, swing])
      return { take: { id: 't', source: aim.source, why: '', askedAt: 0 }, at: 0, ...shown }
    },
  },
})
const of = { camera: { id: 'c1', name: 'Pier' }, preset: { id: 'p1', name: 'Altar', shotId: 's1' } }

beforeEach(() => {
  calls.length = 0
  seenIn = []
  shown = { arrived: true, journeyMs: 900, verified: 'picture' }
})

test('a camera that nobody sees is moved, and the answer says which it was', async () => {
  expect(await requests.go({ preset: 's1', swing: 'freeze' })).toEqual({ arrived: true, ms: 800, ...of })
  expect(calls).toEqual([['go', 'p1']])
})

test('one on air turns behind its cover, unless viewers may see it turn', async () => {
  seenIn = ['main']
  expect(await requests.go({ camera: 'Pier', preset: 'Altar' })).toEqual({ arrived: true, ms: 800, ...of })
  const swing = { cutaway: 'Bar' }
  expect(await requests.go({ camera: 'Pier', preset: 'Altar', swing })).toEqual({
    arrived: true,
    ms: 900,
    verified: 'picture',
    ...of,
  })
  expect(calls).toEqual([
    ['go', 'p1'],
    ['shoot', 'main', 'p1', swing],
  ])
  const error = new VistterError('PTZ_NOT_ARRIVED', 'It was elsewhere.').fault
  shown = { arrived: false, error }
  expect(await requests.go({ preset: 's1', swing: 'slate' })).toEqual({ arrived: false, ms: 0, error, ...of })
})

test('what nothing can hide, and what is no way to hide it, is refused', async () => {
  seenIn = ['the feed of YouTube']
  await expect(requests.go({ preset: 's1', swing: 'freeze' })).rejects.toMatchObject({ code: 'PTZ_ON_AIR' })
  const swing = 'sideways' as FlowSwing
  await expect(requests.go({ preset: 's1', swing })).rejects.toMatchObject({ code: 'BAD_REQUEST' })
  await expect(requests.go({ preset: 'Nowhere' })).rejects.toMatchObject({ code: 'UNKNOWN_REFERENCE' })
  expect(calls).toEqual([])
})
