import { expect, test } from 'vitest'
import { nextChange, resolve } from '../../runtime/ocl/resolve.ts'
import { spriteKeyOf, spritesOf } from '../../runtime/ocl/sprites.ts'
import type { Layer, ResolveContext } from '../../runtime/ocl/types.ts'
import { asset, documentOf } from './ocl-arbitrary.ts'
import { cue, SIZE, timeline } from './ocl-cue.ts'

const at = (
  t: number,
  one: Record<string, unknown>,
  context: ResolveContext = {},
  rest: Record<string, unknown> = {},
) => resolve(documentOf([cue({ unsafe: true, ...one })], rest), t, context).layers
const boxOf = ({ x, y, width, height }: Layer) => ({ x, y, width, height })
const moving = (property: string, from: unknown, to: unknown, more: object = {}) => ({
  automation: [
    {
      property,
      keyframes: [
        { at: 0, value: from, ...more },
        { at: 2_000, value: to },
      ],
    },
  ],
})
const box = { size: SIZE, position: { x: 100, y: 100 } }

test.each([
  [30, 't+45f', 1_500],
  ['60000/1001', 't+60f', 1_001],
  [24, 't+1f', 41.666_666],
])('at %s frames a second %s is %f ms', (frameRate, start, ms) => {
  const seen = [ms - 0.001, ms].map(t => at(t, { start, duration: '10f' }, {}, timeline({ frameRate })).length)
  expect(seen).toEqual([0, 1])
})

test('a cue due with a frame is there at the very moment of that frame, at any rate', () => {
  for (const [frameRate, rate] of [
    [30, 30],
    [25, 25],
    ['30000/1001', 30_000 / 1_001],
    ['60000/1001', 60_000 / 1_001],
  ] as const)
    for (let frame = 1; frame < 500; frame += 7) {
      const show = (t: number) => at(t, { start: `t+${frame}f`, duration: '1f' }, {}, timeline({ frameRate })).length
      expect([frame - 1, frame, frame + 1].map(n => show((n * 1_000) / rate))).toEqual([0, 1, 0])
    }
})

test('a turned element keeps its box, names its turn, and its wipe runs over all of it', () => {
  const properties = { ...box, rotation: 450 }
  const [layer] = at(3_000, { properties })
  expect(layer).toMatchObject({ ...boxOf(layer), x: 100, y: 100, ...SIZE, rotation: 90 })
  const wipe = { in: { type: 'wipe', duration: 1_000, direction: 'down' } }
  const [half] = at(1_500, { properties, transition: wipe })
  expect(half.clip?.x).toBeCloseTo(150)
  expect(half.clip?.y).toBeCloseTo(50)
  expect(half.clip).toMatchObject({ width: expect.closeTo(100), height: expect.closeTo(100) })
})

test('a crop is a clip; of what is turned it is part of the bitmap', () => {
  const crop = { left: 0.25, bottom: 0.5 }
  expect(at(1_000, { properties: { ...box, crop } })[0].clip).toEqual({ x: 150, y: 100, width: 150, height: 50 })
  const [turned] = at(1_000, { properties: { ...box, crop, rotation: 45 } })
  expect(turned).toMatchObject({ rotation: 45, crop: { left: 0.25, top: 0, right: 0, bottom: 0.5 } })
  expect(turned.clip).toBeUndefined()
  const [gone] = at(2_000, { properties: box, ...moving('crop.right', 0, 1) })
  expect(gone.clip).toEqual({ x: 100, y: 100, width: 100, height: 100 })
})

test('colours run in sRGB, each part by itself', () => {
  const [layer] = at(2_000, moving('color', '#000000', '#ff8040ff'))
  expect(layer).toMatchObject({ shape: { color: '#804020ff' } })
  expect(at(4_000, moving('color', '#000000', '#FF8040'))[0]).toMatchObject({ shape: { color: '#ff8040ff' } })
})

test('a number counts in the words, written by its format and language', () => {
  const one = {
    shape: undefined,
    text: { value: '{{number}} boats' },
    automation: [
      {
        property: 'number',
        keyframes: [
          { at: 0, value: 0 },
          { at: 2_000, value: 3_000 },
        ],
        format: { type: 'number', decimals: 1, unit: 'm' },
      },
    ],
  }
  const words = (t: number, rest: object = {}) => at(t, one, { tokens: { number: 'no' } }, { ...rest })[0]
  expect(words(2_000)).toMatchObject({ text: { value: '1,500.0\u202fm boats' } })
  expect(words(5_000 - 1, { locale: 'de' })).toMatchObject({ text: { value: '3.000,0\u202fm boats' } })
})

test('hold jumps at its end; a curve of one’s own may swing beyond', () => {
  const x = (t: number, easing: string) => at(t, { properties: box, ...moving('position.x', 0, 100, { easing }) })[0].x
  expect([1_000, 2_999, 3_000].map(t => x(t, 'hold'))).toEqual([0, 0, 100])
  expect(x(2_400, 'cubic-bezier(0.34, 1.56, 0.64, 1)')).toBeGreaterThan(100)
  expect(nextChange(documentOf([cue(moving('opacity', 0, 1, { easing: 'hold' }))]), 1_500)).toBe(3_000)
})

test('scale comes from a larger size, around the centre', () => {
  const zoom = { in: { type: 'scale', from: 2, duration: 1_000 } }
  expect(boxOf(at(1_500, { properties: box, transition: zoom })[0])).toEqual({ x: 50, y: 75, width: 300, height: 150 })
  expect(boxOf(at(2_000, { properties: box, transition: zoom })[0])).toEqual({ x: 100, y: 100, ...SIZE })
})

