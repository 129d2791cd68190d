import { expect, test } from 'vitest'
import { resolve } from '../../runtime/ocl/resolve.ts'
import { standingIn } from '../../runtime/ocl/stand-in.ts'
import type { ResolveContext } from '../../runtime/ocl/types.ts'
import { documentOf } from './ocl-arbitrary.ts'
import { cue, SIZE, timeline } from './ocl-cue.ts'

const at = (t: number, cues: unknown[], context: ResolveContext = {}, rest: Record<string, unknown> = {}) =>
  resolve(documentOf(cues, rest), t, context).layers

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

test('tokens: the number that counts, then what is given, then the default of the document; also in QR codes', () => {
  const value = '{{number}} {{given}} {{spare}} {{nobody}}'
  const automation = [{ property: 'number', keyframes: [{ at: 0, value: 7 }] }]
  const words = cue({ shape: undefined, text: { value }, automation })
  const code = cue({ id: 'q', shape: undefined, qr: { value: 'https://example.com/{{given}}' } })
  const data = [
    { key: 'given', default: 'no' },
    { key: 'spare', default: 'yes' },
  ]
  const { layers, warnings } = resolve(documentOf([words, code], { data }), 1_000, {
    tokens: { number: 'x', given: '1' },
  })
  expect(layers).toMatchObject([{ text: { value: '7 1 yes ' } }, { qr: { value: 'https://example.com/1' } }])
  expect(warnings).toMatchObject([{ code: 'OCL_TOKEN_MISSING' }])
})

test('in place of what is not ready: the next fallback of an asset, the general words of a text, nothing of a shape', () => {
  const here = { available: true, width: 50, height: 40 }
  const cues = [
    cue({ id: 'asset', shape: undefined, assetRef: 'logo' }),
    cue({ id: 'words', shape: undefined, text: { value: 'Hello', size: 20 } }),
    cue({ id: 'shape' }),
  ]
  const shows = (assets: ResolveContext['assets'], fallbacks: object) => {
    const document = documentOf(cues, { fallbacks })
    const { layers } = resolve(document, 1_000, standingIn(document, { assets }))
    return layers.map(layer => [layer.cue, layer.kind === 'asset' ? layer.assetRef : layer.kind])
  }
  expect(shows({ logo: here, spare: here }, { text: 'Soon' })).toEqual([
    ['asset', 'spare'],
    ['words', 'text'],
  ])
  expect(shows({ logo: here }, { text: 'Soon' })).toEqual([
    ['asset', 'text'],
    ['words', 'text'],
  ])
  // What is shown is a fallback itself, and only the next one is left.
  expect(shows({ spare: here }, {})).toEqual([])
  const plain = { ...documentOf(cues), assets: [] }
  expect(standingIn(plain, {})).toBeUndefined()
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
