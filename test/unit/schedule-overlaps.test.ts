import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import {
  bookingsBetween,
  calendarOf,
  isOpen,
  type Slot,
  winnerOf,
} from '../../runtime/control/show/schedule/calendar.ts'
import { berlin, EVERY_DAY, pass, scheduleStage } from './schedule-stage.ts'
import { useVirtualTime } from './show-stage.ts'

const slot = (schedule: string, from: string, to: string, more: Partial<Slot> = {}): Slot => ({
  ...{ schedule, timeline: schedule, program: 'main', priority: 0, site: berlin },
  hours: { days: EVERY_DAY, from, to },
  ...more,
})
const calendar = (slots: Slot[], day = '2026-07-01') => {
  const from = Date.parse(`${day}T00:00Z`)
  return calendarOf(bookingsBetween(slots, from, from + 86_400_000))
}
const hour = (at: number) => new Date(at).toISOString().slice(11, 16)
const parts = (slots: Slot[]) =>
  calendar(slots).map(({ schedule, parts }) => {
    return `${schedule}: ${parts.map(({ from, to, winner }) => `${hour(from)}-${hour(to)} ${winner.schedule}`).join(', ')}`
  })

describe('the calendar', () => {
  it('gives an overlap to whoever began later, and then goes on with the one before', () => {
    expect(parts([slot('day', '08:00', '20:00'), slot('lunch', '12:00', '13:00')])).toEqual([
      'day: 06:00-10:00 day, 10:00-11:00 lunch, 11:00-18:00 day',
      'lunch: 10:00-11:00 lunch',
    ])
  })

  it('goes by priority first; of those that begin together the shorter one wins', () => {
    const special = slot('special', '09:00', '18:00', { priority: 10 })
    expect(parts([slot('lunch', '12:00', '13:00'), special])).toEqual([
      'special: 07:00-16:00 special',
      'lunch: 10:00-11:00 special',
    ])
    expect(parts([slot('a', '08:00', '09:00'), slot('b', '08:00', '10:00')])).toEqual([
      'a: 06:00-07:00 a',
      'b: 06:00-07:00 a, 07:00-08:00 b',
    ])
  })

  it('knows no overlap between programs, nor with a tour', () => {
    const others = [
      slot('twin', '08:00', '20:00', { program: 'twin' }),
      slot('tour', '08:00', '20:00', { program: undefined }),
    ]
    expect(parts([slot('day', '08:00', '20:00'), ...others]).every(line => line.split(',').length === 1)).toBe(true)
  })

  it('has at each moment of each window exactly the winner of those that are open (property)', () => {
    const clock = fc.integer({ min: 0, max: 23 * 60 + 59 })
    const wall = (minutes: number) =>
      `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`
    const one = fc.record({
      from: clock,
      to: clock,
      priority: fc.integer({ min: 0, max: 2 }),
      program: fc.constantFrom('main', 'twin'),
    })
    const days = fc.constantFrom('2026-03-29', '2026-07-01', '2026-10-25')
    fc.assert(
      fc.property(fc.array(one, { maxLength: 8 }), days, clock, (many, day, minute) => {
        const slots = many.map(({ from, to, ...more }, n) => slot(`s${n}`, wall(from), wall(to), more))
        const entries = calendar(slots, day)
        const at = Date.parse(`${day}T00:00Z`) + minute * 60_000
        for (const entry of entries) {
          const { parts, window } = entry
          expect(parts[0]?.from).toBe(window.from)
          expect(parts.at(-1)?.to).toBe(window.to)
          for (const [n, part] of parts.entries()) if (n > 0) expect(part.from).toBe(parts[n - 1]?.to)
          if (!isOpen(entry, at)) continue
          const open = entries.filter(each => each.program === entry.program && isOpen(each, at))
          const found = parts.find(({ from, to }) => from <= at && at < to)
          expect(found?.winner.schedule).toBe(winnerOf(open)?.schedule)
        }
      }),
      { numRuns: 300 },
    )
  })
})

describe('schedules that overlap', () => {
  beforeEach(() => {
    useVirtualTime()
    vi.setSystemTime('2026-07-01T09:58:30Z')
  })
  afterEach(() => void vi.useRealTimers())
  const day = { timeline: 'day', days: EVERY_DAY, from: '08:00', to: '20:00' }
  const lunch = { timeline: 'lunch', days: EVERY_DAY, from: '12:00', to: '12:05' }

  it('hand over on the minute, and the one beneath goes on where it would be by then', async () => {
    const { told, call, calendar, schedules } = scheduleStage()
    await call('add', day)
    await call('add', lunch)
    await pass(8)
    expect(told).toEqual([
      '09:58:30 play day now at 510 s',
      '09:59:55 play lunch 10:00:00',
      '10:04:55 play day 10:05:00 at 300 s',
    ])
    const [first, second] = await calendar('2026-07-01T00:00:00Z', '2026-07-02T00:00:00Z')
    expect(first).toMatchObject({ name: 'Day', program: 'main', winner: false })
    expect(first?.parts.map(({ from, name }) => `${from.slice(11, 16)} ${name}`)).toEqual([
      '06:00 Day',
      '10:00 Lunch',
      '10:05 Day',
    ])
    expect(second).toMatchObject({ name: 'Lunch', winner: true, from: '2026-07-01T10:00:00.000Z' })
    schedules.stop()
  })

  it('bring back nothing that somebody has stopped', async () => {
    const { told, running, call, schedules } = scheduleStage()
    await call('add', day)
    await call('add', lunch)
    await pass(1)
    running.clear()
    await pass(9)
    expect(told.map(line => line.slice(9))).toEqual(['play day now at 510 s', 'play lunch 10:00:00', 'halt lunch'])
    schedules.stop()
  })

  it('start nothing beneath one of higher priority, and play nothing again that is over', async () => {
    const { told, call, schedules } = scheduleStage()
    await call('add', { ...day, to: '12:10', priority: 5 })
    await call('add', { ...lunch, from: '11:50', to: '12:20' })
    await pass(20)
    // At 12:10 the lunch show, which lasts 15 minutes and would have begun at 11:50, is over.
    expect(told.map(line => line.slice(9))).toEqual(['play day now at 510 s', 'halt day'])
    schedules.stop()
  })

  it('end with a timeline that is deleted', async () => {
    const { courses, events, call, schedules } = scheduleStage()
    const { id } = await call('add', { ...lunch, from: '13:00', to: '14:00' })
    delete courses.lunch
    await schedules.tidy('anna')
    await expect(call('get', {}, id)).rejects.toMatchObject({ code: 'NOT_FOUND' })
    expect(events.at(-1)).toMatchObject({ type: 'schedule.removed', actor: 'anna' })
    schedules.stop()
  })

  it('refuse a calendar of more than 35 days', async () => {
    const { calendar, schedules } = scheduleStage()
    await expect(calendar('2026-07-01T00:00:00Z', '2026-09-01T00:00:00Z')).rejects.toMatchObject({
      code: 'BAD_REQUEST',
    })
    schedules.stop()
  })
})
