import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { clock, type ShowStage, useVirtualTime } from './show-stage.ts'
import { cue, stage, started, without } from './timeline-stage.ts'

/** A show over days, and what the machine's clock does meanwhile. */
beforeEach(() => void useVirtualTime())
afterEach(() => void vi.useRealTimers())

const HOUR = 3_600_000

/** From timer to timer, so that a day takes a moment. */
async function until(moment: number): Promise<void> {
  while (clock.now() < moment && vi.getTimerCount() > 0) {
    await vi.advanceTimersToNextTimerAsync()
    for (let n = 0; n < 6; n++) await new Promise(resolve => setImmediate(resolve))
  }
}

/** When each picture came, in ms since the first. */
function pictures(show: ShowStage): number[] {
  const times = show.lines.flatMap(line => (/ (quay|nave|slate)$/.test(line) ? [Number.parseFloat(line)] : []))
  return times.map(at => at - (times[0] ?? 0))
}

test('24 hours of rounds of an odd length: the last cue is on its ms', async () => {
  const show = await stage()
  const cues = [
    cue('a', 0, 61_337, { camera: 'quay' }),
    cue('b', 61_337, 40_003, { camera: 'nave' }),
    cue('c', 101_340, 99_991, { camera: 'slate' }),
  ]
  const length = 201_331
  await started(show, { loop: true, cues })
  await until(clock.now() + 24 * HOUR)
  const seen = pictures(show)
  const due = seen.map((_, n) => Math.floor(n / 3) * length + ([0, 61_337, 101_340][n % 3] ?? 0))
  expect(seen.length).toBeGreaterThan(1_280)
  expect(seen).toEqual(due)
})

test.each([1, -1])('the clock of the machine is set by %i h: no cue comes twice, early, late or never', async hours => {
  const show = await stage()
  const cues = [cue('a', 0, 10_000, { camera: 'quay' }), cue('b', 10_000, 10_000, { camera: 'nave' })]
  await started(show, { loop: true, cues })
  for (let round = 0; round < 4; round++) {
    await show.pass(14_000)
    vi.setSystemTime(Date.now() + (round % 2 === 0 ? 1 : -1) * hours * HOUR)
    await show.pass(6_000)
  }
  expect(pictures(show)).toEqual([0, 10_000, 20_000, 30_000, 40_000, 50_000, 60_000, 70_000])
  expect(without(show.lines)).toEqual(Array.from({ length: 8 }, (_, n) => (n % 2 === 0 ? 'quay' : 'nave')))
})
