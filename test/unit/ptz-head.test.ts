import fc from 'fast-check'
import { expect, test } from 'vitest'
import { HOME, type Position, PtzHead } from '../peers/ptz/head.ts'

const standing = (head: PtzHead, now: number) => !head.moving(now).panTilt && !head.moving(now).zoom
const pan = fc.double({ min: -1, max: 1, noNaN: true })
const zoom = fc.double({ min: 0, max: 1, noNaN: true })

test('an absolute move speeds up, cruises, brakes, and ends on the place to the last digit', () => {
  const head = new PtzHead()
  head.goTo(0, { pan: 0.6 })
  expect(head.at(0)).toEqual(HOME)
  // 1.2 a second is reached after 0.3 s and 0.18; the rest of the way is 0.24, another 0.2 s.
  expect(head.at(300).pan).toBeCloseTo(0.18, 9)
  expect(head.at(500).pan).toBeCloseTo(0.42, 9)
  expect(head.moving(799)).toEqual({ panTilt: true, zoom: false })
  expect(head.moving(801)).toEqual({ panTilt: false, zoom: false })
  expect(head.at(801)).toEqual({ pan: 0.6, tilt: 0, zoom: 0 })
})

test('a short way never reaches the full speed, and half the speed takes longer', () => {
  const head = new PtzHead()
  head.goTo(0, { tilt: 0.04 })
  expect(head.moving(199).panTilt).toBe(true)
  expect(head.at(201).tilt).toBe(0.04)
  const slow = new PtzHead()
  slow.goTo(0, { tilt: 0.6 }, { tilt: 0.5 })
  expect(slow.at(801).tilt).toBeLessThan(0.5)
  expect(slow.at(2_000).tilt).toBe(0.6)
})

test('a continuous move goes on until it is stopped, is not renewed, or the end is reached', () => {
  const head = new PtzHead()
  head.drive(0, { pan: 0.5, zoom: 1 }, 1_000)
  expect(head.moving(900)).toEqual({ panTilt: true, zoom: true })
  // Nobody asked at the very moment: it ended then all the same, and braking took 0.15 s.
  const rest = head.at(5_000)
  expect(rest.pan).toBeCloseTo(0.6 * 0.925 + 0.045, 6)
  expect(rest.zoom).toBe(1)
  head.drive(6_000, { pan: -1 }, 60_000)
  head.stop(6_500)
  expect(head.moving(6_790).panTilt).toBe(true)
  expect(standing(head, 6_801)).toBe(true)
  head.drive(7_000, { pan: 1, tilt: -1 }, 60_000)
  expect(head.at(20_000)).toEqual({ pan: 1, tilt: -1, zoom: 1 })
  expect(standing(head, 20_000)).toBe(true)
})

test('a relative move adds to where the camera is, also to where it is on its way', () => {
  const head = new PtzHead({ pan: 0.2, tilt: 0, zoom: 0.5 })
  head.shift(0, { pan: -0.3, zoom: 0.25 })
  expect(head.at(3_000)).toEqual({ pan: 0.2 - 0.3, tilt: 0, zoom: 0.75 })
  head.goTo(4_000, { pan: 1 })
  const { pan: there } = head.at(4_400)
  head.shift(4_400, { pan: -0.2 })
  expect(head.at(9_000).pan).toBeCloseTo(there - 0.2, 9)
})

test('whatever it is told, it never jumps, never leaves its range, and comes to rest where the last word sent it', () => {
  const order = fc.record({
    after: fc.integer({ min: 0, max: 1_500 }),
    to: fc.option(fc.record({ pan, tilt: pan, zoom }), { nil: undefined }),
    drive: fc.record({ pan, tilt: pan, zoom: pan }),
  })
  const steps = (head: PtzHead, from: number, to: number) => {
    let before = head.at(from)
    for (let now = from + 20; now <= to; now += 20) {
      const at = head.at(now)
      for (const axis of ['pan', 'tilt', 'zoom'] as const) {
        const least = axis === 'zoom' ? 0 : -1
        const fine = Math.abs(at[axis] - before[axis]) < 0.0241 && at[axis] > least - 1e-9 && at[axis] < 1 + 1e-9
        if (!fine) throw new Error(`${axis} from ${before[axis]} to ${at[axis]} at ${now} ms`)
      }
      before = at
    }
  }
  fc.assert(
    fc.property(
      fc.array(order, { minLength: 1, maxLength: 6 }),
      fc.record({ pan, tilt: pan, zoom }),
      (orders, last) => {
        const head = new PtzHead()
        let now = 0
        for (const { after, to, drive } of orders) {
          if (to) head.goTo(now, to)
          else head.drive(now, drive, 700)
          steps(head, now, now + after)
          now += after
        }
        head.goTo(now, last)
        steps(head, now, now + 6_000)
        expect(standing(head, now + 6_000)).toBe(true)
        expect(near(head.at(now + 6_000), last)).toBe(true)
      },
    ),
    { numRuns: 60 },
  )
})

const near = (a: Position, b: Position) =>
  Math.max(Math.abs(a.pan - b.pan), Math.abs(a.tilt - b.tilt), Math.abs(a.zoom - b.zoom)) < 1e-6
