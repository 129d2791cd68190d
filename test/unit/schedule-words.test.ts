import fc from 'fast-check'
import { expect, test } from 'vitest'
import { dayWords, hourText, hourWords, parseHour } from '../../nodes/ui-vistter-schedules/model/hours.ts'
import { parsePlace, placeText } from '../../nodes/ui-vistter-schedules/model/place.ts'
import { datesFrom, wallOf, weekOf } from '../../nodes/ui-vistter-schedules/model/week.ts'
import type { CalendarWindow } from '../../runtime/contract/generated/openapi.v1.ts'

test('a time is read as it is written', () => {
  for (const text of ['09:30', 'sunrise', 'sunset-15', 'sunrise+120']) expect(hourText(parseHour(text))).toBe(text)
  expect(['09:30', 'sunrise', 'sunset-15', 'sunrise+120'].map(hourWords)).toEqual([
    ...['09:30', 'sunrise', '15 min before sunset', '120 min after sunrise'],
  ])
})

test.each([
  [[0, 1, 2, 3, 4, 5, 6], 'every day'],
  [[5, 1, 2, 3, 4], 'Mon–Fri'],
  [[0, 6], 'Sat, Sun'],
  [[0, 5, 6], 'Fri–Sun'],
  [[1, 3, 5], 'Mon, Wed, Fri'],
  [[0, 1, 2, 3, 4, 5], 'Mon–Fri, Sun'],
  [[1, 2, 4, 5, 6], 'Mon, Tue, Thu–Sat'],
])('days %j read %s', (days, words) => {
  expect(dayWords(days)).toBe(words)
})

const window = (from: string, to: string, parts?: CalendarWindow['parts']): CalendarWindow => ({
  ...{ schedule: 's', timeline: 't', name: 'Day', program: 'main', priority: 0, from, to, winner: !parts },
  parts: parts ?? [{ from, to, schedule: 's', name: 'Day' }],
})
const shown = (days: ReturnType<typeof weekOf>) =>
  days.flatMap(({ date, slots }) =>
    slots.map(({ from, to, wins, lane, lanes }) => `${date} ${from}-${to} ${wins} ${lane}/${lanes}`),
  )

test('a window over midnight is on two days of the site, and one on which the clock is changed ends where it says', () => {
  const berlin = 'Europe/Berlin'
  const dates = datesFrom(Date.parse('2026-10-24T12:00:00Z'), berlin, 3)
  expect(dates).toEqual(['2026-10-24', '2026-10-25', '2026-10-26'])
  // From 22:00 in summer time to 02:30 in winter time of the 25th; and that whole day, which has 25 hours.
  expect(shown(weekOf([window('2026-10-24T20:00:00Z', '2026-10-25T01:30:00Z')], dates, berlin))).toEqual([
    '2026-10-24 1320-1440 true 0/1',
    '2026-10-25 0-150 true 0/1',
  ])
  expect(shown(weekOf([window('2026-10-24T22:00:00Z', '2026-10-25T23:00:00Z')], dates, berlin))).toEqual([
    '2026-10-25 0-1440 true 0/1',
  ])
})

test('what gives way stands beside what is on air', () => {
  const day = window('2026-06-01T08:00:00Z', '2026-06-01T18:00:00Z', [
    { from: '2026-06-01T08:00:00Z', to: '2026-06-01T12:00:00Z', schedule: 's', name: 'Day' },
    { from: '2026-06-01T12:00:00Z', to: '2026-06-01T13:00:00Z', schedule: 'noon', name: 'Noon' },
    { from: '2026-06-01T13:00:00Z', to: '2026-06-01T18:00:00Z', schedule: 's', name: 'Day' },
  ])
  const noon = { ...window('2026-06-01T12:00:00Z', '2026-06-01T13:00:00Z'), schedule: 'noon', name: 'Noon' }
  noon.parts = noon.parts.map(part => ({ ...part, schedule: 'noon', name: 'Noon' }))
  expect(shown(weekOf([day, noon], ['2026-06-01'], 'UTC'))).toEqual([
    '2026-06-01 480-720 true 0/1',
    '2026-06-01 720-780 true 0/2',
    '2026-06-01 720-780 false 1/2',
    '2026-06-01 780-1080 true 0/1',
  ])
})

test('the parts of a window are as long as it is, on whatever days and wherever', () => {
  const zone = fc.constantFrom('UTC', 'Europe/Berlin', 'America/St_Johns', 'Pacific/Chatham', 'Africa/Casablanca')
  const begin = Date.parse('2026-01-01T00:00:00Z')
  fc.assert(
    fc.property(
      zone,
      fc.integer({ min: 0, max: 525_600 }),
      fc.integer({ min: 1, max: 2_880 }),
      (timeZone, minute, length) => {
        const from = begin + minute * 60_000
        const to = from + length * 60_000
        const dates = datesFrom(from, timeZone, 4)
        const told = window(new Date(from).toISOString(), new Date(to).toISOString())
        const days = weekOf([told], dates, timeZone)
        const slots = days.flatMap(({ slots }) => slots)
        expect(slots[0]?.at).toBe(from)
        expect(slots.at(-1)?.until).toBe(to)
        for (const [n, slot] of slots.entries()) if (n > 0) expect(slot.at).toBe(slots[n - 1]?.until)
        for (const { date, slots } of days) for (const slot of slots) expect(wallOf(slot.at, timeZone).date).toBe(date)
      },
    ),
    { numRuns: 300 },
  )
})

test('a place is read as maps write it', () => {
  fc.assert(
    fc.property(fc.integer({ min: -90_000, max: 90_000 }), fc.integer({ min: -180_000, max: 180_000 }), (a, b) => {
      const place = { latitude: a / 1_000, longitude: b / 1_000 }
      expect(parsePlace(placeText(place))).toEqual(place)
    }),
  )
  expect(parsePlace(' 44.4056 8.9463 ')).toEqual({ latitude: 44.4056, longitude: 8.9463 })
})

test.each(['', '44.4056', '91, 8', '44, 181', '44,4056, 8,9463', '44.4 north'])('%j is no place', text => {
  expect(parsePlace(text)).toBeUndefined()
})
