import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  type AutoCamera,
  type Balance,
  balance,
  HIGH,
  LOW,
  RESTED,
  ROOMY_FOR_MS,
  TIGHT_FOR_MS,
  type Turn,
} from '../../runtime/engine/readiness/balance.ts'

const camera = (id: string, more: Partial<AutoCamera> = {}): AutoCamera => ({
  ...{ id, used: false, lastUsed: 0, asleep: false, cost: 0.1 },
  ...more,
})

/** Looks once a second at a machine whose load follows from what its cameras do; answers every turn and when it was. */
function run(seconds: number, cameras: AutoCamera[], load: (now: number) => number, late = (_: number) => false) {
  let state: Balance = RESTED
  const turns: (Turn & { at: number })[] = []
  for (let now = 0; now < seconds * 1_000; now += 1_000) {
    const { next, turn } = balance(state, now, { load: load(now), late: late(now) }, cameras)
    state = next
    if (!turn) continue
    turns.push({ ...turn, at: now })
    const turned = cameras.find(({ id }) => id === turn.id)
    if (turned) turned.asleep = turn.to === 'standby'
  }
  return turns
}

describe('room for cameras', () => {
  test('too much for some seconds: the least recently used goes, one at a time', () => {
    const cameras = [camera('new', { lastUsed: 3 }), camera('old', { lastUsed: 1 }), camera('on air', { used: true })]
    const turns = run(16, cameras, () => 0.95)
    expect(turns).toMatchObject([
      { id: 'old', to: 'standby', why: 'load', at: TIGHT_FOR_MS },
      { id: 'new', to: 'standby', at: 2 * TIGHT_FOR_MS + 1_000 },
    ])
  })

  test('frames that come late count as too much, however low the load; a peak does not', () => {
    expect(
      run(
        10,
        [camera('a')],
        () => 0.2,
        () => true,
      ),
    ).toMatchObject([{ id: 'a', why: 'late' }])
    expect(run(60, [camera('a')], now => (now % 4_000 === 0 ? 0.99 : 0.5))).toEqual([])
  })

  test('enough room for longer: the one that was used last comes back first', () => {
    const cameras = [camera('old', { asleep: true, lastUsed: 1 }), camera('new', { asleep: true, lastUsed: 2 })]
    const turns = run(30, cameras, () => 0.3)
    expect(turns.map(({ id, at }) => [id, at])).toEqual([
      ['new', ROOMY_FOR_MS],
      ['old', 2 * ROOMY_FOR_MS + 1_000],
    ])
  })

  test('one that would not fit stays asleep', () => {
    expect(run(60, [camera('big', { asleep: true, cost: 0.3 })], () => 0.4)).toEqual([])
  })

  test('a cost that was estimated too low makes it wait longer and longer, not go to and fro', () => {
    const big = camera('big', { cost: 0.01 })
    const turns = run(3_600, [big], () => (big.asleep ? 0.5 : 0.95))
    expect(turns.length).toBeLessThan(30)
  })

  const cameras = fc.array(
    fc.record({
      used: fc.boolean(),
      lastUsed: fc.integer({ min: 0, max: 1e6 }),
      asleep: fc.boolean(),
      cost: fc.double({ min: 0, max: 0.5, noNaN: true }),
    }),
    { maxLength: 6 },
  )
  const samples = fc.array(fc.record({ load: fc.double({ min: 0, max: 1.2, noNaN: true }), late: fc.boolean() }), {
    minLength: 1,
    maxLength: 80,
  })

  test('whatever the load does: none that is used is touched, turns are apart, and each has its cause', () => {
    fc.assert(
      fc.property(cameras, samples, (list, loads) => {
        const present = list.map((each, n) => camera(`${n}`, each))
        let state = RESTED
        let last = Number.NEGATIVE_INFINITY
        for (const [second, sample] of loads.entries()) {
          const now = second * 1_000
          const { next, turn } = balance(state, now, sample, present)
          state = next
          if (!turn) continue
          const turned = present.find(({ id }) => id === turn.id)
          expect(turned?.used).toBe(false)
          expect(turned?.asleep).toBe(turn.to === 'hot')
          expect(now - last).toBeGreaterThanOrEqual(TIGHT_FOR_MS)
          if (turn.to === 'standby') {
            expect(sample.late || sample.load > HIGH).toBe(true)
            const awake = present.filter(({ asleep, used }) => !asleep && !used)
            expect(turned?.lastUsed).toBe(Math.min(...awake.map(({ lastUsed }) => lastUsed)))
          } else expect(sample.late || sample.load + (turned?.cost ?? 9) >= LOW).toBe(false)
          if (turned) turned.asleep = turn.to === 'standby'
          last = now
        }
      }),
    )
  })

  test('a steady show comes to rest', () => {
    fc.assert(
      fc.property(cameras, fc.double({ min: 0, max: 1, noNaN: true }), (list, base) => {
        const present = list.map((each, n) => camera(`${n}`, each))
        const load = () => base + present.reduce((sum, { asleep, cost }) => sum + (asleep ? 0 : cost), 0)
        const turns = run(600, present, load)
        expect(turns.filter(({ at }) => at > 200_000)).toEqual([])
      }),
    )
  })
})
