import { expect, it } from 'vitest'
import { ALIKE, COLUMNS, likeness, ROWS } from '../../runtime/control/cameras/presets/likeness.ts'
import { greyOf, shrink } from '../../runtime/engine/ingest/grey.ts'
import { HOME, type Position } from '../peers/ptz/head.ts'
import { scene } from '../peers/ptz/scene.ts'
import { render, windowOf } from '../peers/ptz/view.ts'
import { random } from './random.ts'

/** Views of the scene of the virtual camera, as the engine makes them small. */
const [width, height] = [640, 360]

function view(at: Partial<Position>, change: (value: number, x: number, y: number) => number = value => value): Buffer {
  const picture = render(scene(), windowOf({ ...HOME, ...at }), width, height)
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const value = change(picture[y * width + x], x, y)
      picture[y * width + x] = Math.max(16, Math.min(235, value))
    }
  const grey = greyOf(COLUMNS, ROWS)
  shrink({ bytes: picture, at: 0, width, height }, grey)
  return Buffer.from(grey.cells)
}

it.each([
  { pan: 0.3, tilt: 0.1, zoom: 0 },
  { pan: -0.4, tilt: 0.5, zoom: 0.5 },
  { pan: 0.1, tilt: -0.2, zoom: 1 },
])('a view is like itself by any light, with noise and with people, and like no other: %o', at => {
  const kept = view(at)
  const next = random()
  const noisy = (value: number) => value + (next() - 0.5) * 40
  const evening = (value: number, x: number) => 20 + (value - 20) * (0.3 + (0.4 * x) / width)
  const people = (value: number, x: number, y: number) => (x > 200 && x < 300 && y > 150 ? 40 : value)
  for (const change of [noisy, evening, people]) expect(likeness(kept, view(at, change))).toBeGreaterThan(ALIKE)
  expect(likeness(kept, view({ ...at, pan: at.pan + 0.004, tilt: at.tilt - 0.004 }))).toBeGreaterThan(ALIKE)
  for (const other of [
    { ...at, pan: at.pan + 0.2 },
    { ...at, tilt: at.tilt - 0.15 },
    { ...at, zoom: at.zoom > 0.5 ? at.zoom - 0.2 : at.zoom + 0.2 },
    HOME,
  ])
    expect(likeness(kept, view(other))).toBeLessThan(0.6)
})

it('where nothing is to be seen nothing is said', () => {
  const black = view(HOME, () => 16)
  expect(likeness(black, view(HOME))).toBeUndefined()
  expect(likeness(view(HOME), Buffer.alloc(3))).toBeUndefined()
})
