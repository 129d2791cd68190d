import { expect, test } from 'vitest'
import { StudioClock } from '../../runtime/control/studio/studio-clock.ts'
import { rfc3339 } from '../../runtime/lib/clock.ts'

const TRUE = Date.parse('2026-03-01T12:00:00Z')

/** A box whose wall clock is wrong, a Studio, and a line between them. */
class Line {
  time = 0
  wall = -5_000
  /** By how much Studio has set its own clock. */
  set = 0
  private previous: { command: string; at: string } | undefined
  readonly box = new StudioClock({ now: () => TRUE + this.time + this.wall, mono: () => this.time + 77_777 })

  /** One heartbeat there and its ack back. */
  beat(n: number, there: number, back: number): void {
    const data = { studioTime: rfc3339(TRUE + this.set + this.time), ...(this.previous && { heard: this.previous }) }
    this.time += there
    this.box.heard(data)
    this.time += 4
    this.box.answered(`${n}`)
    this.previous = { command: `${n}`, at: rfc3339(TRUE + this.set + this.time + back) }
    this.time += 5_000
  }

  get wrongBy(): number {
    return this.box.now() - (TRUE + this.set + this.time)
  }
}

test('without heartbeats it is the box that knows the time', () => {
  const line = new Line()
  expect(line.wrongBy).toBe(-5_000)
  expect(line.box.known).toBe(false)
})

test.each([
  ['on this machine', 0, 1],
  ['over a line of half a second', 250, 250],
])('%s: within 20 ms after three heartbeats, with a wall clock that is 5 s wrong', (_, there, back) => {
  const line = new Line()
  for (let n = 0; n < 3; n++) line.beat(n, there, back)
  expect(Math.abs(line.wrongBy)).toBeLessThanOrEqual(20)
  expect(Math.abs(line.wrongBy)).toBeLessThanOrEqual(line.box.uncertainty + 1)
})

test('what came late does not make it worse', () => {
  const line = new Line()
  for (const [n, late] of [10, 900, 12, 2_500, 9, 30_000].entries()) line.beat(n, late, 10)
  expect(Math.abs(line.wrongBy)).toBeLessThanOrEqual(20)
})

test('setting the clock of the box moves nothing', () => {
  const line = new Line()
  for (let n = 0; n < 3; n++) line.beat(n, 5, 5)
  const before = line.wrongBy
  line.wall = 3_600_000
  expect(line.wrongBy).toBe(before)
  // A cue of Studio falls where the box's own clock must be then.
  expect(Math.abs(line.box.here(TRUE + line.time + 1_000) - (TRUE + line.time + 1_000 + line.wall))).toBeLessThan(20)
})

test.each([60_000, -60_000])('a Studio that sets its own clock by %i ms is followed within two heartbeats', set => {
  const line = new Line()
  for (let n = 0; n < 8; n++) line.beat(n, 5, 5)
  line.set = set
  for (let n = 8; n < 10; n++) line.beat(n, 5, 5)
  expect(Math.abs(line.wrongBy)).toBeLessThanOrEqual(20)
})
