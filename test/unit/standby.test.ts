import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { NewEvent } from '../../runtime/control/ports.ts'
import { orderOf } from '../../runtime/control/show/rehearsal/day.ts'
import type { House } from '../../runtime/control/show/rehearsal/house.ts'
import { startReasons } from '../../runtime/control/show/rehearsal/reasons.ts'
import { Standby, type Upcoming } from '../../runtime/control/show/rehearsal/standby.ts'
import { house, kept, MIDNIGHT } from './rehearsal-stage.ts'
import { clock, useVirtualTime } from './show-stage.ts'
import { cue, ofQuay } from './timeline-stage.ts'

const day = kept('Day', [
  cue('a', 0, 10_000, ofQuay('north')),
  cue('b', 10_000, 20_000, { camera: 'nave', overlay: 'ad' }),
])
const reasons = (facts: House, more: Partial<Parameters<typeof startReasons>[3]> = {}, one = day) =>
  startReasons(one.body.cues, orderOf(one, facts), facts, { at: MIDNIGHT, left: 30_000, wired: true, ...more })
const codes = (...given: Parameters<typeof reasons>) =>
  reasons(...given).map(({ severity, code, path }) => `${severity} ${code} ${path}`)

describe('what stands in the way of a start', () => {
  it('is nothing where all is there', () => {
    expect(reasons(house())).toEqual([])
  })

  it('is each thing that is missing, with the place in the timeline and what to do', () => {
    const ad = { id: 'logo', status: 'missing' as const }
    expect(codes(house({ away: ['nave'], assets: { ad: [ad] }, destination: 'reconnecting' }))).toEqual([
      'error CAMERA_UNREACHABLE /cues/1',
      'error ASSET_MISSING /cues/1/overlay',
      'error OUTPUT_UNREACHABLE ',
    ])
    expect(codes(house({ destination: null }), { wired: false })).toEqual(['error NOT_WIRED '])
    expect(codes(house({ destination: null }))).toEqual(['error DESTINATION_NONE '])
    const error = { code: 'PTZ_UNREACHABLE', detail: 'it does not answer.', hint: 'Check it.' }
    const [first] = reasons(house({ outlooks: { 'quay/north': { error } } }))
    expect(first).toEqual({
      severity: 'error',
      ...error,
      detail: 'quay cannot go to north: it does not answer.',
      cue: 'a',
      path: '/cues/0',
    })
    for (const { hint } of reasons(house({ away: ['quay', 'nave'] }))) expect(hint).toMatch(/^Check/)
  })

  it('is a right that ends before its cue does, and a first journey that is longer than the time for it', () => {
    const until = (ms: number) =>
      house({ assets: { ad: [{ id: 'logo', status: 'ready', until: new Date(MIDNIGHT + ms).toISOString() }] } })
    expect(codes(until(29_999))).toEqual(['error ASSET_EXPIRED /cues/1/overlay'])
    expect(codes(until(30_000))).toEqual([])
    const slow = house({ outlooks: { 'quay/north': { p95: 12_000 } } })
    expect(codes(slow, { left: 11_000 })).toEqual(['warning PTZ_TOO_FAR /cues/0'])
    expect(codes({ ...slow, stands: () => 'quay/north' }, { left: 11_000 })).toEqual([])
  })
})

describe('stand by', () => {
  beforeEach(() => void useVirtualTime())
  afterEach(() => void vi.useRealTimers())

  function stage() {
    const events: NewEvent[] = []
    const prepared: string[] = []
    const there = { facts: house(), starts: [] as Upcoming[], readinessMs: 30_000 }
    const standby = new Standby({
      upcoming: (from, to) => there.starts.filter(({ at }) => at > from && at <= to),
      check: (_, at, left) => reasons(there.facts, { at, left }),
      prepare: timeline => prepared.push(timeline),
      readinessMs: () => there.readinessMs,
      clock,
      record: event => events.push(event),
      touched: () => {},
    })
    standby.start()
    return { standby, events, prepared, there }
  }
  const start = (inMs: number): Upcoming => ({ timeline: 'Day', name: 'Day', at: clock.now() + inMs })

  it('is called 30 s before, tells once, and again when something changes until the start', async () => {
    const { standby, events, prepared, there } = stage()
    const begun = clock.now()
    there.starts = [start(60_000)]
    await vi.advanceTimersByTimeAsync(29_000)
    expect([events, standby.of('Day')]).toEqual([[], undefined])
    await vi.advanceTimersByTimeAsync(1_000)
    expect(events.map(({ type }) => type)).toEqual(['timeline.ready'])
    expect(clock.now() - begun).toBe(30_000)
    there.facts = house({ away: ['nave'] })
    await vi.advanceTimersByTimeAsync(5_000)
    expect(events.at(-1)).toMatchObject({
      type: 'timeline.not-ready',
      data: { timeline: 'Day', reasons: [{ cue: 'b' }] },
    })
    expect(standby.of('Day')).toMatchObject({ ready: false, reasons: [{ code: 'CAMERA_UNREACHABLE' }] })
    there.facts = house()
    await vi.advanceTimersByTimeAsync(5_000)
    expect(events.map(({ type }) => type)).toEqual(['timeline.ready', 'timeline.not-ready', 'timeline.ready'])
    expect(prepared).toEqual(['Day'])
    await vi.advanceTimersByTimeAsync(21_000)
    expect(standby.of('Day')).toMatchObject({ ready: true })
    await vi.advanceTimersByTimeAsync(60_000)
    expect(standby.of('Day')).toBeUndefined()
    expect(events).toHaveLength(3)
    standby.stop()
  })

  it('ends where the start is called off, and is never called where the setting is 0', async () => {
    const { standby, events, there } = stage()
    there.starts = [start(20_000)]
    await vi.advanceTimersByTimeAsync(1_000)
    expect(standby.of('Day')?.ready).toBe(true)
    there.starts = []
    await vi.advanceTimersByTimeAsync(1_000)
    expect(standby.of('Day')).toBeUndefined()
    there.readinessMs = 0
    there.starts = [start(20_000)]
    await vi.advanceTimersByTimeAsync(30_000)
    expect(events).toHaveLength(1)
    standby.stop()
  })
})
