import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { DataFormat, Unit } from '../../runtime/contract/generated/ocl.v1.ts'
import { timeText } from '../../runtime/ocl/data/calendar.ts'
import { countdownText } from '../../runtime/ocl/data/countdown.ts'
import { formatted, numberText } from '../../runtime/ocl/data/format.ts'
import { converted, sameKind, signOf } from '../../runtime/ocl/data/unit.ts'
import { anyFormat, anyPlace } from './ocl-data-arbitrary.ts'

const at = (locale: string, timezone = 'UTC') => ({ locale, timezone })
/** Spaces of every kind as one: which of them a language puts is not ours to test. */
const plain = (text: string): string => text.replaceAll(/\s/g, ' ')
const say = (value: string, format: DataFormat, locale = 'en-US', timezone?: string) =>
  plain(formatted(value, format, at(locale, timezone)))

test.each<[string, Omit<Extract<DataFormat, { type: 'number' }>, 'type'>, string, string]>([
  ['1234.5', {}, 'en-US', '1,235'],
  ['1234.5', { decimals: 2 }, 'de', '1.234,50'],
  ['1234.5', { decimals: 1 }, 'fr', '1 234,5'],
  ['1234', {}, 'es', '1234'],
  ['12345', {}, 'es', '12.345'],
  ['1234567', {}, 'en-IN', '12,34,567'],
  ['1234', { grouping: false }, 'en-US', '1234'],
  ['7', { sign: 'always' }, 'en-US', '+7'],
  ['-7', { sign: 'auto' }, 'en-US', '-7'],
  ['-0.4', {}, 'en-US', '0'],
  ['-0.4', { decimals: 1 }, 'en-US', '-0.4'],
  ['55', { unit: '%' }, 'en-US', '55 %'],
  [' 3e2 ', {}, 'en-US', '300'],
  ['+4', {}, 'en-US', '4'],
  ['2.5', {}, 'en-US', '3'],
  ['n/a', { unit: '%' }, 'en-US', 'n/a'],
  ['', {}, 'en-US', ''],
  ['0x10', {}, 'en-US', '0x10'],
  ['1,5', { decimals: 1 }, 'de', '1,5'],
  ['Infinity', {}, 'en-US', 'Infinity'],
  ['1e999', {}, 'en-US', '1e999'],
  ['1234', {}, 'no such language!', '1,234'],
])('number %j as %j in %s: %s', (value, format, locale, text) => {
  expect(say(value, { type: 'number', ...format }, locale)).toBe(text)
})

test('a number that an automation counts is written alike', () => {
  expect(plain(numberText(1_234.5, { type: 'number', decimals: 1, unit: 'm' }, 'de'))).toBe('1.234,5 m')
})

test('between a number and its unit there is a narrow space at which no line breaks', () => {
  expect(formatted('5', { type: 'number', unit: 'm' }, at('en-US'))).toBe('5\u202fm')
})

test.each<[string, Unit, Unit, number | undefined, string, string]>([
  ['21', 'celsius', 'fahrenheit', 0, 'en-US', '70 °F'],
  ['-40', 'fahrenheit', 'celsius', 0, 'en-US', '-40 °C'],
  ['-0.2', 'celsius', 'celsius', 0, 'en-US', '0 °C'],
  ['0', 'celsius', 'kelvin', 2, 'de', '273,15 K'],
  ['10', 'm/s', 'km/h', undefined, 'en-US', '36 km/h'],
  ['10', 'm/s', 'knots', 1, 'en-US', '19.4 kn'],
  ['100', 'km/h', 'mph', 1, 'en-US', '62.1 mph'],
  ['1000', 'm', 'ft', 0, 'en-US', '3,281 ft'],
  ['1', 'mi', 'km', 3, 'en-US', '1.609 km'],
  ['1', 'nmi', 'm', 0, 'en-US', '1,852 m'],
  ['25.4', 'mm', 'in', 2, 'en-US', '1.00 in'],
  ['1013.25', 'hPa', 'inHg', 2, 'en-US', '29.92 inHg'],
  ['1013.25', 'hPa', 'mmHg', 0, 'en-US', '760 mmHg'],
  ['21', 'celsius', 'km', 0, 'en-US', '21'],
  ['mild', 'celsius', 'fahrenheit', 0, 'en-US', 'mild'],
])('%s %s in %s with %s decimals in %s: %s', (value, from, to, decimals, locale, text) => {
  expect(say(value, { type: 'unit', from, to, ...(decimals !== undefined && { decimals }) }, locale)).toBe(text)
})

