import fc from 'fast-check'
import { expect, test } from 'vitest'
import { bitmapPlace, fitInto } from '../../runtime/ocl/fit.ts'
import { nextChange, resolve } from '../../runtime/ocl/resolve.ts'
import { spriteKeyOf, spritesOf } from '../../runtime/ocl/sprites.ts'
import type { ResolveContext } from '../../runtime/ocl/types.ts'
import { anyContext, anyDocument, documentOf } from './ocl-arbitrary.ts'

const SIZE = { width: 200, height: 100 }
const cue = (more: Record<string, unknown> = {}, properties: Record<string, unknown> = {}) => ({
  id: 'c',
  start: 1_000,
  duration: 4_000,
  layer: 0,
  shape: { type: 'rectangle', color: '#ff0000' },
  properties: { size: SIZE, position: { anchor: 'top-left', x: 0, y: 0 }, ...properties },
  ...more,
})
const at = (t: number, cues: unknown[], context: ResolveContext = {}, rest: Record<string, unknown> = {}) =>
  resolve(documentOf(cues, rest), t, context).layers
const timeline = (more: object) => ({
  timeline: { id: 't', version: 1, frameRate: 30, resolution: { width: 1920, height: 1080 }, ...more },
})

test('a cue is there from its start up to, not including, its end', () => {
  const seen = [999.999, 1_000, 4_999.999, 5_000].map(t => at(t, [cue()]).length)
  expect(seen).toEqual([0, 1, 1, 0])
})

test('times are relative to the scene, absolute ones to the timeline, and a scene ends its cues', () => {
  const scene = (cues: unknown[]) => ({
    scenes: [{ id: 's', start: 't+10s', duration: '5s', tracks: [{ id: 'k', kind: 'any', cues }] }],
  })
  const both = scene([cue({ id: 'relative' }), cue({ id: 'absolute', start: '00:00:12.000', duration: '10s' })])
  const ids = (t: number) => at(t, [], {}, both).map(layer => layer.cue)
  expect([10_999, 11_000, 12_000, 14_999, 15_000].map(ids)).toEqual([
    [],
    ['relative'],
    ['relative', 'absolute'],
    ['relative', 'absolute'],
    [],
  ])
})

test.each([
  ['top-left', 10, 20, false, 96 + 10, 54 + 20],
  ['top-right', 10, 20, false, 1_824 - 200 - 10, 54 + 20],
  ['bottom-left', 10, 20, false, 96 + 10, 1_026 - 100 - 20],
  ['bottom-right', 10, 20, true, 1_920 - 200 - 10, 1_080 - 100 - 20],
  ['center', 10, 20, false, 860 + 10, 490 + 20],
  ['top', 10, 20, true, 860 + 10, 20],
  ['center-left', 10, 20, true, 10, 490 + 20],
])('anchor %s, %i and %i inwards, unsafe %s', (anchor, x, y, unsafe, left, top) => {
  const [layer] = at(1_000, [cue({ unsafe }, { position: { anchor, x, y } })])
  expect(layer).toMatchObject({ x: left, y: top, ...SIZE })
})

test('scale works around the anchor; without a position the element stands in the centre', () => {
  const [layer] = at(1_000, [cue({}, { scale: 2, position: { anchor: 'bottom-right', x: 0, y: 0 } })])
  expect(layer).toMatchObject({ x: 1_824 - 400, y: 1_026 - 200, width: 400, height: 200 })
  const [middle] = at(1_000, [cue({}, { position: undefined })])
  expect(middle).toMatchObject({ x: 860, y: 490 })
})

test('paint order: layer, then the order of the document', () => {
  const order = at(1_000, [cue({ id: 'front', layer: 5 }), cue({ id: 'first' }), cue({ id: 'second' })])
  expect(order.map(layer => layer.cue)).toEqual(['first', 'second', 'front'])
})

