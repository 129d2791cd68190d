import fc from 'fast-check'
import { default as jsQR } from 'jsqr'
import { expect, test } from 'vitest'
import { drawSprite } from '../../runtime/engine/graphics/draw.ts'
import type { Drawing } from '../../runtime/engine/graphics/jobs.ts'
import type { Planes } from '../../runtime/engine/graphics/yuv.ts'
import { differenceOf } from './golden.ts'
import { GOLDENS, text } from './goldens.ts'

test.each(GOLDENS)('$name looks as it did', async golden => {
  expect(await differenceOf(golden)).toBe('')
})

test.each([
  ['https://example.org/live?show=4711', 'L'],
  ['Zürich 東京 ✓', 'M'],
  ['0123456789'.repeat(20), 'Q'],
  ['WIFI:T:WPA;S:Harbour;P:secret;;', 'H'],
] as const)('the QR code of %s (%s) can be read', async (value, level) => {
  const natural = { width: 300, height: 260 }
  const { width, height, y } = await drawSprite({ drawing: { kind: 'qr', qr: { value, level }, natural }, scale: 1 })
  const rgba = new Uint8ClampedArray(width * height * 4)
  for (const [i, luma] of y.entries()) rgba.set([luma, luma, luma, 255], i * 4)
  expect(jsQR.default(rgba, width, height)?.data).toBe(value)
})

test('a QR code that has no room for its words is refused', async () => {
  const drawing: Drawing = {
    kind: 'qr',
    qr: { value: 'ä'.repeat(1_000), level: 'H' },
    natural: { width: 200, height: 200 },
  }
  await expect(drawSprite({ drawing, scale: 1 })).rejects.toMatchObject({ code: 'OVERLAY_TOO_LARGE' })
})

/** BT.709, limited range, by the definition (ITU-R BT.709-6, 3.2 to 3.5) and nothing of the code under test. */
function bt709(red: number, green: number, blue: number): { y: number; u: number; v: number } {
  const luma = (0.2126 * red + 0.7152 * green + 0.0722 * blue) / 255
  return {
    y: 16 + 219 * luma,
    u: 128 + (224 * (blue / 255 - luma)) / (2 * (1 - 0.0722)),
    v: 128 + (224 * (red / 255 - luma)) / (2 * (1 - 0.2126)),
  }
}

test('colours are right in BT.709 limited range, with and without alpha, to within 2 of 255', async () => {
  const natural = { width: 8, height: 8 }
  const hex = (value: number) => value.toString(16).padStart(2, '0')
  const byte = fc.integer({ min: 0, max: 255 })
  await fc.assert(
    fc.asyncProperty(byte, byte, byte, byte, async (red, green, blue, alpha) => {
      const color = `#${[red, green, blue, alpha].map(hex).join('')}`
      const planes = await drawSprite({
        drawing: { kind: 'shape', shape: { type: 'rectangle', color }, natural },
        scale: 1,
      })
      const wanted = bt709(red, green, blue)
      const share = alpha / 255
      for (const [plane, at] of [
        ['y', 27],
        ['u', 5],
        ['v', 5],
      ] as const)
        expect(Math.abs(planes[plane][at] - wanted[plane] * share)).toBeLessThanOrEqual(2)
      expect(Math.abs(planes.a[27] - alpha)).toBeLessThanOrEqual(1)
      expect(Math.abs(planes.ac[5] - alpha)).toBeLessThanOrEqual(1)
    }),
    { numRuns: 300 },
  )
})

const rowsWithInk = ({ a, width, height }: Planes): number[] =>
  Array.from({ length: height }, (_, row) => row).filter(row =>
    a.subarray(row * width, (row + 1) * width).some(Boolean),
  )

test('what stands out of a box is in the bitmap, and nothing empty is', async () => {
  const plain = await drawSprite({ drawing: text('Tall', { size: 60 }, { width: 20, height: 20 }), scale: 1 })
  expect(plain.top).toBeGreaterThan(0)
  expect(plain.width).toBeGreaterThan(80)
  const rows = rowsWithInk(plain)
  expect(rows[0]).toBeLessThanOrEqual(1)
  expect(rows.at(-1)).toBeGreaterThanOrEqual(plain.height - 2)

  const shadow = { color: '#000000', x: -30, y: 20, blur: 10 }
  const cast = await drawSprite({ drawing: text('Tall', { size: 60, shadow }, { width: 200, height: 80 }), scale: 0.5 })
  expect(cast.left).toBeGreaterThanOrEqual(14)
  expect(cast.left).toBeLessThanOrEqual(26)
  const quarter: Drawing = {
    kind: 'shape',
    shape: { type: 'rectangle', color: '#ffffff' },
    natural: { width: 100, height: 40 },
    rotation: 90,
  }
  const turned = await drawSprite({ drawing: quarter, scale: 1 })
  expect(turned).toMatchObject({ width: 40, height: 100, left: -30, top: 30 })
  expect(turned.a.every(alpha => alpha === 255)).toBe(true)
})

test('a missing character is a box, and named', async () => {
  const drawn = await drawSprite({ drawing: text('a\u{12000}b'), scale: 1 })
  expect(drawn.missing).toEqual(['\u{12000}'])
  const boxed = await drawSprite({ drawing: text('a□b'), scale: 1 })
  expect(boxed.missing).toEqual([])
  expect(drawn.y).toEqual(boxed.y)
})