const units: Unit[] = [
  ...(['celsius', 'fahrenheit', 'kelvin', 'm/s', 'km/h', 'mph', 'knots'] as const),
  ...(['m', 'km', 'ft', 'mi', 'nmi', 'mm', 'in', 'hPa', 'inHg', 'mmHg'] as const),
]

test('a value turned into another unit and back is the value, and order is kept', () => {
  const unit = fc.constantFrom(...units)
  const value = fc.double({ min: -1e6, max: 1e6, noNaN: true })
  fc.assert(
    fc.property(value, value, unit, unit, (a, b, from, to) => {
      const there = converted(a, from, to)
      if (!sameKind(from, to)) {
        expect(there).toBeUndefined()
        return
      }
      const back = converted(there ?? Number.NaN, to, from) ?? Number.NaN
      expect(Math.abs(back - a)).toBeLessThanOrEqual(1e-6 * Math.max(1, Math.abs(a)))
      const other = converted(b, from, to) ?? Number.NaN
      if (a < b) expect(there).toBeLessThanOrEqual(other)
    }),
  )
  expect(new Set(units.map(signOf)).size).toBe(units.length)
})

const boats = { type: 'plural', zero: 'no boats', one: '# boat', other: '# boats' } as const
const russian = { type: 'plural', one: '# лодка', few: '# лодки', many: '# лодок', other: '# лодки' } as const
const arabic = { type: 'plural', two: 'two', few: 'few', many: 'many', other: 'other' } as const

test.each<[string, Extract<DataFormat, { type: 'plural' }>, string, string]>([
  ['0', boats, 'en', 'no boats'],
  ['1', boats, 'en', '1 boat'],
  ['1.5', boats, 'en', '1.5 boats'],
  ['2000', boats, 'en', '2,000 boats'],
  ['-1', boats, 'en', '-1 boat'],
  ['0', { type: 'plural', one: '# bateau', other: '# bateaux' }, 'fr', '0 bateau'],
  ['1', russian, 'ru', '1 лодка'],
  ['3', russian, 'ru', '3 лодки'],
  ['5', russian, 'ru', '5 лодок'],
  ['21', russian, 'ru', '21 лодка'],
  ['0', russian, 'ru', '0 лодок'],
  ['2', arabic, 'ar', 'two'],
  ['5', arabic, 'ar', 'few'],
  ['11', arabic, 'ar', 'many'],
  ['100', arabic, 'ar', 'other'],
  ['0', arabic, 'ar', 'other'],
  ['10', { type: 'plural', zero: 'none', other: '# x' }, 'lv', '10 x'],
  ['many', boats, 'en', 'many'],
])('plural of %s by %j in %s: %s', (value, format, locale, text) => {
  expect(say(value, format, locale)).toBe(text)
})

test.each([
  ['1', 'Open'],
  ['2', 'Closed'],
  ['toString', 'Unknown'],
])('%s is mapped to %s', (value, text) => {
  expect(say(value, { type: 'map', values: { 1: 'Open', 2: 'Closed' }, other: 'Unknown' })).toBe(text)
})
test('without a word for others a value stands for itself', () => {
  expect(say('3', { type: 'map', values: { 1: 'Open' } })).toBe('3')
  expect(say('__proto__', { type: 'map', values: {} })).toBe('__proto__')
})

/** A Monday. */
const MOMENT = '2026-11-23T06:05:04.007Z'

