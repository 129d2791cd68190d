import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { ScheduleBody } from '../../runtime/control/show/schedule/schedules.ts'
import { resumed } from '../../runtime/control/show/timeline/resume.ts'
import { memoryShelf } from '../peers/shelf.ts'
import { berlin, EVERY_DAY, pass, scheduleStage } from './schedule-stage.ts'
import { useVirtualTime } from './show-stage.ts'

/** Power cuts and clocks that are wrong, on a clock of the test's own. */
beforeEach(() => {
  useVirtualTime()
  vi.setSystemTime('2026-07-01T05:00:00Z')
})
afterEach(() => void vi.useRealTimers())

const day = { timeline: 'day', days: EVERY_DAY, from: '08:00', to: '20:00' }
const lunch = { timeline: 'lunch', days: EVERY_DAY, from: '12:00', to: '12:05' }

/** A life of the appliance, its end, and another one. */
async function lives(...given: object[]) {
  const shelf = memoryShelf<ScheduleBody>()
  const looked: { at?: number } = {}
  const before = scheduleStage(berlin, shelf, looked)
  for (const one of given) await before.call('add', one)
  const off = async (at: string) => {
    vi.setSystemTime(at)
    before.schedules.look()
    await pass(0.1)
    before.schedules.stop()
  }
  const on = async (at: string, resumes: string[] = []) => {
    vi.setSystemTime(at)
    const after = scheduleStage(berlin, shelf, looked, resumes)
    await pass(0.25)
    return after
  }
  return { before, off, on }
}

describe('after a power cut', () => {
  it('one that should have begun is on air where it is by now, and what was missed is owed', async () => {
    const { off, on } = await lives(day, lunch)
    await off('2026-07-01T05:50:00Z')
    const { told, owed, schedules } = await on('2026-07-01T10:17:00Z')
    expect(told.map(line => line.slice(9))).toEqual(['play day now at 420 s'])
    expect(owed).toEqual([
      'day of 06:00: 06:00-10:00 The appliance did not run.',
      'lunch of 10:00: 10:00-10:05 The appliance did not run.',
      'day of 06:00: 10:05-10:17 The appliance did not run.',
    ])
    schedules.stop()
  })

  it('one that had begun goes on by itself, and is not begun again', async () => {
    const { off, on } = await lives(day)
    await off('2026-07-01T07:00:00Z')
    const { told, owed, gone, schedules } = await on('2026-07-01T07:20:00Z', ['day'])
    await pass(3)
    expect([told, owed, gone.on]).toEqual([[], [], 1])
    schedules.stop()
  })

  it("yesterday's show is called off before anything goes on", async () => {
    const { off, on } = await lives(day)
    await off('2026-07-01T07:00:00Z')
    const { told, owed, gone, schedules } = await on('2026-07-02T05:30:00Z')
    expect([told, owed, gone.on]).toEqual([[], ['day called off 18:00'], 1])
    await pass(31)
    expect(told).toEqual(['05:59:55 play day 06:00:00'])
    schedules.stop()
  })
})

describe('a clock that is wrong', () => {
  it('of 1970 starts nothing, until the network has set it', async () => {
    const { off, on } = await lives(day)
    await off('2026-07-01T15:00:00Z')
    const { told, events, gone, schedules } = await on('1970-01-01T10:00:00Z')
    expect([told, gone.on]).toEqual([[], 0])
    expect(events.map(({ type }) => type)).toEqual(['clock.doubtful'])
    vi.setSystemTime('2026-07-02T06:10:00Z')
    await pass(0.25)
    expect(told.map(line => line.slice(9))).toEqual(['play day now at 0.5 s'])
    expect(gone.on).toBe(1)
    schedules.stop()
  })

  it('of before it was switched off starts nothing of then, until it is set; unset it counts after a minute', async () => {
    const { off, on } = await lives({ ...day, from: '17:00' })
    await off('2026-07-01T14:50:00Z')
    // The clock of a box without a battery: as it was kept an hour before.
    const first = await on('2026-07-01T14:17:00Z')
    await pass(0.5)
    expect([first.told, first.gone.on]).toEqual([[], 0])
    vi.setSystemTime('2026-07-02T05:00:00Z')
    await pass(1)
    expect([first.told, first.gone.on]).toEqual([[], 1])
    first.schedules.stop()
    const second = await on('2026-07-01T16:00:00Z')
    expect(second.gone.on).toBe(0)
    await pass(2)
    expect([second.told.map(line => line.slice(9, 21)), second.gone.on]).toEqual([['play day now'], 1])
    second.schedules.stop()
  })

  it('that is set forward ends what is over, within a second', async () => {
    const { told, call, schedules } = scheduleStage()
    vi.setSystemTime('2026-07-01T07:00:00Z')
    await call('add', day)
    await pass(1)
    vi.setSystemTime('2026-07-01T18:30:00Z')
    await pass(0.1)
    expect(told.at(-1)).toMatch(/^18:30:0[01] halt day$/)
    schedules.stop()
  })

  it('that is set back shows again what it has not come to yet, at its time', async () => {
    const { told, call, schedules } = scheduleStage()
    vi.setSystemTime('2026-07-01T09:59:00Z')
    await call('add', lunch)
    await pass(2)
    expect(told).toEqual(['09:59:55 play lunch 10:00:00'])
    vi.setSystemTime('2026-07-01T09:57:00Z')
    await pass(4)
    expect(told.slice(1)).toContain('09:59:55 play lunch 10:00:00')
    schedules.stop()
  })

  it('that was set back while nobody looked leaves what was under way where it was', () => {
    const run = { actor: 'anna', startedAt: 0, zero: 1_000_000, handled: 50_000, overlays: [] }
    expect(resumed(run, 1_200_000)).toBe(run)
    expect(resumed(run, 400_000).zero).toBe(350_000)
  })
})

it('what could not be started for a while is owed, with why', async () => {
  const { told, owed, call, refuse, schedules } = scheduleStage()
  vi.setSystemTime('2026-07-01T05:58:30Z')
  await call('add', day)
  refuse(true)
  await pass(4)
  refuse(false)
  await pass(1)
  expect(told).toHaveLength(1)
  expect(owed).toEqual([expect.stringMatching(/^day of 06:00: 06:00-06:0[23] Something unexpected/)])
  schedules.stop()
})
