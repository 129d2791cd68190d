import fc from 'fast-check'
import { expect, test } from 'vitest'
import { steer, steeringAt } from '../../runtime/engine/outputs/bitrate.ts'

const AUDIO = 128
const BOUNDS = { most: 4_000, least: 800 }
const TICK = 500
/** What a line takes before anything shows in the queue, in kbit: buffers on the way. */
const KERNEL = 500

/** An uplink and an encoder whose new bitrate counts 2.5 s after the step, as a run of observations. */
function simulate(uplink: (second: number) => number, seconds: number) {
  let state = steeringAt(BOUNDS.most, 0)
  let encoder = BOUNDS.most
  let waiting = 0
  const due: { at: number; target: number }[] = []
  const sent: number[] = []
  const history: { at: number; target: number; queueSeconds: number }[] = []
  for (let at = 0; at < seconds * 1_000; at += TICK) {
    for (const step of due.filter(step => step.at === at)) encoder = step.target
    const made = ((encoder + AUDIO) * TICK) / 1_000
    const took = Math.min(waiting + made, (uplink(at / 1_000) * TICK) / 1_000)
    waiting += made - took
    sent.push(((took * 1_000) / TICK) * (encoder / (encoder + AUDIO)))
    const queueSeconds = Math.max(0, waiting - KERNEL) / (encoder + AUDIO)
    const recent = sent.slice(-4)
    const before = state.target
    const mean = recent.reduce((sum, kbits) => sum + kbits, 0) / recent.length
    state = steer(state, { at, queueSeconds, sent: mean }, BOUNDS)
    if (state.target !== before) due.push({ at: at + 2_500, target: state.target })
    history.push({ at, target: state.target, queueSeconds })
  }
  return history
}

test('60 % of the uplink is fitted into within 10 s, and the queue stays below what loses pictures', () => {
  const narrow = 0.6 * (BOUNDS.most + AUDIO)
  const history = simulate(second => (second < 10 ? 9_000 : narrow), 60)
  expect(history.filter(({ at }) => at < 10_000).every(({ target }) => target === 4_000)).toBe(true)
  expect(history.find(({ at }) => at === 20_000)?.target).toBeLessThan(narrow - AUDIO)
  // Of this the kernel holds a second, and beyond three more pictures would be left out.
  expect(Math.max(...history.map(({ queueSeconds }) => queueSeconds))).toBeLessThan(4)
})

test('a free uplink is used again, in steps, up to what was asked for', () => {
  const history = simulate(second => (second > 10 && second < 30 ? 2_000 : 9_000), 180)
  const targets = [...new Set(history.map(({ target }) => target))]
  expect(targets.length).toBeGreaterThan(3)
  expect(history.at(-1)?.target).toBe(4_000)
})

test('an uplink at its limit is tested ever more seldom', () => {
  const history = simulate(second => (second < 10 ? 9_000 : 2_500), 600)
  const ups = history.filter(({ target }, n) => target > (history[n - 1]?.target ?? target)).map(({ at }) => at)
  const pauses = ups.slice(1).map((at, n) => at - (ups[n] ?? 0))
  // A try every 15 s would make forty.
  expect(ups.length).toBeLessThan(20)
  expect(Math.max(...pauses)).toBeGreaterThan(60_000)
})

test('never beyond its bounds, whatever is observed', () => {
  const observation = fc.record({
    queueSeconds: fc.double({ min: 0, max: 20, noNaN: true }),
    sent: fc.integer({ min: 0, max: 9_000 }),
  })
  fc.assert(
    fc.property(fc.array(observation, { maxLength: 200 }), observations => {
      let state = steeringAt(BOUNDS.most, 0)
      for (const [n, { queueSeconds, sent }] of observations.entries()) {
        const before = state
        state = steer(state, { at: n * TICK, queueSeconds, sent }, BOUNDS)
        expect(state.target).toBeGreaterThanOrEqual(BOUNDS.least)
        expect(state.target).toBeLessThanOrEqual(BOUNDS.most)
        if (state.target < before.target) expect(queueSeconds).toBeGreaterThan(0.6)
      }
    }),
  )
})
