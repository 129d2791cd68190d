import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { VistterError } from '../../runtime/contract/errors.ts'
import type { Stillness } from '../../runtime/contract/generated/engine.v1.ts'
import { arrival } from '../../runtime/control/cameras/ptz/arrival.ts'
import { Connection } from '../../runtime/control/cameras/ptz/connection.ts'
import type { PtzDriver, PtzPosition } from '../../runtime/control/cameras/ptz/driver.ts'

/** The connection to a camera and the wait for an arrival, on a clock that the test turns. */
beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

const clock = { now: () => Date.now(), mono: () => Date.now() }
const HOME: PtzPosition = { pan: 0, tilt: 0, zoom: 0 }
const THERE: PtzPosition = { pan: 0.5, tilt: 0, zoom: 0 }

/** A camera that answers at once; what a test needs to be otherwise, it says. */
function driver(otherwise: Partial<PtzDriver> = {}): PtzDriver {
  const nothing = async () => {}
  const can = { absolute: true, relative: true, continuous: true, presets: 0, moveStatus: true, home: false }
  return {
    capabilities: can,
    connect: nothing,
    position: async () => HOME,
    moving: async () => false,
    ...{ move: nothing, stop: nothing, goTo: nothing, recall: nothing, removePreset: nothing },
    presets: async () => [],
    savePreset: async () => '1',
    ...otherwise,
  }
}

/** The seconds at which a camera is tried that refuses with `code`. */
async function tries(code: 'PTZ_UNREACHABLE' | 'PTZ_AUTH'): Promise<number[]> {
  const begun = Date.now()
  const at: number[] = []
  const connect = async () => {
    at.push((Date.now() - begun) / 1_000)
    throw new VistterError(code, 'no')
  }
  const { connection } = watched(driver({ connect }))
  const following = connection.follow()
  await vi.advanceTimersByTimeAsync(100_000)
  connection.stop()
  await following
  await expect(connection.ask(async () => {})).rejects.toThrow(expect.objectContaining({ code }))
  return at
}

function watched(camera: PtzDriver) {
  const heard = { returned: 0 }
  const connection = new Connection({
    ...{ driver: camera, clock, changed: () => {}, random: () => 0.5 },
    returned: () => {
      heard.returned++
    },
  })
  return { connection, heard }
}

test('a camera that is away is tried ever more slowly, one that refuses the password slowly from the start', async () => {
  expect(await tries('PTZ_UNREACHABLE')).toEqual([0, 1, 3, 7, 15, 31, 61, 91])
  expect(await tries('PTZ_AUTH')).toEqual([0, 30, 60, 90])
})

test('it is tried at once when what stood between may be gone', async () => {
  const at: number[] = []
  const begun = Date.now()
  const connect = async () => {
    at.push((Date.now() - begun) / 1_000)
    if (at.length < 6) throw new VistterError('PTZ_NO_FLOW', 'no')
  }
  const { connection } = watched(driver({ connect }))
  const following = connection.follow()
  await vi.advanceTimersByTimeAsync(20_000)
  connection.retry()
  await vi.advanceTimersByTimeAsync(1_500)
  expect(at).toEqual([0, 1, 3, 7, 15, 20])
  expect(connection.reachable).toBe(true)
  connection.stop()
  await following
})

test('nonsense is no reason to give it up, silence is; it is tried again', async () => {
  let trouble: 'PTZ_BAD_ANSWER' | 'PTZ_TIMEOUT' | undefined
  const position = async () => {
    if (trouble) throw new VistterError(trouble, 'no')
    return HOME
  }
  const { connection, heard } = watched(driver({ position }))
  const following = connection.follow()
  await vi.advanceTimersByTimeAsync(100)
  expect([connection.reachable, connection.position, heard.returned]).toEqual([true, HOME, 1])
  trouble = 'PTZ_BAD_ANSWER'
  await vi.advanceTimersByTimeAsync(5_000)
  expect([connection.reachable, connection.error?.code]).toEqual([true, 'PTZ_BAD_ANSWER'])
  trouble = 'PTZ_TIMEOUT'
  const silent = connection.ask(camera => camera.position())
  await expect(silent).rejects.toThrow(expect.objectContaining({ code: 'PTZ_TIMEOUT' }))
  trouble = undefined
  await vi.advanceTimersByTimeAsync(1_000)
  expect([connection.reachable, connection.error, heard.returned]).toEqual([true, undefined, 2])
  connection.stop()
  await following
})

