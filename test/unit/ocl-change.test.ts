import fc from 'fast-check'
import { expect, test } from 'vitest'
import { nextChange, resolve } from '../../runtime/ocl/resolve.ts'
import { anyContext, anyDocument, documentOf } from './ocl-arbitrary.ts'
import { cue, timeline } from './ocl-cue.ts'

test('moments may be asked for in any order', () => {
  fc.assert(
    fc.property(
      anyDocument,
      anyContext,
      fc.array(fc.double({ min: -100, max: 20_000, noNaN: true }), { minLength: 2, maxLength: 6 }),
      (document, context, times) => {
        const forwards = times.map(t => resolve(document, t, context))
        const fresh = structuredClone(document)
        const backwards = times.toReversed().map(t => resolve(fresh, t, context))
        expect(backwards.toReversed()).toEqual(forwards)
      },
    ),
  )
})

test('nothing changes before nextChange', () => {
  fc.assert(
    fc.property(
      anyDocument,
      anyContext,
      fc.integer({ min: -100, max: 20_000 }),
      fc.double({ min: 0, max: 0.999, noNaN: true }),
      (document, context, t, part) => {
        const next = nextChange(document, t, context)
        expect(next).toBeGreaterThanOrEqual(t)
        if (next === t) return
        const later = t + (Math.min(next, t + 1e6) - t) * part
        expect(resolve(document, later, context)).toEqual(resolve(document, t, context))
      },
    ),
    { numRuns: 500 },
  )
})

test('following nextChange from change to change misses nothing', () => {
  const document = documentOf([
    cue({ automation: [{ property: 'text', keyframes: [{ at: 500, value: 'x' }] }] }),
    cue({ id: 'd', start: 2_000 }),
  ])
  const steps = [0, 1_000, 2_000, 5_000, 6_000]
  expect(steps.map(t => nextChange(document, t))).toEqual([1_000, 2_000, 5_000, 6_000, Number.POSITIVE_INFINITY])
  const looped = documentOf([cue()], timeline({ loop: true, duration: 10_000 }))
  expect([31_000, 35_000, 40_000].map(t => nextChange(looped, t))).toEqual([35_000, 40_000, 41_000])
  expect(nextChange(documentOf([cue({ transition: { in: { type: 'fade', duration: 400 } } })]), 1_200)).toBe(1_200)
})

test('values move without jumps inside and at the ends of an envelope', () => {
  fc.assert(
    fc.property(
      fc.array(
        fc.integer({ min: 0, max: 100 }).map(n => n * 40),
        { minLength: 2, maxLength: 5 },
      ),
      fc.constantFrom('linear', 'ease-in', 'ease-out-cubic', 'ease-in-out'),
      (moments, easing) => {
        const keyframes = [...new Set(moments)].map((ms, i) => ({ at: ms, value: i % 2, easing }))
        const document = documentOf([cue({ automation: [{ property: 'opacity', keyframes }] })])
        for (const { at: ms } of keyframes)
          for (const t of [1_000 + ms - 0.01, 1_000 + ms + 0.01]) {
            const [near] = resolve(document, t).layers
            const [exact] = resolve(document, 1_000 + ms).layers
            if (near && exact) expect(Math.abs(near.opacity - exact.opacity)).toBeLessThan(0.01)
          }
      },
    ),
  )
})