test.each([
  ['linear', 0.25],
  ['ease-in', 0.0625],
  ['ease-out', 0.4375],
  ['ease-in-out', 0.125],
  ['ease-in-cubic', 0.015625],
  ['ease-out-cubic', 0.578125],
  ['ease-in-out-cubic', 0.0625],
])('a fade with easing %s is at %f after a quarter', (easing, expected) => {
  const fade = { type: 'fade', duration: 1_000, easing }
  expect(at(1_250, [cue({ transition: { in: fade } })])[0].opacity).toBeCloseTo(expected, 9)
  expect(at(4_250, [cue({ transition: { out: fade } })])[0].opacity).toBeCloseTo(1 - expected, 9)
})

test('wipes uncover and cover in their direction', () => {
  const clip = (t: number, direction: string) =>
    at(t, [
      cue({
        unsafe: true,
        transition: {
          in: { type: 'wipe', duration: 1_000, direction },
          out: { type: 'wipe', duration: 1_000, direction },
        },
      }),
    ])[0].clip
  expect(clip(1_250, 'right')).toEqual({ x: 0, y: 0, width: 50, height: 100 })
  expect(clip(4_250, 'right')).toEqual({ x: 50, y: 0, width: 150, height: 100 })
  expect(clip(1_250, 'left')).toEqual({ x: 150, y: 0, width: 50, height: 100 })
  expect(clip(1_250, 'down')).toEqual({ x: 0, y: 0, width: 200, height: 25 })
  expect(clip(1_250, 'up')).toEqual({ x: 0, y: 75, width: 200, height: 25 })
  expect(clip(3_000, 'up')).toBeUndefined()
})

test('slides come from outside the frame and leave it, moving in their direction', () => {
  const place = (t: number, direction: string) => {
    const motion = { type: 'slide', duration: 1_000, direction }
    const [{ x, y }] = at(t, [
      cue({ unsafe: true, transition: { in: motion, out: motion } }, { position: { x: 100, y: 80 } }),
    ])
    return [x, y]
  }
  expect(place(1_000, 'right')).toEqual([-200, 80])
  expect(place(1_500, 'right')).toEqual([-50, 80])
  expect(place(3_000, 'right')).toEqual([100, 80])
  expect(place(4_500, 'right')).toEqual([1_010, 80])
  expect(place(1_000, 'left')).toEqual([1_920, 80])
  expect(place(1_000, 'up')).toEqual([100, 1_080])
  expect(place(1_000, 'down')).toEqual([100, -100])
})

test('automation replaces the property, and the nearest value holds outside its keyframes', () => {
  const opacity = {
    property: 'opacity',
    keyframes: [
      { at: 't+1s', value: 0.2 },
      { at: 't+2s', value: 0.8 },
    ],
  }
  const x = {
    property: 'position.x',
    keyframes: [
      { at: '00:00:03.000', value: 300 },
      { at: 't+1s', value: 100 },
    ],
  }
  const [before, middle, after] = [1_000, 2_500, 4_900].map(
    t => at(t, [cue({ unsafe: true, automation: [opacity, x] }, { opacity: 1 })])[0],
  )
  expect([before.opacity, after.opacity]).toEqual([0.2, 0.8])
  expect(middle.opacity).toBeCloseTo(0.5, 9)
  expect([before.x, middle.x, after.x]).toEqual([100, 200, 300])
})

test('texts: tokens, defaults, stepped automation; a token without a value leaves nothing and a warning', () => {
  const text = { text: { value: 'Welcome to {{ place }}{{gone}}' }, shape: undefined }
  const document = documentOf([
    cue({
      ...text,
      automation: [
        {
          property: 'text',
          keyframes: [
            { at: 1_000, value: 'B' },
            { at: 0, value: 'Welcome to {{ place }}{{gone}}' },
          ],
        },
      ],
    }),
  ])
  const { layers, warnings } = resolve(document, 1_500, { tokens: { place: 'Harbour' } })
  expect(layers[0]).toMatchObject({
    kind: 'text',
    text: { value: 'Welcome to Harbour', font: 'Inter', size: 48, color: '#ffffff' },
  })
  expect(warnings).toMatchObject([{ code: 'OCL_TOKEN_MISSING', path: '/scenes/0/tracks/0/cues/0/text/value' }])
  expect(resolve(document, 2_000).layers[0]).toMatchObject({ text: { value: 'B' } })
})