/** How long it took, or why not; all but `target` is what is told so many ms after the command. */
async function wait(
  target: PtzPosition | undefined,
  at: (ms: number) => PtzPosition | undefined,
  says: (ms: number) => unknown,
  shows: (ms: number) => Stillness = () => ({}),
) {
  const begun = Date.now()
  const camera = driver({
    position: async () => {
      const place = at(Date.now() - begun)
      if (!place) throw new VistterError('PTZ_UNSUPPORTED', 'no')
      return place
    },
    moving: async () => says(Date.now() - begun) as boolean | undefined,
  })
  const { signal } = new AbortController()
  const picture = async () => shows(Date.now() - begun)
  const way = { target, from: at(0), since: begun, clock, signal }
  const waiting = arrival({ ...way, ask: work => work(camera), picture, heard: () => {} }).then(
    () => Date.now() - begun,
    (error: VistterError) => error.code,
  )
  await vi.advanceTimersByTimeAsync(6_000)
  return waiting
}

test('arrived is who stands, and where it should', async () => {
  const after = (ms: number) => (now: number) => (now < ms ? HOME : THERE)
  // It says that it stands before it has begun, and is there before it says that it stands.
  expect(await wait(THERE, after(800), says(1_000))).toBe(1_000)
  // One that does not say is there when it has been in one place for a while.
  expect(await wait(THERE, after(800), () => undefined)).toBe(1_100)
  expect(await wait(undefined, after(100), says(700))).toBe(700)
  expect(await wait(THERE, after(9_000), () => false)).toBe('PTZ_NOT_ARRIVED')
  expect(
    await wait(
      undefined,
      now => ({ ...HOME, pan: now / 10_000 }),
      () => undefined,
    ),
  ).toBe('PTZ_NOT_ARRIVED')
})

/** What is seen of a camera whose picture moves from the one moment to the other. */
const seen = (from: number, to: number) => (now: number) => {
  if (now < from) return { stillMs: now }
  return now < to ? { stillMs: 0, movedAgoMs: 0 } : { stillMs: now - to, movedAgoMs: now - to }
}
const nowhere = () => undefined
const idle = () => false
const silent = () => undefined
const ON_THE_WAY: PtzPosition = { pan: 0.25, tilt: 0, zoom: 0 }
const travels = (ms: number) => (now: number) => {
  if (now < 200) return HOME
  return now < ms ? ON_THE_WAY : THERE
}

test('nobody is believed whose picture still moves, or has not begun to', async () => {
  // It says that it stands, and that it is there, before it has begun.
  expect(await wait(THERE, now => (now < 50 ? HOME : THERE), idle, seen(300, 1_600))).toBe(1_900)
  expect(await wait(undefined, nowhere, idle, seen(300, 1_600))).toBe(1_900)
  // Its picture is late by a second.
  expect(await wait(undefined, nowhere, idle, seen(1_200, 2_000))).toBe(2_300)
  // Its place is right and its picture wrong for a moment.
  expect(await wait(THERE, travels(800), says(1_000), seen(300, 1_100))).toBe(1_400)
})

test('an answer about the picture that does not come in time, or not at first, is no leave to believe', async () => {
  const lies = (now: number) => (now < 50 ? HOME : THERE)
  const stumbling = (now: number) => (now < 150 || (now > 700 && now < 1_100) ? {} : seen(300, 1_600)(now))
  expect(await wait(THERE, lies, idle, stumbling)).toBe(1_900)
  // When the picture has gone for good, the rest has to do.
  expect(await wait(THERE, lies, idle, now => (now < 700 ? seen(300, 1_600)(now) : {}))).toBe(2_100)
  expect(await wait(THERE, lies, idle)).toBe(400)
})

test('a camera that says nothing at all is believed by its picture', async () => {
  expect(await wait(undefined, nowhere, silent, seen(200, 900))).toBe(1_200)
  // It was there already, or its way shows nothing.
  expect(await wait(undefined, nowhere, silent, seen(9_000, 9_900))).toBe(1_500)
  expect(await wait(undefined, nowhere, silent, seen(200, 9_900))).toBe('PTZ_NOT_ARRIVED')
  expect(await wait(undefined, nowhere, silent)).toBe('PTZ_NOT_ARRIVED')
})

test('one that was there already is there when its picture has stood for a moment', async () => {
  expect(
    await wait(
      HOME,
      () => HOME,
      idle,
      now => ({ stillMs: now }),
    ),
  ).toBe(300)
})

test('water all over the picture is no motion of a camera that has told of its way', async () => {
  const water = (now: number) => ({ stillMs: now % 200, movedAgoMs: now % 200 })
  expect(await wait(THERE, travels(700), silent, water)).toBe(3_000)
  expect(await wait(undefined, nowhere, says(700), water)).toBe(2_700)
  // It had no way to tell of.
  expect(await wait(HOME, () => HOME, idle, water)).toBe(2_000)
  expect(await wait(undefined, nowhere, idle, water)).toBe('PTZ_NOT_ARRIVED')
})

const says = (ms: number) => (now: number) => now > 200 && now < ms
