import { beforeEach, expect, test } from 'vitest'
import { HouseClock } from '../../runtime/lib/house-clock.ts'

const TRUE = Date.parse('2026-03-01T12:00:00Z')
const HOUR = 3_600_000

/** A machine: its monotonic clock begins with each of its lives, and its wall clock may be wrong. */
const machine = { mono: 0, passed: 0, wrong: 0 }
const clock = { now: () => TRUE + machine.passed + machine.wrong, mono: () => machine.mono }
beforeEach(() => Object.assign(machine, { mono: 5_000, passed: 0, wrong: 0 }))

function pass(ms: number): void {
  machine.mono += ms
  machine.passed += ms
}

test.each([HOUR, -HOUR, 5_000, -5_000])(
  'the wall clock is set by %i ms: it goes on, and people are told theirs',
  by => {
    const house = new HouseClock(clock, undefined, 'a')
    pass(1_000)
    machine.wrong = by
    expect(house.now()).toBe(TRUE + 1_000)
    expect(house.off).toBe(by)
    pass(1_000)
    // What was told stays; what comes is told as the wall clock will have it.
    expect(house.told(TRUE + 500)).toBe(TRUE + 500)
    expect(house.told(TRUE + 60_000)).toBe(TRUE + 60_000 + by)
    expect(house.of(clock.now())).toBe(house.now())
  },
)

test('reading two clocks one after the other is no step', () => {
  const house = new HouseClock(clock)
  machine.wrong = 1
  expect(house.off).toBe(0)
})

test('a clock that drifts for weeks takes nothing from the steps that people were told', () => {
  const house = new HouseClock(clock, undefined, 'a')
  pass(1_000)
  const before = house.now()
  machine.wrong = HOUR
  pass(1_000)
  house.now()
  expect(house.off).toBe(HOUR)
  const begun = house.now()
  for (let n = 0; n < 500; n++) {
    pass(60_000)
    machine.wrong += 2
    expect(house.off).toBe(machine.wrong)
  }
  expect(Math.abs(house.told(begun) - begun - HOUR)).toBeLessThan(10)
  expect(house.told(before)).toBe(before)
  expect(house.kept.steps.length).toBeLessThanOrEqual(100)
})

test('another process of the same life of the machine counts alike, whatever the wall clock says', () => {
  const house = new HouseClock(clock, undefined, 'a')
  machine.wrong = HOUR
  pass(1_000)
  const next = new HouseClock(clock, house.kept, 'a')
  machine.wrong = -HOUR
  expect(next.ahead).toBe(house.ahead)
  expect(next.now()).toBe(house.now())
  expect(next.off).toBe(-HOUR)
})

test('in another life of the machine it goes on where it was beside the wall clock', () => {
  const house = new HouseClock(clock, undefined, 'a')
  machine.wrong = 5_000
  const { kept } = house
  pass(60_000)
  machine.mono = 300
  const next = new HouseClock(clock, kept, 'b')
  expect(next.now()).toBe(TRUE + 60_000)
  expect(next.off).toBe(5_000)
})

test('it waits for the wall clock to be right where nothing was begun, and counts on where something was', () => {
  machine.wrong = -40 * 365 * 24 * HOUR
  const [idle, busy] = [new HouseClock(clock, undefined, 'a'), new HouseClock(clock, undefined, 'a')]
  const before = busy.now()
  machine.wrong = 0
  idle.settle(true)
  busy.settle(false)
  expect(idle.now()).toBe(TRUE)
  expect(idle.off).toBe(0)
  expect(busy.now()).toBe(before)
  expect(busy.told(before)).toBe(TRUE)
  // Once in a life of the machine.
  machine.wrong = HOUR
  idle.settle(true)
  expect(idle.now()).toBe(TRUE)
})

test('where nothing is counted by it, it is the wall clock again', () => {
  const house = new HouseClock(clock)
  machine.wrong = HOUR
  expect(house.off).toBe(HOUR)
  house.follow()
  expect(house.now()).toBe(clock.now())
  expect(house.off).toBe(0)
})