test.each([
  ['yyyy-LL-dd HH:mm:ss.SSS', 'en-US', 'UTC', '2026-11-23 06:05:04.007'],
  ['d/L/yy H:m:s', 'en-US', 'UTC', '23/11/26 6:5:4'],
  ['EEEE, d LLLL', 'en-US', 'UTC', 'Monday, 23 November'],
  ['EEE d. LLL', 'de', 'UTC', 'Mo 23. Nov.'],
  ['d LLLL', 'ru', 'UTC', '23 ноября'],
  ['LLLL yyyy', 'ru', 'UTC', 'ноябрь 2026'],
  ['LLLL d', 'ja', 'UTC', '11月 23'],
  ['h:mm a', 'en-US', 'America/New_York', '1:05 AM'],
  ['hh:mm a', 'en-US', 'Asia/Tokyo', '03:05 PM'],
  ['HH:mm', 'de', 'Europe/Berlin', '07:05'],
  ['HH:mm', 'de', 'Asia/Kathmandu', '11:50'],
  ['HH:mm', 'ar-EG', 'UTC', '٠٦:٠٥'],
  ['yyyy', 'th', 'UTC', '2026'],
  ["h 'o''clock'", 'en-US', 'UTC', "6 o'clock"],
  ["''yy", 'en-US', 'UTC', "'26"],
  ["HH 'Uhr", 'de', 'UTC', '06 Uhr'],
  ['x y E S', 'en-US', 'UTC', 'x y E S'],
])('date %s in %s, %s: %s', (pattern, locale, timezone, text) => {
  expect(say(MOMENT, { type: 'date', pattern }, locale, timezone)).toBe(text)
  expect(say(String(Date.parse(MOMENT)), { type: 'date', pattern, timezone }, locale)).toBe(text)
})

test('midnight and noon, and the nights on which clocks are put forward and back', () => {
  const time = (moment: string, timezone: string) => say(moment, { type: 'date', pattern: 'H h a' }, 'en-US', timezone)
  expect(time('2026-01-01T00:00:00Z', 'UTC')).toBe('0 12 AM')
  expect(time('2026-01-01T12:00:00Z', 'UTC')).toBe('12 12 PM')
  expect(time('2026-03-29T00:59:59.999Z', 'Europe/Berlin')).toBe('1 1 AM')
  expect(time('2026-03-29T01:00:00Z', 'Europe/Berlin')).toBe('3 3 AM')
  expect(time('2026-10-25T00:30:00Z', 'Europe/Berlin')).toBe('2 2 AM')
  expect(time('2026-10-25T01:30:00+00:00', 'Europe/Berlin')).toBe('2 2 AM')
})

test.each(['soon', '', '2026-11-23', '23.11.2026', '2026-13-01T00:00:00Z', '1e17', 't 1'])('%j is no time', value => {
  expect(say(value, { type: 'date', pattern: 'yyyy' })).toBe(value)
})

test('a time written as RFC 3339 is the moment it was written from', () => {
  const ms = fc.integer({ min: 0, max: Date.UTC(9_999, 0) })
  fc.assert(
    fc.property(ms, moment => {
      const text = timeText(moment, "yyyy-LL-dd'T'HH:mm:ss.SSS'Z'", 'en-US', 'UTC')
      expect(text).toBe(new Date(moment).toISOString())
    }),
    { numRuns: 200 },
  )
})

test.each([
  [5_400, 'mm:ss', '90:00'],
  [5_400, 'hh:mm:ss', '01:30:00'],
  [5_400, 'HH:mm', '01:30'],
  [90_061, "d 'd' h:mm:ss", '1 d 1:01:01'],
  [90_061, "d 'd' ss", '1 d 3661'],
  [90_061, 'ss', '90061'],
  [59, 'm:ss', '0:59'],
  [0, 'mm:ss', '00:00'],
  [7, 'L s', 'L 7'],
])('%s s as %s: %s', (seconds, pattern, text) => {
  expect(countdownText(seconds, pattern, 'en-US')).toBe(text)
})

test('whatever comes is written somehow: no value, format, language or time zone breaks a text', () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.double().map(String),
        fc.date({ noInvalidDate: true }).map(date => date.toISOString()),
      ),
      anyFormat,
      anyPlace,
      (value, format, place) => {
        expect(typeof formatted(value, format, place)).toBe('string')
      },
    ),
    { numRuns: 300 },
  )
})
