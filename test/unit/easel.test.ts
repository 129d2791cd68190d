import { setImmediate } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { loadKernel } from '../../runtime/engine/kernel/kernel.ts'
import { Arena } from '../../runtime/engine/memory/arena.ts'
import { frameBytes } from '../../runtime/engine/memory/ring.ts'
import type { PreparedOverlay } from '../../runtime/engine/memory/sprite.ts'
import { Easel } from '../../runtime/engine/picture/easel.ts'
import { documentOf } from './ocl-arbitrary.ts'

const picture = { width: 64, height: 36 }

test('where one of several overlays cannot be drawn, what was drawn of the others is given back', async () => {
  const arena = new Arena()
  const document = documentOf([{ id: 'c', start: 0, duration: 1_000, layer: 0, text: { value: 'x' } }], {})
  const drawn: PreparedOverlay = { id: 'drawn', document, startedAt: 0, context: {}, sprites: [] }
  const returned: string[] = []
  const easel = new Easel({
    ...{ arena, kernel: loadKernel(), picture, ground: new Uint8Array(frameBytes(64, 36)) },
    layers: [
      { since: 0, prepare: () => Promise.reject(new Error('no memory')) },
      { since: 0, prepare: () => setImmediate(drawn) },
    ],
    giveBack: ({ id }) => returned.push(id),
  })
  await expect(easel.frame(0)).rejects.toThrow('no memory')
  easel.release()
  expect(returned).toEqual(['drawn'])
})
