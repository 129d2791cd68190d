import { expect, test } from 'vitest'
import { bitrate, fileSize, span } from '../../nodes/lib-ui/format.ts'

test.each([
  [0, '0 kbit/s'],
  [128.4, '128 kbit/s'],
  [999, '999 kbit/s'],
  [1_000, '1.0 Mbit/s'],
  [4_480, '4.5 Mbit/s'],
])('%d kbit/s reads %s', (kbits, text) => {
  expect(bitrate(kbits)).toBe(text)
})

test.each([
  [-5_000, '0 s'],
  [59_999, '59 s'],
  [60_000, '1 min'],
  [3_599_000, '59 min'],
  [12_000_000, '3 h 20 min'],
  [187_200_000, '2 d 4 h'],
])('a span of %d ms reads %s', (ms, text) => {
  expect(span(ms)).toBe(text)
})

test.each([
  [0, '0 kB'],
  [400, '1 kB'],
  [999_000, '999 kB'],
  [5_000_000, '5 MB'],
  [1_234_567_890, '1.23 GB'],
])('%d bytes read %s', (bytes, text) => {
  expect(fileSize(bytes)).toBe(text)
})
