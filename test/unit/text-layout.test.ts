import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Text } from '../../runtime/contract/generated/ocl.v1.ts'
import { atMost, wrapped } from '../../runtime/engine/graphics/line-break.ts'
import { layoutOf, measureTexts } from '../../runtime/engine/graphics/text-layout.ts'
import { drawnText } from '../../runtime/ocl/text.ts'

/** Every character is 10 pixels wide. */
const measure = (value: string): number => 10 * [...value].length
const wrap = (value: string, characters: number): string[] => wrapped(value, 10 * characters, measure)
const text = (value: string, more: Partial<Text> = {}) => drawnText({ value, size: 20, ...more }, {}, () => {})

test.each([
  ['one two three', 7, ['one two', 'three']],
  ['unbreakable-word it is', 6, ['unbreakable-word', 'it is']],
  ['a\nb c', 3, ['a', 'b c']],
  ['', 3, ['']],
  ['船は九時に出ます', 3, ['船は九', '時に出', 'ます']],
  ['晴れ、風。弱い', 2, ['晴', 'れ、', '風。', '弱い']],
  ['「東」と', 2, ['「東」', 'と']],
  ['港口 live 直播', 4, ['港口', 'live', '直播']],
  ['😀🚢⚓️🌊👍🏽', 2, ['😀🚢', '⚓️', '🌊', '👍🏽']],
  ['เรือออกจากท่าเรือ', 8, ['เรือออก', 'จาก', 'ท่าเรือ']],
])('%s in lines of %i', (value, characters, lines) => {
  expect(wrap(value, characters)).toEqual(lines)
})

test('nothing but the spaces at the ends of lines gets lost, and no line is too long that could be broken', () => {
  const character = fc.constantFrom(...'ab  \n港口、「」です')
  fc.assert(
    fc.property(fc.string({ unit: character, maxLength: 60 }), fc.integer({ min: 4, max: 12 }), (value, characters) => {
      const lines = wrap(value, characters)
      expect(lines.join('').replace(/\s/g, '')).toBe(value.replace(/\s/g, ''))
      for (const line of lines)
        if (measure(line) > 10 * characters) expect(line.trimEnd()).not.toMatch(/\S \S|[a-b港口です]{2}[港口です]/)
    }),
  )
})

test('what is left out is told by an ellipsis that has room', () => {
  expect(atMost(['one two', 'three'], 2, 70, measure)).toEqual(['one two', 'three'])
  expect(atMost(['one two', 'three'], 1, 70, measure)).toEqual(['one tw…'])
  expect(atMost(['one', 'three'], 1, 70, measure)).toEqual(['one…'])
  expect(atMost(['👨‍👩‍👧👨‍👩‍👧', 'three'], 1, 60, measure)).toEqual(['👨‍👩‍👧…'])
})

test.each([
  ['Hafen נמל', undefined, 'ltr'],
  ['123 נמל Hafen', undefined, 'rtl'],
  ['… "ميناء"', undefined, 'rtl'],
  ['12:30', undefined, 'ltr'],
  ['ميناء', 'ltr', 'ltr'],
  ['Hafen', 'rtl', 'rtl'],
] as const)('%s with direction %s runs %s', (value, direction, runs) => {
  const one = text(value, direction && { direction })
  expect(layoutOf(one, { width: 200, height: 40 }).direction).toBe(runs)
})

test('shrink finds the largest size at which all of it fits, and never a larger one than asked for', () => {
  const box = { width: 300, height: 120 }
  const words = 'Ferry to the islands leaves at half past nine from the east pier'
  const { size, lines } = layoutOf(text(words, { size: 90, fit: 'shrink' }), box)
  expect(size).toBeGreaterThan(20)
  expect(size).toBeLessThan(40)
  expect(lines.map(({ value }) => value).join(' ')).toBe(words)
  expect(lines.length * size * 1.25).toBeLessThanOrEqual(box.height + 0.5)
  for (const { width } of lines) expect(width).toBeLessThanOrEqual(box.width + 0.5)
  const larger = layoutOf(text(words, { size: size * 1.03 }), box).lines
  expect(larger.length * size * 1.03 * 1.25 > box.height || larger.some(line => line.width > box.width)).toBe(true)
  expect(layoutOf(text('x', { fit: 'shrink' }), box).size).toBe(20)
})

test('a measured box has room for its own words, on as many lines', () => {
  const samples = ['Hafen', 'two\nlines', 'ميناء', '東京タワー', '👨‍👩‍👧 x', 'a\nb\nc']
  for (const value of samples)
    for (const more of [{}, { background: '#000000' }, { maxLines: 2 }, { font: 'Inter Black', lineHeight: 2 }]) {
      const one = text(value, more)
      const [size] = measureTexts({ texts: [one] })
      const { lines } = layoutOf(one, size)
      expect(lines).toHaveLength(Math.min(value.split('\n').length, one.maxLines ?? 9))
      const margin = 'background' in more ? 10 : 0
      for (const line of lines) {
        expect(line.x).toBeGreaterThanOrEqual(margin - 0.5)
        expect(line.x + line.width).toBeLessThanOrEqual(size.width - margin + 0.5)
      }
    }
})

test('a ticker is one line, however long', () => {
  const ticker = text(`${'News '.repeat(300)}\nand more`, { ticker: { speed: 100 } })
  const [{ width, height }] = measureTexts({ texts: [ticker] })
  expect(width).toBeGreaterThan(10_000)
  expect(height).toBe(25)
  const { lines } = layoutOf(ticker, { width, height })
  expect(lines).toHaveLength(1)
  expect(lines[0]).toMatchObject({ x: 0 })
})
