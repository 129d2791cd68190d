import fc from 'fast-check'
import { expect, it } from 'vitest'
import { spansOf } from '../../runtime/engine/graphics/yuv.ts'
import { LAYER_BYTES, LAYER_WORDS, type Placed, writeLayer } from '../../runtime/engine/kernel/kernel.ts'
import { frameBytes } from '../../runtime/engine/memory/ring.ts'
import type { Spans, Sprite } from '../../runtime/engine/memory/sprite.ts'
import {
  anyAlpha,
  arena,
  bytes,
  even,
  GUARD,
  guards,
  kernel,
  makeFrame,
  makeSprite,
  picture,
  release,
  share,
  words,
} from './kernel-pictures.ts'

/**
 * The kernel blends piles of layers in one go, in vectors, and leaves out what it can. Here is what it must come to, bit
 * for bit: one layer after another, one pixel after another, in the kernel's own fixed point.
 */
const FULL = 32_767

function pixel(d: number, p: number, a: number, opacity: number): number {
  const share = (a * 257) >> 1
  if (opacity >= FULL) return Math.min(255, ((d * (FULL - share) + 0x4000) >> 15) + p)
  const keep = FULL - ((share * opacity + 0x4000) >> 15)
  return Math.min(255, (d * keep + p * opacity + 0x4000) >> 15)
}

/** A plane of a picture and what a layer has for it. */
interface Plane {
  at: number
  half: 1 | 2
  colour(sprite: Sprite): number
  alpha(sprite: Sprite): number
}

function lay(values: number[], width: number, { half, colour, alpha }: Plane, layer: Placed): void {
  const { sprite, x, y, left, top, right, bottom } = layer
  const [w, h] = [sprite.width / half, sprite.height / half]
  const [px, py] = [Math.floor(x / half), Math.floor(y / half)]
  const [l, t, r, b] = [left, top, right, bottom].map(edge => Math.floor(edge / half))
  for (let row = Math.max(py, t); row < Math.min(py + h, b); row++)
    for (let column = Math.max(px, l); column < Math.min(px + w, r); column++) {
      const from = (row - py) * w + column - px
      const at = row * (width / half) + column
      values[at] = pixel(values[at], bytes[colour(sprite) + from], bytes[alpha(sprite) + from], layer.opacity)
    }
}

const planesAt = (y: number, u: number, v: number): Plane[] => [
  { at: y, half: 1, colour: sprite => sprite.y, alpha: sprite => sprite.a },
  { at: u, half: 2, colour: sprite => sprite.u, alpha: sprite => sprite.ac },
  { at: v, half: 2, colour: sprite => sprite.v, alpha: sprite => sprite.ac },
]
const alphasAt = (a: number, ac: number): Plane[] => [
  { at: a, half: 1, colour: sprite => sprite.a, alpha: sprite => sprite.a },
  { at: ac, half: 2, colour: sprite => sprite.ac, alpha: sprite => sprite.ac },
]

const opacity = fc.oneof({ weight: 2, arbitrary: fc.constant(32_768) }, fc.integer({ min: 1, max: 32_768 }))
const spot = fc.record({
  x: fc.integer({ min: -60, max: 150 }),
  y: fc.integer({ min: -30, max: 30 }),
  width: even(2, 160),
  height: even(2, 40),
  opacity,
  clip: fc.oneof({ weight: 2, arbitrary: fc.constant(undefined) }, fc.array(share(), { minLength: 4, maxLength: 4 })),
  spans: fc.boolean(),
  alpha: fc.constantFrom(
    anyAlpha,
    () => 255,
    () => (anyAlpha() > 250 ? 99 : 0),
  ),
})
/** The planes of a sprite may come with their spans. */
function withSpans(sprite: Sprite): Sprite & { spans: Spans } {
  const { width, height, a, ac } = sprite
  const put = (at: number, w: number, h: number): number => {
    const rows = spansOf(bytes.subarray(at, at + w * h), w)
    const address = arena.alloc(rows.byteLength)
    words.set(rows, address / 4)
    return address
  }
  return { ...sprite, spans: { luma: put(a, width, height), chroma: put(ac, width / 2, height / 2) } }
}

