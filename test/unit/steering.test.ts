import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { cameraFacts } from '../../nodes/ui-vistter-cameras/status.ts'
import { isSeen } from '../../nodes/ui-vistter-cameras/steer/seen.ts'
import { Steering } from '../../nodes/ui-vistter-cameras/steer/steering.ts'
import { ofGamepad, ofKeys, ofStick, STANDS, together } from '../../nodes/ui-vistter-cameras/steer/velocity.ts'
import { heldBy, placeWords } from '../../nodes/ui-vistter-cameras/steer/words.ts'
import type { PtzRequest } from '../../runtime/contract/generated/openapi.v1.ts'

/** A camera at the other end of a line that takes its time. */
let sent: PtzRequest[]
let failures: unknown[]
let answer: () => Promise<void>
let override: boolean
let steering: Steering

beforeEach(() => {
  vi.useFakeTimers()
  sent = []
  failures = []
  override = false
  answer = async () => {}
  steering = new Steering({
    send: request => {
      sent.push(request)
      return answer()
    },
    failed: thrown => failures.push(thrown),
    override: () => override,
  })
  steering.speed = 1
})
afterEach(() => vi.useRealTimers())

const RIGHT = { pan: 1, tilt: 0, zoom: 0 }
const UP = { pan: 0, tilt: 1, zoom: 0 }
const after = (ms: number) => vi.advanceTimersByTimeAsync(ms)

test('what is held is renewed well before the appliance ends it; let go, it is stopped, once', async () => {
  steering.hold('keys', RIGHT)
  expect(sent).toEqual([{ move: RIGHT }])
  await after(1_000)
  expect(sent.length).toBeGreaterThanOrEqual(6)
  expect(new Set(sent.map(request => JSON.stringify(request))).size).toBe(1)
  steering.hold('keys', STANDS)
  expect(sent.at(-1)).toEqual({ stop: true })
  const count = sent.length
  await after(2_000)
  expect(sent).toHaveLength(count)
})

test('a dragged stick is followed, at twenty moves a second at most, and the newest counts', async () => {
  for (let ms = 0; ms < 1_000; ms += 10) {
    steering.hold('stick', { pan: ms / 1_000, tilt: 0, zoom: 0 })
    await after(10)
  }
  expect(sent.length).toBeGreaterThan(15)
  expect(sent.length).toBeLessThanOrEqual(21)
  await after(50)
  expect(sent.at(-1)).toEqual({ move: { pan: 0.99, tilt: 0, zoom: 0 } })
})

test('a slow camera gets no queue of moves, and a stop at once; again, where a move may have come after it', async () => {
  answer = () => new Promise(resolve => setTimeout(resolve, 2_000))
  steering.hold('stick', RIGHT)
  await after(1_000)
  expect(sent).toHaveLength(3)
  steering.letGo()
  expect(sent).toEqual([{ move: RIGHT }, { move: RIGHT }, { move: RIGHT }, { stop: true }])
  // A gamepad is looked at all the time.
  for (let n = 0; n < 60; n++) {
    steering.hold('gamepad', STANDS)
    await after(50)
  }
  expect(sent.slice(3)).toEqual([{ stop: true }, { stop: true }])
})

test('several hands add up; the speed is a share of the full one; viewers may see it only where somebody said so', () => {
  steering.speed = 0.5
  override = true
  steering.hold('stick', RIGHT)
  expect(sent).toEqual([{ move: { pan: 0.5, tilt: 0, zoom: 0 }, override: true }])
  expect(together([RIGHT, RIGHT, UP], 0.5)).toEqual({ pan: 0.5, tilt: 0.5, zoom: 0 })
  expect(together([RIGHT, { ...RIGHT, pan: -1 }], 1)).toEqual(STANDS)
})

