import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { Liveness, ranFor } from '../../runtime/control/flow/liveness.ts'
import type { Rpc } from '../../runtime/lib/rpc.ts'

/** One that never answers, and runs for this share of the time. */
function silent(share: number, ready = true) {
  const began = Date.now()
  let hungAfter: number | undefined
  const liveness = new Liveness(
    () => {
      hungAfter = Date.now() - began
    },
    () => (Date.now() - began) * share,
  )
  const mute = { sendRequest: () => new Promise(() => {}) } as unknown as Rpc
  liveness.watch(mute)
  if (ready) liveness.ready()
  return { liveness, after: () => hungAfter }
}

describe('signs of life of the flow host', () => {
  beforeEach(() => {
    vi.useFakeTimers()
  })
  afterEach(() => {
    vi.useRealTimers()
  })

  test('an endless loop is told within a second and a half', () => {
    const { after } = silent(1)
    vi.advanceTimersByTime(10_000)
    expect(after()).toBe(1_500)
  })

  test('one that gets a third of a processor has three times as long, one that is blocked five times', () => {
    const [busy, blocked] = [silent(1 / 3), silent(0)]
    vi.advanceTimersByTime(10_000)
    expect(busy.after()).toBeGreaterThan(3_500)
    expect(busy.after()).toBeLessThan(4_500)
    expect(blocked.after()).toBeGreaterThan(6_000)
    expect(blocked.after()).toBeLessThan(7_000)
  })

  test('a start has more patience, and much more on a machine that is busy with other things', () => {
    const [quick, slow] = [silent(1, false), silent(0.25, false)]
    vi.advanceTimersByTime(60_000)
    expect(quick.after()).toBe(6_250)
    expect(slow.after()).toBeGreaterThan(20_000)
  })
})

test('time on a processor is what the system says; of nobody there is none', () => {
  const before = Number(ranFor(process.pid))
  const end = performance.now() + 30
  while (performance.now() < end);
  expect(Number(ranFor(process.pid)) - before).toBeGreaterThan(1)
  expect(ranFor(undefined)).toBeUndefined()
})
