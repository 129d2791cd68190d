import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Exactness, exactShow } from './exact-show.ts'
import { Stage } from './stage.ts'
import { WallClock } from './wall-clock.ts'

const PROFILE = { width: 640, height: 360, fps: 30, videoBitrate: 1_500, audioBitrate: 128, keyframeInterval: 2 }
const HOUR = 3_600_000
/** By how much (ms) the clock of the box is wrong, in turn: each is a step from the one before. */
const WRONG = [HOUR, -HOUR, -5_000, 0]

/**
 * So many cues (one a second) in the decoded output, on a busy machine, with a flow that blocks its loop again and again, and somebody who
 * sets the clock of the box every few seconds.
 */
export function exactness(cueCount: number, timeoutMs: number): void {
  const wall = new WallClock()
  const stage = new Stage({}, { env: wall.env })
  let seen: Exactness

  beforeAll(async () => {
    await stage.start({ width: 640, height: 360, fps: 30 })
    await stage.onAir(PROFILE)
    let steps = 0
    const step = () => wall.set(WRONG[steps++ % WRONG.length] ?? 0)
    seen = await exactShow(stage, cueCount, { recording: async () => (await stage.recordings())[0] ?? '', step })
  }, timeoutMs)
  afterAll(async () => {
    await stage.end()
    wall.remove()
  })

  test('every cue is on air within a frame of its time, its overlay with it', () => {
    const { cuts, errors, p99, overlay, load, planned, log, jumps, touching } = seen
    const spread = Object.entries(Object.groupBy(errors, String)).map(([off, all]) => `${off}: ${all?.length}`)
    console.info(
      `${cuts} cuts at ${Math.round(load * 100)} % load; frames off: ${spread.join(', ')}; overlays after jumps: ${jumps.join(' ')}; wrong frames of touching cues: ${JSON.stringify(touching)}; ${JSON.stringify(log)}`,
    )
    expect(load).toBeGreaterThan(0.88)
    expect(cuts).toBe(cueCount)
    expect(p99).toBeLessThanOrEqual(1)
    expect(Math.max(...overlay)).toBeLessThanOrEqual(1)
    expect(log).toMatchObject({ cues: planned, done: planned })
    // What is asked for at once has no time to spare: a machine that is busy for 100 ms is late with the one or the other.
    expect(jumps.toSorted((a, b) => a - b)[Math.floor(jumps.length / 2)]).toBeLessThanOrEqual(1)
    expect(touching).toEqual({ onAndOn: 0, again: 0 })
    // When the first frames were made, which on such a machine is later than what they stand for.
    expect(log.latencyMs?.p99).toBeLessThanOrEqual(150)
  })
}
