import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { LAYER_BYTES, LAYER_WORDS, opacityOf, type Placed, writeLayer } from '../../runtime/engine/kernel/kernel.ts'
import { frameBytes } from '../../runtime/engine/memory/ring.ts'
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
  worst,
} from './kernel-pictures.ts'

/** The float formula, plane by plane. */
function model(picture: number[], width: number, height: number, { sprite, x, y, opacity, ...clip }: Placed): number[] {
  const out = [...picture]
  const o = Math.min(32_767, opacity) >= 32_767 ? 1 : opacity / 32_768
  const plane = (base: number, half: 1 | 2, p: number, a: number) => {
    const down = (value: number) => Math.floor(value / half)
    const [w, sw, sh] = [width / half, sprite.width / half, sprite.height / half]
    const [px, py] = [Math.floor(x / half), Math.floor(y / half)]
    for (let row = Math.max(py, down(clip.top)); row < Math.min(py + sh, down(clip.bottom)); row++)
      for (let column = Math.max(px, down(clip.left)); column < Math.min(px + sw, down(clip.right)); column++) {
        const from = (row - py) * sw + column - px
        const at = base + row * w + column
        out[at] = (out[at] * (255 - bytes[a + from] * o)) / 255 + bytes[p + from] * o
      }
  }
  const luma = width * height
  plane(0, 1, sprite.y, sprite.a)
  plane(luma, 2, sprite.u, sprite.ac)
  plane(luma * 1.25, 2, sprite.v, sprite.ac)
  return out
}

describe('compose', () => {
  it('is the float formula within 1 for any size, position, opacity and clip, and writes nothing outside', () => {
    const spot = fc.record({
      x: fc.integer({ min: -70, max: 90 }),
      y: fc.integer({ min: -50, max: 60 }),
      opacity: fc.oneof(fc.constant(32_768), fc.integer({ min: 0, max: 32_768 })),
      edges: fc.array(share(), { minLength: 4, maxLength: 4 }),
      whole: fc.boolean(),
    })
    fc.assert(
      fc.property(even(2, 80), even(2, 52), even(2, 70), even(2, 40), spot, (width, height, sw, sh, spot) => {
        const size = frameBytes(width, height)
        const [base, target, list] = [makeFrame(width, height), makeFrame(width, height), arena.alloc(LAYER_BYTES)]
        const sprite = makeSprite(sw, sh, anyAlpha)
        const [l, r] = [spot.edges[0], spot.edges[1]].map(e => Math.round(e * width)).sort((a, b) => a - b)
        const [t, b] = [spot.edges[2], spot.edges[3]].map(e => Math.round(e * height)).sort((a, b) => a - b)
        const clip = spot.whole
          ? { left: 0, top: 0, right: width, bottom: height }
          : { left: l, top: t, right: r, bottom: b }
        const placed: Placed = { sprite, x: spot.x, y: spot.y, opacity: spot.opacity, ...clip }
        const expected = model(picture(base, size), width, height, placed)
        const before = guards(target, size)
        writeLayer(words, list / 4, placed)
        kernel.compose(target, base, width, height, list, 1)
        const error = worst(target, expected)
        const after = guards(target, size)
        release(sprite)
        for (const address of [base - GUARD, target - GUARD, list]) arena.release(address)
        expect(error).toBeLessThanOrEqual(1)
        expect(after).toEqual(before)
      }),
      { numRuns: 150 },
    )
  })

  it('gives opacity 128/255 within 2 of 255 of exact', () => {
    const [base, target, list] = [makeFrame(64, 32), makeFrame(64, 32), arena.alloc(LAYER_BYTES)]
    const sprite = makeSprite(64, 32, () => 255)
    bytes.fill(235, sprite.y, sprite.y + 64 * 32)
    bytes.fill(16, base, base + 64 * 32)
    const whole = { left: 0, top: 0, right: 64, bottom: 32 }
    writeLayer(words, list / 4, { sprite, x: 0, y: 0, opacity: opacityOf(128 / 255), ...whole })
    kernel.compose(target, base, 64, 32, list, 1)
    expect(Math.abs(bytes[target + 100] - (16 + (219 * 128) / 255))).toBeLessThanOrEqual(1)
  })
})

