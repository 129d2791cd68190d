import { expect, test } from 'vitest'
import { Patience } from '../../runtime/engine/graphics/patience.ts'
import { Arena } from '../../runtime/engine/memory/arena.ts'
import { allocRing, type RingLayout } from '../../runtime/engine/memory/ring.ts'
import { Sources } from '../../runtime/engine/sources.ts'
import { systemClock } from '../../runtime/lib/clock.ts'
import { createLog } from '../../runtime/lib/log.ts'

const picture = { width: 64, height: 64, frameRate: { num: 30, den: 1 } }
const slate = (title: string) => ({ kind: 'slate', id: 'slate', name: 'Slate', title, subtitle: '' }) as const
const settle = () => new Promise<void>(resolve => setImmediate(resolve))

test('a slate that takes long to draw holds up nothing; only the newest is shown, and none after its end', async () => {
  const arena = new Arena()
  const drawing = new Map<string, () => RingLayout>()
  const sources = new Sources({
    ...{
      arena,
      clock: systemClock,
      time: systemClock,
      log: createLog('test', 'silent'),
      event: () => {},
      changed: () => {},
    },
    graphics: {
      patience: new Patience(20),
      jpeg: async () => Buffer.alloc(0),
      slate: ({ title }) =>
        new Promise(resolve => {
          drawing.set(title, () => {
            const ring = allocRing(arena, { width: 64, height: 64, slots: 2, audioFrames: 1 })
            resolve(ring)
            return ring
          })
        }),
    },
    publish: async () => {},
    decoders: async () => [],
  })
  const shown = () => sources.list().find(({ id }) => id === 'slate')?.ring
  const finish = async (title: string) => {
    const ring = drawing.get(title)?.()
    await settle()
    return ring
  }
  const started = sources.start(slate('a'), picture)
  await settle()
  const first = await finish('a')
  await started
  for (const title of ['b', 'c']) await sources.restart(slate(title), picture)
  expect(shown()).toBe(first)
  await finish('b')
  expect(shown()).toBe(first)
  expect(await finish('c')).toBe(shown())
  await sources.restart(slate('d'), picture)
  await sources.stop('slate')
  await finish('d')
  expect(shown()).toBeUndefined()
  expect(arena.bytesInUse).toBe(0)
})