const slides = (more: object = {}) => ({
  shape: undefined,
  properties: box,
  duration: 60_000,
  slides: { items: [{ assetRef: 'a' }, { assetRef: 'b', duration: '3s' }], every: '2s', ...more },
})
const assets = { assets: [asset('a'), asset('b')] }
const shown = (t: number, more: object = {}, context: ResolveContext = {}) =>
  at(t, slides(more), context, assets).map(layer => (layer.kind === 'asset' ? layer.assetRef : layer.kind))

test('slides come one after the other, again and again or once', () => {
  expect([1_000, 2_999, 3_000, 5_999, 6_000].map(t => shown(t))).toEqual([['a'], ['a'], ['b'], ['b'], ['a']])
  expect([6_000, 50_000].map(t => shown(t, { loop: false }))).toEqual([['b'], ['b']])
  const document = documentOf([cue({ unsafe: true, ...slides() })], assets)
  expect([1_000, 3_000, 6_000].map(t => nextChange(document, t))).toEqual([3_000, 6_000, 8_000])
  expect(shown(1_000, {}, { assets: { b: { available: true } } })).toEqual([])
})

test('a slide comes over the one before it, within their place', () => {
  const transition = { type: 'slide', duration: 1_000, direction: 'left' }
  expect(shown(1_000, { transition })).toEqual(['a'])
  const [below, above] = at(3_500, slides({ transition }), {}, assets)
  expect([below, above].map(boxOf)).toEqual([
    { x: 100, y: 100, ...SIZE },
    { x: 200, y: 100, ...SIZE },
  ])
  expect(above.clip).toEqual({ x: 100, y: 100, ...SIZE })
  expect(shown(4_000, { transition })).toEqual(['b'])
  expect(shown(6_500, { transition })).toEqual(['b', 'a'])
})

test('a slide that comes from larger stays within their place', () => {
  const transition = { type: 'scale', from: 2, duration: 1_000 }
  const [, above] = at(3_500, slides({ transition }), {}, assets)
  expect(boxOf(above)).toEqual({ x: 50, y: 75, width: 300, height: 150 })
  expect(above.clip).toEqual({ x: 100, y: 100, ...SIZE })
})

const line = { width: 300, height: 60 }
const ticker = (more: object = {}, rest: object = {}) => ({
  shape: undefined,
  duration: 100_000,
  properties: box,
  text: { value: 'News', ticker: { speed: 100, gap: 50 }, ...more },
  ...rest,
})
/** Every text is as large as the line: it is the only one that is measured here. */
const measured: ResolveContext = {
  texts: new Proxy(
    {},
    { getOwnPropertyDescriptor: () => ({ value: line, enumerable: true, configurable: true }), get: () => line },
  ),
}
const lefts = (t: number, more: object = {}, rest: object = {}) => at(t, ticker(more, rest), measured).map(({ x }) => x)

test('a ticker runs in from the far edge, and its copies follow each other', () => {
  expect(lefts(1_000)).toEqual([])
  expect(lefts(2_000)).toEqual([200])
  expect(lefts(5_000)).toEqual([-100, 250])
  expect(lefts(1_000 + 3_500 * 10 + 1_000)).toEqual([-150, 200])
  expect(at(5_000, ticker(), measured)[0].clip).toEqual({ x: 100, y: 100, ...SIZE })
  expect(lefts(2_000, { direction: 'rtl' })).toEqual([100 - 300 + 100])
  expect(nextChange(documentOf([cue(ticker())]), 5_000, measured)).toBe(5_000)
})

test('by scroll it goes once, from edge to edge; a background stays where it is', () => {
  const scroll = moving('scroll', 0, 1)
  expect([1_000, 2_000, 3_000].map(t => lefts(t, {}, scroll))).toEqual([[], [50], []])
  expect(lefts(1_000, { background: '#000000' })).toEqual([100])
})

test('an animated asset shows each of its pictures in time, again or only once', () => {
  const one = (loop?: boolean) => ({
    shape: undefined,
    assetRef: 'logo',
    properties: box,
    ...(loop === false && { loop }),
  })
  const context = { assets: { logo: { available: true, pictures: [100, 400] } } }
  const picture = (t: number, loop?: boolean) => {
    const [layer] = at(t, one(loop), context)
    return layer.kind === 'asset' ? layer.picture : undefined
  }
  expect([1_000, 1_099, 1_100, 1_400, 4_550].map(t => picture(t))).toEqual([0, 0, 1, 0, 1])
  expect([1_100, 4_550].map(t => picture(t, false))).toEqual([1, 1])
  const document = documentOf([cue(one())])
  expect([1_000, 1_100, 1_400].map(t => nextChange(document, t, context))).toEqual([1_100, 1_400, 1_500])
  expect(new Set(spritesOf(document, context).map(({ key }) => key)).size).toBe(2)
})

test('a QR code has its size, its defaults and its tokens', () => {
  const [layer] = at(
    1_000,
    { shape: undefined, qr: { value: 'https://{{host}}/' }, properties: {} },
    { tokens: { host: 'x.example' } },
  )
  expect(layer).toMatchObject({ width: 200, height: 200, qr: { value: 'https://x.example/', level: 'M', margin: 4 } })
})

test('what does not change is the same object, from frame to frame', () => {
  const document = documentOf([cue({ text: undefined })])
  const context = {}
  const [one, two] = [1_500, 2_500].map(t => resolve(document, t, context).layers[0])
  expect(one).toBe(two)
  expect(spriteKeyOf(one)).toBe(spriteKeyOf(two))
})