test('tokens are looked up, never inherited', () => {
  expect(at(1_000, [cue({ shape: undefined, text: { value: '[{{constructor}}]' } })])[0]).toMatchObject({
    text: { value: '[]' },
  })
})

test('loops begin again at the end of the timeline, or of the scene that is played', () => {
  const looped = timeline({ loop: true, duration: '10s' })
  expect([1_000, 11_000, 1_000_000_001_000].map(t => at(t, [cue()], {}, looped).length)).toEqual([1, 1, 1])
  expect([10_999, 15_000].map(t => at(t, [cue()], {}, looped).length)).toEqual([0, 0])
  const once = timeline({ duration: '3s' })
  expect([2_999, 3_000].map(t => at(t, [cue()], {}, once).length)).toEqual([1, 0])
})

test('playing one scene: t = 0 is its start, other scenes are not there', () => {
  const scenes = [1, 2].map(n => ({
    id: `s${n}`,
    start: n * 10_000,
    tracks: [{ id: 'k', kind: 'any', cues: [cue({ id: `c${n}` })] }],
  }))
  expect(at(1_000, [], { scene: 's2' }, { scenes }).map(layer => layer.cue)).toEqual(['c2'])
  expect(at(11_000, [], { scene: 's2' }, { scenes })).toEqual([])
  expect(at(1_000, [], { scene: 'none' }, { scenes })).toEqual([])
})

test('a missing asset: its own fallback, then the general asset, scene and text; other layers stay', () => {
  const logo = cue({ shape: undefined, assetRef: 'logo' })
  const here = { available: true, width: 50, height: 40 }
  const shows = (assets: ResolveContext['assets'], fallbacks: object) =>
    resolve(documentOf([logo, cue({ id: 'other', layer: 1 })], { fallbacks }), 1_000, { assets })
  expect(shows({ logo: here }, {}).layers[0]).toMatchObject({ assetRef: 'logo' })
  const stood = shows({ spare: here }, {})
  expect(stood.layers[0]).toMatchObject({ cue: 'c', assetRef: 'spare' })
  expect(stood.warnings).toMatchObject([{ code: 'ASSET_MISSING', path: '/scenes/0/tracks/0/cues/0/assetRef' }])
  expect(shows({}, { text: 'Soon' }).layers[0]).toMatchObject({ kind: 'text', text: { value: 'Soon' } })
  expect(shows({}, {}).layers.map(layer => layer.cue)).toEqual(['other'])
})

test('a fallback scene is played in the time of the cue that it stands in for', () => {
  const scenes = [
    { id: 'show', start: 0, tracks: [{ id: 'k', kind: 'any', cues: [cue({ shape: undefined, assetRef: 'logo' })] }] },
    {
      id: 'safe',
      start: '00:10:00',
      tracks: [{ id: 'k', kind: 'any', cues: [cue({ id: 'sorry', start: 500, duration: 60_000 })] }],
    },
  ]
  const ids = (t: number) => at(t, [], { assets: {} }, { scenes, fallbacks: { scene: 'safe' } }).map(layer => layer.cue)
  expect([1_499, 1_500, 4_999, 5_000].map(ids)).toEqual([[], ['sorry'], ['sorry'], []])
})

test('a cue waits for its preset, and after the timeout plays, is skipped, or gives way to the fallback', () => {
  const waits = (otherwise: string, reached?: number) => (t: number) =>
    at(
      t,
      [cue({ sync: { awaitPreset: 'Front', timeout: '2s', otherwise } })],
      { reached: { presets: reached === undefined ? {} : { Front: reached } } },
      { fallbacks: { text: 'Soon' } },
    ).map(layer => layer.kind)
  expect([999, 1_000].map(waits('play', 500))).toEqual([[], ['shape']])
  expect([1_499, 1_500, 5_499, 5_500].map(waits('play', 1_500))).toEqual([[], ['shape'], ['shape'], []])
  expect([2_999, 3_000].map(waits('play'))).toEqual([[], ['shape']])
  expect([3_000, 4_000].map(waits('skip'))).toEqual([[], []])
  expect([2_999, 3_000].map(waits('fallback'))).toEqual([[], ['text']])
})

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
