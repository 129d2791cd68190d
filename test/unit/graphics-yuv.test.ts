import fc from 'fast-check'
import { expect, test } from 'vitest'
import { thinned } from '../../runtime/engine/graphics/thin.ts'
import { i420Of, planesOf, rgbaOf } from '../../runtime/engine/graphics/yuv.ts'

/** The formulas of ITU-R BT.709-6 for one colour (0..255, not premultiplied). */
function exact(red: number, green: number, blue: number) {
  const [r, g, b] = [red / 255, green / 255, blue / 255]
  const y = 0.2126 * r + 0.7152 * g + 0.0722 * b
  return { y: 16 + 219 * y, u: 128 + (224 * (b - y)) / 1.8556, v: 128 + (224 * (r - y)) / 1.5748 }
}

const flat = (colour: number[], width = 4, height = 2): Uint8Array =>
  Uint8Array.from({ length: width * height * 4 }, (_, i) => colour[i % 4])

test.each([
  ['black', [0, 0, 0], 16, 128, 128],
  ['white', [255, 255, 255], 235, 128, 128],
  ['red', [255, 0, 0], 63, 102, 240],
  ['green', [0, 255, 0], 173, 42, 26],
  ['blue', [0, 0, 255], 32, 240, 118],
])('%s has the values that BT.709 gives it', (_, colour, y, u, v) => {
  const planes = planesOf(flat([...colour, 255]), 4, 2)
  expect([planes.y[0], planes.u[0], planes.v[0], planes.a[0], planes.ac[0]]).toEqual([y, u, v, 255, 255])
})

const byte = fc.integer({ min: 0, max: 255 })

test('any colour of any opacity is within 1 of the exact premultiplied value', () => {
  fc.assert(
    fc.property(byte, byte, byte, byte, (r, g, b, alpha) => {
      const share = alpha / 255
      const premultiplied = [r, g, b].map(value => Math.round(value * share))
      const planes = planesOf(flat([...premultiplied, alpha]), 4, 2)
      // The exact value of what was given: 8-bit premultiplied colours have lost the rest already.
      const given = premultiplied.map(value => (share ? value / share : 0)) as [number, number, number]
      const { y, u, v } = exact(...given)
      expect(Math.abs(planes.y[0] - y * share)).toBeLessThanOrEqual(1)
      expect(Math.abs(planes.u[0] - u * share)).toBeLessThanOrEqual(1)
      expect(Math.abs(planes.v[0] - v * share)).toBeLessThanOrEqual(1)
      expect(planes.a[0]).toBe(alpha)
      expect(planes.ac[0]).toBe(alpha)
    }),
    { numRuns: 2_000 },
  )
})

test('a bitmap at half opacity over white is the mean of both, to within 2 of 255', () => {
  const { y, a } = planesOf(flat([64, 0, 0, 128]), 4, 2)
  const blended = Math.round((235 * (255 - a[0])) / 255 + y[0])
  expect(Math.abs(blended - (exact(127.5, 0, 0).y * 128 + 235 * 127) / 255)).toBeLessThanOrEqual(2)
})

test('chroma and its alpha are the mean of 2 x 2 pixels', () => {
  const rgba = new Uint8Array(16)
  rgba.set([255, 0, 0, 255])
  const { u, v, ac } = planesOf(rgba, 2, 2)
  const red = exact(255, 0, 0)
  expect([u[0], v[0], ac[0]]).toEqual([Math.round(red.u / 4), Math.round(red.v / 4), 64])
})

test('spans name the columns of each row that are not wholly transparent', () => {
  const rgba = new Uint8Array(8 * 4 * 4)
  rgba[(1 * 8 + 2) * 4 + 3] = 200
  rgba[(1 * 8 + 5) * 4 + 3] = 4
  const { spans } = planesOf(rgba, 8, 4)
  expect([...spans.luma]).toEqual([8, 8, 2, 6, 8, 8, 8, 8])
  expect([...spans.chroma]).toEqual([1, 3, 4, 4])
})

test('to video and back gives the colour again, to within the steps of 8 bits', () => {
  fc.assert(
    fc.property(byte, byte, byte, (r, g, b) => {
      const back = rgbaOf(i420Of(flat([r, g, b, 255]), 4, 2), 4, 2)
      for (const [i, value] of [r, g, b].entries()) expect(Math.abs(back[i] - value)).toBeLessThanOrEqual(2)
    }),
    { numRuns: 1_000 },
  )
})

test('a thinned frame keeps its colours and is at least as wide as wanted', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 8, max: 40 }),
      fc.integer({ min: 8, max: 40 }),
      fc.integer({ min: 2, max: 100 }),
      (w, h, wanted) => {
        const [width, height] = [w * 2, h * 2]
        const frame = new Uint8Array((width * height * 3) / 2).fill(50, 0, width * height).fill(90, width * height)
        frame.fill(200, (width * height * 5) / 4)
        const small = thinned({ frame, width, height }, wanted)
        const luma = small.width * small.height
        expect(small.frame.length).toBe((luma * 3) / 2)
        expect(small.width % 2).toBe(0)
        expect(small.height % 2).toBe(0)
        expect(small.width).toBeGreaterThanOrEqual(Math.min(width, wanted) - 2)
        expect(new Set(small.frame.subarray(0, luma))).toEqual(new Set([50]))
        expect(new Set(small.frame.subarray(luma, (luma * 5) / 4))).toEqual(new Set([90]))
        expect(new Set(small.frame.subarray((luma * 5) / 4))).toEqual(new Set([200]))
      },
    ),
  )
})
