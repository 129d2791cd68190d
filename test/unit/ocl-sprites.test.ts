import fc from 'fast-check'
import { expect, test } from 'vitest'
import { bitmapPlace, fitInto } from '../../runtime/ocl/fit.ts'
import { resolve } from '../../runtime/ocl/resolve.ts'
import { spriteKeyOf, spritesOf } from '../../runtime/ocl/sprites.ts'
import { anyContext, anyDocument, documentOf } from './ocl-arbitrary.ts'
import { cue } from './ocl-cue.ts'

test('every layer that can be seen has its bitmap among those that the document needs', () => {
  fc.assert(
    fc.property(
      anyDocument,
      anyContext,
      fc.array(fc.double({ min: 0, max: 12_000, noNaN: true }), { maxLength: 8 }),
      (document, context, times) => {
        const keys = new Set(spritesOf(document, context).map(spec => spec.key))
        for (const t of times)
          for (const layer of resolve(document, t, context).layers)
            if (layer.opacity > 0) expect(keys).toContain(spriteKeyOf(layer))
      },
    ),
    { numRuns: 300 },
  )
})

test('a growing element needs a bounded number of bitmaps, each close to the true size and sharing its centre', () => {
  const document = documentOf([
    cue(
      { unsafe: true, transition: { in: { type: 'scale', duration: 1_000 } } },
      { size: { width: 1_000, height: 600 } },
    ),
  ])
  const sprites = spritesOf(document, {})
  expect(sprites.length).toBeLessThanOrEqual(64)
  expect(sprites.reduce((sum, { scale }) => sum + 600_000 * scale ** 2, 0)).toBeLessThan(26_000_000)
  const fit = fitInto({ width: 1_920, height: 1_080 }, { width: 1_280, height: 720 })
  for (let t = 1_020; t < 2_000; t += 13) {
    const [layer] = resolve(document, t).layers
    const bitmap = 1_000 * layer.bitmapScale
    expect(Math.abs(bitmap - layer.width)).toBeLessThan(20)
    const centre = bitmapPlace(fit, layer).x + (bitmap / 2) * fit.scale
    expect(Math.abs(centre - (layer.x + layer.width / 2) * fit.scale)).toBeLessThanOrEqual(0.5)
  }
})

test('a picture of another shape shows the whole base resolution, undistorted, in the middle', () => {
  expect(fitInto({ width: 1_920, height: 1_080 }, { width: 1_280, height: 720 })).toEqual({
    scale: 2 / 3,
    dx: 0,
    dy: 0,
  })
  const tall = fitInto({ width: 1_920, height: 1_080 }, { width: 1_080, height: 1_920 })
  expect(tall.scale).toBeCloseTo(0.5625)
  expect(tall.dy).toBeCloseTo((1_920 - 607.5) / 2)
})
