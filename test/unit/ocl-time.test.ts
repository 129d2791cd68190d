import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parseDuration, parseFrameRate, parseTime } from '../../runtime/ocl/time.ts'

const clock = (ms: number): string => {
  const part = (value: number, digits: number) => String(value).padStart(digits, '0')
  const seconds = Math.floor(ms / 1_000)
  return `${part(Math.floor(seconds / 3_600), 2)}:${part(Math.floor(seconds / 60) % 60, 2)}:${part(seconds % 60, 2)}.${part(ms % 1_000, 3)}`
}

test('every form of a time gives back the milliseconds it was written from', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 99 * 3_600_000 }), ms => {
      expect(parseTime(ms)).toEqual({ ms, absolute: false })
      expect(parseTime(`t+${ms}ms`)).toEqual({ ms, absolute: false })
      expect(parseTime(clock(ms))).toEqual({ ms, absolute: true })
      expect(parseDuration(`${ms}ms`)).toBe(ms)
      expect(parseDuration(`${ms / 1_000}s`)).toBe(ms)
      expect(parseDuration(clock(ms))).toBe(ms)
    }),
  )
  expect(parseTime('t+2s')).toEqual({ ms: 2_000, absolute: false })
  expect(parseTime('t+1.5s')).toEqual({ ms: 1_500, absolute: false })
  expect(parseTime('00:01:23.500')).toEqual({ ms: 83_500, absolute: true })
  expect(parseTime('00:01:23.5')).toEqual({ ms: 83_500, absolute: true })
  expect(parseDuration('5s')).toBe(5_000)
  expect(parseDuration('00:00:05.000')).toBe(5_000)
})

test.each([
  '',
  't',
  't+',
  't+5',
  't-5ms',
  '5s ',
  '00:60:00',
  '00:00:60',
  '1:2:3',
  't+-5ms',
  't+1e3ms',
  -1,
  Number.NaN,
  Number.POSITIVE_INFINITY,
  null,
  {},
  [],
])('not a time: %j', value => {
  expect(parseTime(value)).toBeUndefined()
})

test.each(['', 't+5s', '5', '5m', '-5s', '00:00', -1, Number.NaN, true, null])('not a duration: %j', value => {
  expect(parseDuration(value)).toBeUndefined()
})

test('any text at all is either a time or refused, never an error', () => {
  fc.assert(
    fc.property(fc.anything(), value => {
      const time = parseTime(value)
      const duration = parseDuration(value)
      expect(time === undefined || (Number.isFinite(time.ms) && time.ms >= 0)).toBe(true)
      expect(duration === undefined || (Number.isFinite(duration) && duration >= 0)).toBe(true)
    }),
  )
})

test('frame rates', () => {
  expect(parseFrameRate(60)).toBe(60)
  expect(parseFrameRate('60000/1001')).toBeCloseTo(59.94, 3)
  for (const wrong of [0, 241, '0', '1/0', 'x', '30/']) expect(parseFrameRate(wrong)).toBeUndefined()
})
