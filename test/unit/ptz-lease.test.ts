import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it, test, vi } from 'vitest'
import type { PtzVelocity } from '../../runtime/control/cameras/ptz/driver.ts'
import { type Controller, Lease } from '../../runtime/control/cameras/ptz/lease.ts'
import { Motion } from '../../runtime/control/cameras/ptz/motion.ts'
import { OnAir } from '../../runtime/control/cameras/ptz/on-air.ts'

const anna: Controller = { name: 'anna', rank: 'operator' }
const ben: Controller = { name: 'ben', rank: 'operator' }
const cue: Controller = { name: 'the flow', rank: 'cue' }
const tour: Controller = { name: 'night round', rank: 'tour' }

describe('the lease of a camera', () => {
  it('stays with whoever moves it, for 5 s after the last move', () => {
    const lease = new Lease()
    expect(lease.ask(anna, 0)).toEqual({ granted: true })
    expect(lease.ask(ben, 1_000)).toEqual({ granted: false, by: anna, until: 5_000 })
    expect(lease.ask(anna, 4_000)).toEqual({ granted: true })
    expect(lease.ask(ben, 8_999)).toMatchObject({ granted: false, until: 9_000 })
    expect(lease.ask(ben, 9_000)).toEqual({ granted: true })
    expect(lease.holder(14_000)).toBeUndefined()
  })

  it('is taken by the higher rank only', () => {
    const lease = new Lease()
    lease.ask(tour, 0)
    expect(lease.ask(anna, 1)).toEqual({ granted: true })
    expect(lease.ask(tour, 2)).toMatchObject({ granted: false, by: anna })
    expect(lease.ask(cue, 3)).toEqual({ granted: true })
    expect(lease.ask(anna, 4)).toMatchObject({ granted: false, by: cue })
  })

  it('never has two holders, whoever asks and whenever', () => {
    const weight = { tour: 0, operator: 1, cue: 2 }
    const everybody = [anna, ben, cue, tour, { name: 'anna', rank: 'tour' } as const]
    const asks = fc.array(fc.record({ who: fc.constantFrom(...everybody), wait: fc.nat(7_000) }), { maxLength: 12 })
    fc.assert(
      fc.property(asks, steps => {
        const lease = new Lease()
        // What each was told, as a camera would see it: the last who was let in, until when.
        const inside = new Map<Controller, number>()
        let now = 0
        for (const { who, wait } of steps) {
          now += wait
          for (const [other, until] of inside) if (until <= now) inside.delete(other)
          const others = [...inside.keys()].filter(other => other !== who)
          const { granted } = lease.ask(who, now)
          const may = others.every(other => weight[other.rank] < weight[who.rank])
          if (granted) for (const other of others) inside.delete(other)
          if (granted) inside.set(who, now + 5_000)
          const [holder] = inside.keys()
          const right = granted === may && inside.size <= 1 && lease.holder(now)?.by === holder
          if (!right) throw new Error(`${who.name} as ${who.rank} at ${now}: ${inside.size} holders`)
        }
      }),
      { numRuns: 10_000 },
    )
  })
})

test('viewers see a camera until the transition has taken it away', () => {
  let now = 0
  let programs: { id: string; source: string; transition?: { duration: number } }[] = []
  const onAir = new OnAir(() => programs, { now: () => now, mono: () => now })
  onAir.note()
  programs = [{ id: 'main', source: 'quay' }]
  expect([onAir.has('quay'), onAir.has('nave')]).toEqual([true, false])
  programs = [{ id: 'main', source: 'nave', transition: { duration: 800 } }]
  onAir.note()
  now = 799
  expect([onAir.has('quay'), onAir.has('nave')]).toEqual([true, true])
  now = 800
  expect([onAir.has('quay'), onAir.has('nave')]).toEqual([false, true])
  programs = [{ id: 'main', source: 'slate' }]
  expect(onAir.has('nave')).toBe(false)
})

describe('a move by hand', () => {
  beforeEach(() => void vi.useFakeTimers())
  afterEach(() => void vi.useRealTimers())

  const clock = { now: () => Date.now(), mono: () => Date.now() }
  const right: PtzVelocity = { pan: 0.5, tilt: 0, zoom: 0 }
  const left: PtzVelocity = { pan: -0.5, tilt: 0, zoom: 0 }

  /** Writes down what it is told and when; each move takes `takes` ms. */
  function stick(takes = 0) {
    const told: string[] = []
    const begun = Date.now()
    const note = (what: string) => told.push(`${what} ${Date.now() - begun}`)
    const camera = {
      move: async ({ pan }: PtzVelocity) => {
        note(pan > 0 ? 'right' : 'left')
        if (takes > 0) await new Promise(resolve => setTimeout(resolve, takes))
      },
      stop: async () => void note('stop'),
    }
    return { told, motion: new Motion(camera, clock, () => {}) }
  }

  it('ends 450 ms after the last renewal, and goes on while it is renewed', async () => {
    const { told, motion } = stick()
    for (let n = 0; n < 5; n++) {
      await motion.move(right)
      await vi.advanceTimersByTimeAsync(200)
    }
    expect(told).toEqual(['right 0', 'right 400', 'right 800'])
    await vi.advanceTimersByTimeAsync(2_000)
    expect(told.slice(3)).toEqual(['stop 1250'])
    expect(motion.active).toBe(false)
  })

  it('gives a slow camera the newest velocity, and stops it even when a move is still on its way', async () => {
    const { told, motion } = stick(250)
    const moves = [motion.move(right), motion.move({ ...right, pan: 0.6 }), motion.move(left)]
    await vi.advanceTimersByTimeAsync(260)
    expect(told).toEqual(['right 0', 'left 250'])
    const stopped = motion.stop()
    await vi.advanceTimersByTimeAsync(300)
    await Promise.all([...moves, stopped])
    expect(told.slice(2)).toEqual(['stop 260', 'stop 500'])
    await vi.advanceTimersByTimeAsync(2_000)
    expect(told).toHaveLength(4)
  })
})
