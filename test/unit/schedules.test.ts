import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { ScheduleBody } from '../../runtime/control/show/schedule/schedules.ts'
import { type Hours, type Site, windowAt } from '../../runtime/control/show/schedule/windows.ts'
import { memoryShelf } from '../peers/shelf.ts'
import { berlin, EVERY_DAY, pass, scheduleStage as stage } from './schedule-stage.ts'
import { useVirtualTime } from './show-stage.ts'

const hours = (from: string, to: string, more: Partial<Hours> = {}): Hours => ({ days: EVERY_DAY, from, to, ...more })

function shown(given: Hours, now: string, site = berlin): string[] {
  const window = windowAt(given, site, Date.parse(now))
  return window ? [window.from, window.to].map(at => new Date(at).toISOString().slice(0, 16)) : []
}

describe('the hours of a schedule', () => {
  it('are those that are now, else the next ones, in the time zone of the site', () => {
    const given = hours('08:00', '18:30')
    expect(shown(given, '2026-07-01T10:00Z')).toEqual(['2026-07-01T06:00', '2026-07-01T16:30'])
    expect(shown(given, '2026-07-01T16:30Z')).toEqual(['2026-07-02T06:00', '2026-07-02T16:30'])
    expect(shown(given, '2026-01-01T10:00Z')).toEqual(['2026-01-01T07:00', '2026-01-01T17:30'])
  })

  it('go on over midnight, and belong to the day on which they began', () => {
    const friday = hours('22:00', '02:00', { days: [5] })
    expect(shown(friday, '2026-07-03T23:30Z')).toEqual(['2026-07-03T20:00', '2026-07-04T00:00'])
    expect(shown(friday, '2026-07-04T00:00Z')).toEqual(['2026-07-10T20:00', '2026-07-11T00:00'])
  })

  it('keep their times where the clocks change; what the night leaves out comes an hour later', () => {
    const given = hours('02:30', '04:00')
    expect(shown(given, '2026-03-29T00:00Z')).toEqual(['2026-03-29T01:30', '2026-03-29T02:00'])
    expect(shown(given, '2026-10-25T00:00Z')).toEqual(['2026-10-25T00:30', '2026-10-25T03:00'])
  })

  it('follow the sun, with minutes before or after', () => {
    // Berlin, 21 June 2026: 04:43 to 21:33.
    expect(shown(hours('sunrise', 'sunset'), '2026-06-21T10:00Z')).toEqual(['2026-06-21T02:43', '2026-06-21T19:33'])
    expect(shown(hours('sunset+30', 'sunrise-15'), '2026-06-21T21:00Z')).toEqual([
      '2026-06-21T20:03',
      '2026-06-22T02:28',
    ])
    const polar: Site = { timezone: 'Europe/Oslo', location: { latitude: 78.2, longitude: 15.6 } }
    expect(shown(hours('sunrise', 'sunset'), '2026-12-21T10:00Z', polar)[0]).toMatch(/^2027-02/)
    expect(shown(hours('sunrise', 'sunset'), '2026-06-21T10:00Z', { timezone: 'UTC' })).toEqual([])
  })

  it('are none where the night of the clocks leaves all of them out', () => {
    expect(shown(hours('02:30', '03:15'), '2026-03-28T23:00Z')).toEqual(['2026-03-30T00:30', '2026-03-30T01:15'])
    expect(shown(hours('02:00', '03:00'), '2026-10-24T23:00Z')).toEqual(['2026-10-25T00:00', '2026-10-25T02:00'])
  })

  it('leave out days, dates and blackouts', () => {
    const given = hours('10:00', '11:00', {
      dates: { from: '2026-12-20', to: '2026-12-27' },
      blackouts: [{ from: '2026-12-24', to: '2026-12-26' }],
    })
    expect(shown(given, '2026-07-01T00:00Z')[0]).toBe('2026-12-20T09:00')
    expect(shown(given, '2026-12-23T12:00Z')[0]).toBe('2026-12-27T09:00')
    expect(shown(given, '2026-12-27T12:00Z')).toEqual([])
  })
})