it('flattening still layers and blending the result is blending them one by one, within a rounding each', () => {
  const whole = { left: 0, top: 0, right: 96, bottom: 40 }
  const layer = fc.record({
    x: fc.integer({ min: -40, max: 90 }),
    y: fc.integer({ min: -20, max: 38 }),
    opacity: fc.integer({ min: 1, max: 32_768 }),
  })
  fc.assert(
    fc.property(fc.array(layer, { minLength: 2, maxLength: 3 }), layers => {
      const [base, target, list] = [makeFrame(96, 40), makeFrame(96, 40), arena.alloc(LAYER_BYTES * 4)]
      const spans = { luma: arena.alloc(40 * 8), chroma: arena.alloc(40 * 4) }
      const flat = makeSprite(96, 40, () => 77)
      const placed = layers.map((spot): Placed => ({ sprite: makeSprite(48, 24, anyAlpha), ...spot, ...whole }))
      let expected = picture(base, frameBytes(96, 40))
      for (const one of placed) expected = model(expected, 96, 40, one)
      for (const [n, one] of placed.entries()) writeLayer(words, list / 4 + (n + 1) * LAYER_WORDS, one)
      writeLayer(words, list / 4, { sprite: { ...flat, spans }, x: 0, y: 0, opacity: 32_768, ...whole })
      kernel.flatten(list, list + LAYER_BYTES, placed.length)
      kernel.compose(target, base, 96, 40, list, 1)
      const error = worst(target, expected)
      release(flat, ...placed.map(({ sprite }) => sprite))
      for (const address of [base - GUARD, target - GUARD, list, spans.luma, spans.chroma]) arena.release(address)
      // Half a step in colour and half in alpha for each layer, and half when the flat one is blended.
      expect(error).toBeLessThanOrEqual(layers.length + 0.5)
    }),
    { numRuns: 60 },
  )
})

describe('pictures between two pictures', () => {
  const [width, height] = [36, 20]
  const size = frameBytes(width, height)
  const [from, to, target] = [makeFrame(width, height), makeFrame(width, height), makeFrame(width, height)]

  it('crossfade is the float formula within 1 at every weight', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 32_767 }), weight => {
        kernel.crossfade(target, from, to, size, weight)
        const expected = picture(from, size).map((value, n) => value + ((bytes[to + n] - value) * weight) / 32_768)
        expect(worst(target, expected)).toBeLessThanOrEqual(1)
      }),
    )
  })

  const lumaFrom = (x: number, y: number) => bytes[from + y * width + x]
  const lumaTo = (x: number, y: number) => bytes[to + y * width + x]
  const ways = [-1, 0, 1].flatMap(dx => [-1, 0, 1].map(dy => [dx, dy] as const)).filter(([dx, dy]) => dx || dy)

  it.each(ways)(
    'wipe (%i, %i) shows each pixel of one picture or the other, on the right side of its edge',
    (dx, dy) => {
      for (const progress of [0, 0.2, 0.5, 0.9, 1]) {
        bytes.fill(0, target, target + size)
        kernel.wipe(target, from, to, width, height, dx, dy, progress)
        for (let y = 0; y < height; y++)
          for (let x = 0; x < width; x++) {
            const across = dx === 0 ? 0 : dx > 0 ? (x + 0.5) / width : 1 - (x + 0.5) / width
            const down = dy === 0 ? 0 : dy > 0 ? (y + 0.5) / height : 1 - (y + 0.5) / height
            const reached = (across + down) / (Math.abs(dx) + Math.abs(dy))
            const value = bytes[target + y * width + x]
            if (reached < progress - 0.06) expect(value).toBe(lumaTo(x, y))
            else if (reached > progress + 0.06) expect(value).toBe(lumaFrom(x, y))
            else expect([lumaTo(x, y), lumaFrom(x, y)]).toContain(value)
          }
      }
    },
  )

  it('slide puts one picture over the other at exactly its place, all three planes', () => {
    fc.assert(
      fc.property(fc.integer({ min: -20, max: 20 }), fc.integer({ min: -12, max: 12 }), (x, y) => {
        bytes.fill(0, target, target + size)
        kernel.slide(target, from, to, width, height, x, y)
        const expected: number[] = []
        for (const [base, half] of [
          [0, 1],
          [width * height, 2],
          [width * height * 1.25, 2],
        ] as const) {
          const [w, h] = [width / half, height / half]
          const [ox, oy] = [(x * 2) / half, (y * 2) / half]
          for (let row = 0; row < h; row++)
            for (let column = 0; column < w; column++) {
              const inside = column >= ox && column < ox + w && row >= oy && row < oy + h
              expected.push(
                inside ? bytes[to + base + (row - oy) * w + column - ox] : bytes[from + base + row * w + column],
              )
            }
        }
        expect(picture(target, size)).toEqual(expected)
      }),
    )
  })

  it('black is Y 16, C 128', () => {
    kernel.black(target, width, height)
    expect(picture(target, size)).toEqual([...Array(width * height).fill(16), ...Array((width * height) / 2).fill(128)])
  })
})
