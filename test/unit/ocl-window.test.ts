import fc from 'fast-check'
import { expect, test } from 'vitest'
import { resolve } from '../../runtime/ocl/resolve.ts'
import { spriteKeyOf, spritesOf } from '../../runtime/ocl/sprites.ts'
import { spritesWithin } from '../../runtime/ocl/window.ts'
import { anyContext, anyDocument, documentOf } from './ocl-arbitrary.ts'
import { cue, timeline } from './ocl-cue.ts'

const within = (...args: Parameters<typeof spritesWithin>) => spritesWithin(...args).specs

test('every layer that can be seen in a window has its bitmap among those of the window', () => {
  fc.assert(
    fc.property(
      anyDocument,
      anyContext,
      fc.double({ min: -500, max: 20_000, noNaN: true }),
      fc.double({ min: 1, max: 6_000, noNaN: true }),
      fc.array(fc.double({ min: 0, max: 0.999_999, noNaN: true }), { minLength: 1, maxLength: 8 }),
      (document, context, from, length, parts) => {
        const keys = new Set(within(document, context, from, from + length).map(spec => spec.key))
        for (const part of [0, ...parts])
          for (const layer of resolve(document, from + part * length, context).layers)
            if (layer.opacity > 0) expect(keys).toContain(spriteKeyOf(layer))
      },
    ),
    { numRuns: 300 },
  )
})

test('a window asks for nothing that the whole document does not ask for', () => {
  fc.assert(
    fc.property(anyDocument, anyContext, fc.integer({ min: 0, max: 12_000 }), (document, context, from) => {
      const all = new Set(spritesOf(document, context).map(spec => spec.key))
      for (const { key } of within(document, context, from, from + 2_000)) expect(all).toContain(key)
    }),
    { numRuns: 200 },
  )
})

const items = Array.from({ length: 300 }, (_, n) => ({ assetRef: `p${n}` }))
const show = (transition?: object) => {
  const { shape: _, ...empty } = cue({ start: 0, duration: 10_000_000 })
  return documentOf([{ ...empty, slides: { items, every: '5s', ...(transition && { transition }) } }])
}
const pictures = (document: ReturnType<typeof show>, from: number, to: number) =>
  within(document, {}, from, to).map(({ content }) => content.kind === 'asset' && content.assetRef)

test('of a long slideshow only the slides of the window are asked for, also at its end and beginning', () => {
  expect(pictures(show(), 12_000, 16_000)).toEqual(['p2', 'p3'])
  expect(pictures(show(), 1_500_000 * 3 - 1_000, 1_500_000 * 3 + 1_000)).toEqual(['p299', 'p0'])
  const fading = show({ type: 'fade', duration: 2_000 })
  expect(pictures(fading, 10_500, 11_000)).toEqual(['p1', 'p2'])
  expect(pictures(fading, 12_500, 13_000)).toEqual(['p2'])
})

test.each(['scale', 'fade'])('every moment of slides that %s, with animated pictures in them, is covered', type => {
  const document = show({ type, duration: 1_000 })
  const animated = { available: true, width: 50, height: 40, pictures: [70, 200, 270] }
  const context = { assets: Object.fromEntries(items.map(({ assetRef }) => [assetRef, animated])) }
  fc.assert(
    fc.property(
      fc.oneof(
        fc.double({ min: 0, max: 4_000_000, noNaN: true }),
        fc.double({ min: 1_499_000, max: 1_501_000, noNaN: true }),
      ),
      fc.double({ min: 1, max: 1_000, noNaN: true }),
      fc.double({ min: 0, max: 0.999_999, noNaN: true }),
      (from, length, part) => {
        const keys = new Set(within(document, context, from, from + length).map(spec => spec.key))
        for (const layer of resolve(document, from + part * length, context).layers)
          if (layer.opacity > 0) expect(keys).toContain(spriteKeyOf(layer))
      },
    ),
    { numRuns: 300 },
  )
})

test('what is needed first comes first, and more than may be asked for at once is told', () => {
  const keyframes = Array.from({ length: 5_000 }, (_, n) => ({ at: n, value: `n ${n}` }))
  const { shape: _, ...empty } = cue({ start: 0, duration: 10_000 })
  const document = documentOf([{ ...empty, text: { value: 'x' }, automation: [{ property: 'text', keyframes }] }])
  const { specs, capped } = spritesWithin(document, {}, 1_000, 4_000)
  expect([specs.length, capped]).toEqual([2_000, true])
  const words = specs.slice(0, 3).map(({ content }) => content.kind === 'text' && content.text.value)
  expect(words).toEqual(['n 999', 'n 1000', 'n 1001'])
})

test('a loop that is shorter than the window is asked for once around', () => {
  const shots = ['#ff0000', '#00ff00'].map((color, n) =>
    cue({ id: `c${n}`, start: n * 500, duration: 500, shape: { type: 'rectangle', color } }),
  )
  const document = documentOf(shots, timeline({ loop: true, duration: 1_000 }))
  expect(within(document, {}, 700, 900)).toHaveLength(1)
  expect(within(document, {}, 700, 1_100)).toHaveLength(2)
  expect(within(document, {}, 700, 60_000)).toHaveLength(2)
})
