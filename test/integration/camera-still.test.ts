import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Take } from '../../runtime/contract/generated/engine.v1.ts'
import { OnvifDriver } from '../../runtime/control/cameras/onvif/driver.ts'
import { Head } from '../../runtime/control/cameras/ptz/head.ts'
import { systemClock } from '../../runtime/lib/clock.ts'
import * as stages from '../peers/engine-stage.ts'
import { decodeErrors, type Picture, pictures, thumbnails } from '../peers/media.ts'
import { viewOf } from '../peers/ptz/view-of.ts'
import { PtzCamera } from '../peers/ptz-camera.ts'
import { until } from '../peers/run.ts'

/**
 * A camera swings behind the still of its last picture, and is shown again when its picture stands, although it says all
 * the time that it stands and never where it looks. What viewers saw of it is decoded.
 */
const FRAME = 100 / 3
const FADE = 15
const camera = new PtzCamera({
  ...{ discoveryPort: 0, address: '127.0.0.49', noise: true },
  faults: { alwaysIdle: true, noPosition: true },
})
const stage = new stages.EngineStage()
const slate = { kind: 'slate', id: 'slate', name: 'Slate', title: 'One moment', subtitle: '' } as const
const THERE = { pan: 0.5, tilt: -0.3, zoom: 0.4 }
const BY = { name: 'test', rank: 'cue' } as const

/** Program frames since the take of the camera. */
const told: Record<'frozen' | 'revealed' | 'frozenAgain' | 'slate', number> = {
  ...{ frozen: 30, revealed: 0, frozenAgain: 0, slate: 0 },
}
let swing = { stood: 0, arrived: 0 }
let frames: Buffer[] = []
let file = ''
/** The frame that shows the camera first. */
let first = 0

beforeAll(async () => {
  await camera.start()
  const { url, username, password, address: host, port } = camera
  const head = new Head({
    driver: new OnvifDriver({ host, port, username, password }, systemClock),
    clock: systemClock,
    picture: async () => stage.engine.sources.stillness.ask('cam'),
    changed: () => {},
    returned: () => {},
  })
  void head.follow()
  const source = stages.camera('cam', url, { username, password })
  await stage.show([source, slate], [stages.program('main', '640x360', '30', 'slate')])
  const online = () => stage.engine.state().sources.some(({ id, status }) => id === 'cam' && status === 'online')
  await until('the camera is online', () => online() && head.reachable, { timeoutMs: 20_000 })
  await stage.record({ videoBitrate: 6_000 })
  await stage.produce('main', 15)

  const begun = Math.ceil(systemClock.now()) + 400
  const at = (frame: number) => begun + frame * FRAME
  /** A frame that is to come, in threes because that is a whole tenth of a second. */
  const soon = () => 3 * Math.ceil((systemClock.now() + 250 - begun) / 100)
  const take = (frame: number, what: Omit<Take, 'id' | 'why' | 'at'>) => stage.take({ ...what, at: at(frame) })
  const reached = (frame: number) => until(`frame ${frame}`, () => systemClock.now() > at(frame), { everyMs: 10 })

  await take(0, { source: 'cam' })
  await reached(0)
  await take(told.frozen, { source: 'cam', still: true })
  await reached(told.frozen)
  const { arrival } = await head.go(BY, { position: THERE })
  // Whoever commands the engine now is another one, who wants the same.
  await stage.engine.apply(structuredClone(stage.desired))
  const stood = until('it stands', () => !camera.moving && camera.position.pan === THERE.pan, { everyMs: 5 }).then(() =>
    systemClock.mono(),
  )
  await arrival
  swing = { arrived: systemClock.mono(), stood: await stood }
  told.revealed = soon()
  await take(told.revealed, { source: 'cam', transition: { type: 'fade', durationMs: FADE * FRAME } })
  await reached(told.revealed + FADE + 20)
  told.frozenAgain = soon()
  await take(told.frozenAgain, { source: 'cam', still: true })
  await reached(told.frozenAgain)
  await Promise.all([head.stop(), camera.stop()])
  told.slate = told.frozenAgain + 90
  await take(told.slate, { source: 'slate' })
  await reached(told.slate + 10)
  const recorded = await stage.recorded()
  file = recorded.main ?? ''
  frames = await thumbnails(file, 32, 18)
  first = frames.findIndex(frame => apart(frame, frames[0]) > 8)
}, 60_000)
afterAll(async () => {
  await camera.stop()
  await stage.end()
})

const frame = (n: number): Buffer => frames[first + n] ?? Buffer.alloc(0)
const span = (from: number, to: number) => Array.from({ length: to - from }, (_, n) => frame(from + n))

/** The mean difference of two small pictures, in levels. */
function apart(one: Buffer, other: Buffer | undefined): number {
  return other ? one.reduce((sum, value, n) => sum + Math.abs(value - (other[n] ?? 0)), 0) / one.length : 255
}

async function view(n: number): Promise<ReturnType<typeof viewOf>> {
  const [picture] = await pictures(file, first + n)
  return viewOf(picture as Picture)
}

/** A picture that is coded anew each time differs by this much from itself; the scene's noise is not in a still. */
const SAME = 0.6

test('the still is of the frame of its moment and lasts until the reveal; viewers see nothing of the way', async () => {
  expect(await decodeErrors(file)).toBe('')
  // Before it the picture lives: the camera's clock counts in it.
  const living = span(3, told.frozen).filter((one, n) => apart(one, frame(n + 2)) > 0)
  expect(living.length).toBeGreaterThan(15)
  const still = span(told.frozen, told.revealed)
  expect(Math.max(...still.map(one => apart(one, frame(told.frozen + 10))))).toBeLessThan(SAME)
  expect(await view(told.revealed - 1)).toMatchObject({ pan: expect.closeTo(0, 1), zoom: expect.closeTo(0, 1) })
})

test('the camera is believed only when its picture stands, and soon after', async () => {
  const late = swing.arrived - swing.stood
  expect(late).toBeGreaterThan(0)
  expect(late).toBeLessThan(1_500)
  for (const n of [FADE, FADE + 8, FADE + 16]) {
    const seen = await view(told.revealed + n)
    for (const axis of ['pan', 'tilt', 'zoom'] as const) expect(seen?.[axis]).toBeCloseTo(THERE[axis], 2)
  }
})

test('the fade begins on exactly its frame, is even, and ends on the living picture', () => {
  const [before, after] = [frame(told.revealed - 1), frame(told.revealed + FADE)]
  const way = apart(before, after)
  span(told.revealed, told.revealed + FADE).forEach((one, n) => {
    const share = (n + 1) / (FADE + 1)
    expect(apart(one, before) / way, `frame ${n} of the fade`).toBeCloseTo(share, 1)
  })
})

test('a still outlives its camera, nothing is ever black, and not a frame is missing', () => {
  const still = span(told.frozenAgain, told.slate)
  expect(Math.max(...still.map(one => apart(one, frame(told.frozenAgain + 10))))).toBeLessThan(SAME)
  expect(apart(frame(told.slate), frames[0])).toBeLessThan(SAME)
  expect(apart(frame(told.slate - 1), frames[0])).toBeGreaterThan(8)
  const dark = frames.filter(one => one.reduce((sum, value) => sum + value, 0) / one.length < 20)
  expect(dark).toEqual([])
  const [{ dropped = 0, repeated = 0 } = {}] = stage.engine.state().programs.map(program => program.frames)
  expect(dropped + repeated).toBe(0)
})