type Spot = typeof spot extends fc.Arbitrary<infer T> ? T : never

function placed({ clip, alpha, spans, ...spot }: Spot, width: number, height: number): Placed {
  const edges = (a: number, b: number, size: number) => [a, b].map(e => Math.round(e * size)).sort((p, q) => p - q)
  const [left, right] = clip ? edges(clip[0], clip[1], width) : [0, width]
  const [top, bottom] = clip ? edges(clip[2], clip[3], height) : [0, height]
  const sprite = makeSprite(spot.width, spot.height, alpha)
  return { sprite: spans ? withSpans(sprite) : sprite, ...spot, left, top, right, bottom }
}

const shows = { width: even(2, 150), height: even(2, 30), spots: fc.array(spot, { maxLength: 8 }) }

it('compose is, bit for bit, one layer after another and one pixel after another, and writes nothing outside', () => {
  fc.assert(
    fc.property(fc.record(shows), ({ width, height, spots }) => {
      const size = frameBytes(width, height)
      const [base, target, list] = [makeFrame(width, height), makeFrame(width, height), arena.alloc(LAYER_BYTES * 8)]
      const layers = spots.map(one => placed(one, width, height))
      for (const [n, layer] of layers.entries()) writeLayer(words, list / 4 + n * LAYER_WORDS, layer)
      const [luma, chroma] = [width * height, (width * height) / 4]
      const expected = planesAt(base, base + luma, base + luma + chroma).flatMap(plane => {
        const values = picture(plane.at, plane.half === 1 ? luma : chroma)
        for (const layer of layers) lay(values, width, plane, layer)
        return values
      })
      const before = guards(target, size)
      kernel.compose(target, base, width, height, list, layers.length)
      const [result, after] = [picture(target, size), guards(target, size)]
      release(...layers.map(({ sprite }) => sprite))
      for (const address of [base - GUARD, target - GUARD, list]) arena.release(address)
      expect(result).toEqual(expected)
      expect(after).toEqual(before)
    }),
    { numRuns: 200 },
  )
})

it('flatten is the same onto nothing, alpha too, and its spans are exactly what is not transparent', () => {
  fc.assert(
    fc.property(fc.record(shows), ({ width, height, spots }) => {
      const list = arena.alloc(LAYER_BYTES * 9)
      const spans = { luma: arena.alloc(height * 8), chroma: arena.alloc(height * 4) }
      const flat = makeSprite(width, height, () => 77)
      const whole = { left: 0, top: 0, right: width, bottom: height }
      const layers = spots.map(one => placed(one, width, height))
      for (const [n, layer] of layers.entries()) writeLayer(words, list / 4 + (n + 1) * LAYER_WORDS, layer)
      writeLayer(words, list / 4, { sprite: { ...flat, spans }, x: 0, y: 0, opacity: 32_768, ...whole })
      const planes = [...planesAt(flat.y, flat.u, flat.v), ...alphasAt(flat.a, flat.ac)]
      const expected = planes.map(plane => {
        const values = Array<number>((width / plane.half) * (height / plane.half)).fill(0)
        for (const layer of layers) lay(values, width, plane, layer)
        return values
      })
      kernel.flatten(list, list + LAYER_BYTES, layers.length)
      const result = planes.map((plane, n) => picture(plane.at, expected[n].length))
      const found = [
        { ...planes[3], spans: [...words.subarray(spans.luma / 4, spans.luma / 4 + height * 2)] },
        { ...planes[4], spans: [...words.subarray(spans.chroma / 4, spans.chroma / 4 + height)] },
      ]
      release(flat, ...layers.map(({ sprite }) => sprite))
      for (const address of [list, spans.luma, spans.chroma]) arena.release(address)
      expect(result).toEqual(expected)
      for (const [n, { half, spans }] of found.entries())
        expect(spans).toEqual([...spansOf(Uint8Array.from(expected[3 + n]), width / half)])
    }),
    { numRuns: 100 },
  )
})
