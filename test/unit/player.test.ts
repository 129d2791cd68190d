import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Sprite } from '../../runtime/engine/memory/sprite.ts'
import { Player } from '../../runtime/engine/mixer/player.ts'
import { resolve, sameSprite, spriteKeyOf } from '../../runtime/ocl/index.ts'
import { spritesOf } from '../../runtime/ocl/sprites.ts'
import { anyContext, anyDocument } from './ocl-arbitrary.ts'

const picture = { width: 1_920, height: 1_080 }
const times = fc.array(fc.integer({ min: 0, max: 12_000 }), { minLength: 1, maxLength: 25 })

/** Bitmaps of which each lies at an address of its own. */
const bitmap = (key: string, at: number): Sprite => ({
  ...{ key, width: 2, height: 2 },
  ...{ y: at, u: at, v: at, a: at, ac: at },
})

test('a play that was followed shows at each moment what one shows that begins there', () => {
  fc.assert(
    fc.property(anyDocument, anyContext, times, (document, context, moments) => {
      const sprites = spritesOf(document, context).map(({ key }, at) => bitmap(key, at))
      const overlay = { id: 'o', document, context, startedAt: 0, sprites }
      const followed = new Player(overlay, picture)
      for (const t of moments.toSorted((a, b) => a - b)) {
        const fresh = new Player(overlay, picture)
        followed.seek(t)
        fresh.seek(t)
        expect(followed.placed).toEqual(fresh.placed)
        expect(followed.seen).toEqual(fresh.seen)
        expect(followed.late).toEqual(fresh.late)
      }
    }),
    { numRuns: 200 },
  )
})

test('layers that are taken to have the same bitmap have it', () => {
  fc.assert(
    fc.property(anyDocument, anyContext, times, (document, context, moments) => {
      const layers = moments.flatMap(t => resolve(document, t, context).layers)
      for (const a of layers) for (const b of layers) if (sameSprite(a, b)) expect(spriteKeyOf(a)).toBe(spriteKeyOf(b))
    }),
    { numRuns: 100 },
  )
})
