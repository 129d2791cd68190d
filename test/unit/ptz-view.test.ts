import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Picture } from '../peers/media.ts'
import type { Position } from '../peers/ptz/head.ts'
import { scene } from '../peers/ptz/scene.ts'
import { positionOf, render, windowOf } from '../peers/ptz/view.ts'
import { viewOf } from '../peers/ptz/view-of.ts'

/** I420 as a decoder hands it out in 4:4:4. */
function decoded(i420: Uint8Array, width: number, height: number): Picture {
  const [cb, cr] = [width * height, (width * height * 5) / 4]
  const at = (x: number, y: number): [number, number, number] => {
    const chroma = (y >> 1) * (width / 2) + (x >> 1)
    return [i420[y * width + x], i420[cb + chroma], i420[cr + chroma]]
  }
  return { width, height, data: Buffer.from(i420), at }
}

function worst(seen: Position | undefined, real: Position): number {
  if (!seen) return Number.POSITIVE_INFINITY
  return Math.max(Math.abs(seen.pan - real.pan), Math.abs(seen.tilt - real.tilt), Math.abs(seen.zoom - real.zoom))
}

test('a position and its window are two names of one thing', () => {
  expect(windowOf({ pan: -1, tilt: 1, zoom: 0 })).toEqual({ x: 0, y: 0, width: 1_280, height: 720 })
  expect(windowOf({ pan: 0, tilt: 0, zoom: 1 })).toEqual({ x: 1_120, y: 630, width: 320, height: 180 })
  expect(positionOf(windowOf({ pan: 0.3, tilt: -0.7, zoom: 0.4 })).tilt).toBeCloseTo(-0.7, 12)
})

test('where the camera looks can be read back from its picture, anywhere, at any zoom', () => {
  const place = fc.record({
    pan: fc.double({ min: -1, max: 1, noNaN: true }),
    tilt: fc.double({ min: -1, max: 1, noNaN: true }),
    zoom: fc.double({ min: 0, max: 1, noNaN: true }),
  })
  fc.assert(
    fc.property(place, real => {
      const seen = viewOf(decoded(render(scene(), windowOf(real), 640, 360), 640, 360))
      expect(worst(seen, real)).toBeLessThan(0.004)
    }),
    { numRuns: 60 },
  )
})

test('a bar laid over a fifth of the picture does no harm, and a picture of something else is not read', () => {
  const real = { pan: -0.35, tilt: 0.6, zoom: 0.2 }
  const covered = render(scene(), windowOf(real), 640, 360)
  covered.fill(180, 640 * 280, 640 * 352)
  expect(worst(viewOf(decoded(covered, 640, 360)), real)).toBeLessThan(0.004)
  const other = Uint8Array.from(covered, (_, n) => (n * 2_654_435_761) >>> 24)
  expect(viewOf(decoded(other, 640, 360))).toBeUndefined()
  expect(viewOf(decoded(new Uint8Array(covered.length).fill(128), 640, 360))).toBeUndefined()
})

test('720p shows the same place', () => {
  const real = { pan: 1, tilt: -1, zoom: 1 }
  expect(worst(viewOf(decoded(render(scene(), windowOf(real), 1_280, 720), 1_280, 720)), real)).toBeLessThan(0.004)
})