test('what is refused is told once, and not tried again before it was let go', async () => {
  answer = () => Promise.reject(new Error('held by ben'))
  steering.hold('gamepad', RIGHT)
  await after(1_000)
  steering.hold('gamepad', UP)
  await after(1_000)
  expect(sent).toEqual([{ move: RIGHT }])
  expect(failures).toHaveLength(1)
  answer = async () => {}
  steering.hold('gamepad', STANDS)
  steering.hold('gamepad', UP)
  expect(sent.at(-1)).toEqual({ move: UP })
})

test('a stick rests in its middle, is gentle near it, and never faster than full speed', () => {
  expect(ofStick(0.05, -0.05)).toEqual(STANDS)
  expect(ofStick(0.4, 0).pan).toBeLessThan(0.2)
  expect(ofStick(0, 1)).toEqual(UP)
  const { pan, tilt } = ofStick(-3, 3)
  expect(Math.hypot(pan, tilt)).toBeCloseTo(1)
  expect(pan).toBeCloseTo(-tilt)
})

test('keys and gamepads mean the same everywhere', () => {
  expect(ofKeys(['ArrowUp', 'ArrowRight'])).toEqual({ pan: 1, tilt: 1, zoom: 0 })
  expect(ofKeys(['ArrowLeft', 'ArrowRight', '+'])).toEqual({ pan: 0, tilt: 0, zoom: 1 })
  expect(ofKeys(['x'])).toEqual(STANDS)
  expect(ofGamepad([], [])).toEqual(STANDS)
  // Browsers count downwards as positive.
  expect(ofGamepad([0, -1, 0, -1], [])).toEqual({ pan: 0, tilt: 1, zoom: 1 })
  expect(ofGamepad([0, 0, 0, 0], [0, 0, 0, 0, 0, 0, 1, 0])).toEqual({ pan: 0, tilt: 0, zoom: -1 })
})

test('a camera is seen on a program, and as the feed of a destination that was started', () => {
  const live = {
    programs: { main: { source: 'nave' } },
    destinations: {
      a: { source: { camera: 'tower' }, started: true },
      b: { source: { camera: 'door' }, started: false },
    },
  } as unknown as Parameters<typeof isSeen>[0]
  expect(['nave', 'tower', 'door', 'pier'].map(camera => isSeen(live, camera))).toEqual([true, true, false, false])
})

test('where it is and who holds it is told in words', () => {
  const state = { reachable: true, moving: false, currentPreset: null }
  expect(placeWords(undefined)).toBe('It cannot be moved')
  expect(placeWords({ ...state, reachable: false })).toBe('It does not answer')
  expect(placeWords({ ...state, moving: true, presetName: 'Altar' })).toBe('Moving…')
  expect(placeWords({ ...state, presetName: 'Altar' })).toBe('At “Altar”')
  const position = { pan: -0.25, tilt: 0.1, zoom: 0.5 }
  expect(placeWords({ ...state, position })).toBe('Stands at −0.25, 0.10; zoom 50 %')
  expect(heldBy({ ...state, heldBy: 'ben' }, 'anna')).toBe('ben')
  expect(heldBy({ ...state, heldBy: 'anna' }, 'anna')).toBeUndefined()
})

test('a camera says where it is, since when no picture came, and who else has it', () => {
  const state = {
    status: 'online',
    lastFrameAt: '2026-01-01T00:00:00.000Z',
    currentPreset: null,
    moving: false,
  } as const
  const ptz = { reachable: true, moving: false, currentPreset: null }
  const said = (more: object) =>
    cameraFacts({ state: { ...state, video: null, ...more } }, Date.UTC(2026, 0, 1, 0, 4), 'anna')
  expect(said({})).toBe('')
  expect(said({ status: 'offline' })).toBe('last picture 4 min ago')
  expect(said({ ptz: { ...ptz, presetName: 'Altar', heldBy: 'ben' } })).toBe('at “Altar” · held by ben')
  expect(said({ ptz: { ...ptz, moving: true, presetName: 'Altar', heldBy: 'anna' } })).toBe('moving')
  expect(said({ ptz: { ...ptz, reachable: false } })).toBe('cannot be moved now')
})