describe('schedules', () => {
  beforeEach(() => {
    useVirtualTime()
    vi.setSystemTime('2026-07-01T05:58:30Z')
  })
  afterEach(() => void vi.useRealTimers())

  it('start a timeline on the minute and end it on the minute, once', async () => {
    const { told, call, schedules } = stage()
    const { id } = await call('add', { timeline: 'day', days: EVERY_DAY, from: '08:00', to: '08:03' })
    expect(await call('get', {}, id)).toMatchObject({
      enabled: true,
      open: false,
      next: { from: '2026-07-01T06:00:00.000Z' },
    })
    await pass(10)
    expect(told).toEqual(['05:59:55 play day 06:00:00', '06:03:00 halt day'])
    schedules.stop()
    await pass(5)
    expect(told).toHaveLength(2)
  })

  it('start at once, where it is by now, when their hours are now; who stops it by hand has stopped it', async () => {
    const { told, running, call, schedules } = stage()
    await call('add', { timeline: 'day', days: EVERY_DAY, from: '07:00', to: '09:00' })
    await pass(1)
    expect(told.map(line => line.slice(9))).toEqual(['play day now at 510 s'])
    running.clear()
    await pass(5)
    expect(told).toHaveLength(1)
    schedules.stop()
  })

  it('try again what could not be started, and say so', async () => {
    const { told, events, call, refuse, schedules } = stage()
    refuse(true)
    const { id } = await call('add', { timeline: 'day', days: EVERY_DAY, from: '07:00', to: '09:00' })
    await pass(2)
    expect(events.filter(({ type }) => type === 'schedule.failed').length).toBeGreaterThanOrEqual(2)
    refuse(false)
    await pass(1)
    expect(told).toHaveLength(1)
    await call('change', { to: '08:05' }, id)
    await pass(10)
    expect(told.at(-1)).toBe('06:05:00 halt day')
    await call('remove', {}, id)
    schedules.stop()
  })

  it('wait while somebody of a higher rank has control, tell so once, and do then what was to be', async () => {
    const { told, events, call, hold, schedules } = stage()
    await call('add', { timeline: 'day', days: EVERY_DAY, from: '08:00', to: '08:05' })
    hold(true)
    await pass(3)
    expect(told).toEqual([])
    expect(events.filter(({ type }) => type === 'schedule.failed')).toHaveLength(1)
    hold(false)
    await pass(0.5)
    expect(told).toHaveLength(1)
    hold(true)
    await pass(5)
    expect(told).toHaveLength(1)
    hold(false)
    await pass(0.5)
    expect(told.map(line => line.slice(9).replace(/now.*/, 'now'))).toEqual(['play day now', 'halt day'])
    schedules.stop()
  })

  it('go on when one is deleted in the very moment in which it ends', async () => {
    const shelf = memoryShelf<ScheduleBody>()
    const { told, call, schedules } = stage(berlin, shelf)
    await call('add', { timeline: 'day', days: EVERY_DAY, from: '08:00', to: '08:02' })
    await call('add', { timeline: 'lunch', days: EVERY_DAY, from: '08:03', to: '08:05' })
    await pass(2)
    const { write } = shelf
    shelf.write = (id, change) => {
      void shelf.remove(id)
      shelf.write = write
      return write(id, change)
    }
    await pass(5)
    expect(told.map(line => line.slice(9, 18))).toEqual(['play day ', 'halt day', 'play lunc', 'halt lunc'])
    schedules.stop()
  })

  it('refuse a timeline that is not there, and the sun of nowhere', async () => {
    const { call, schedules } = stage({ timezone: 'UTC' })
    const given = { timeline: 'day', days: [1], from: 'sunrise', to: '10:00' }
    await expect(call('add', given)).rejects.toMatchObject({ code: 'SCHEDULE_NO_PLACE' })
    await expect(call('add', { ...given, timeline: 'none' })).rejects.toMatchObject({ code: 'UNKNOWN_REFERENCE' })
    const nowhere = { ...given, from: '09:00', timezone: 'Mars/Base' }
    await expect(call('add', nowhere)).rejects.toMatchObject({ code: 'BAD_REQUEST' })
    schedules.stop()
  })
})
