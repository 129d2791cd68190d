import { expect, test } from 'vitest'
import {
  arrivalWords,
  badgeOf,
  journeyWords,
  matching,
  moved,
  placeOfKey,
} from '../../nodes/ui-vistter-cameras/presets/listing.ts'
import { presetFile } from '../../nodes/ui-vistter-cameras/presets/preset-file.ts'

const NAMES = ['Altar', 'Choir', 'Nave, left']
const presets = NAMES.map((name, n) => ({ name, shotId: n === 1 ? 'shot-7' : null }))
const found = (sought: string) => matching(presets, sought).map(({ name }) => name)

test('presets are found by all words of what is looked for, in name or shot', () => {
  expect(found('')).toEqual(NAMES)
  expect(found('  left NA ')).toEqual(['Nave, left'])
  expect(found('SHOT')).toEqual(['Choir'])
  expect(found('altar 7')).toEqual([])
})

test('among ten thousand the wait for what is found is not felt', () => {
  const many = Array.from({ length: 10_000 }, (_, n) => ({ name: `Preset ${n}`, shotId: `shot-${n}` }))
  const begun = performance.now()
  expect(matching(many, 'preset 9999')).toHaveLength(1)
  expect(performance.now() - begun).toBeLessThan(100)
})

test('one of a list goes to another place, by hand or by keys, and never out of it', () => {
  expect(moved(['a', 'b', 'c'], 0, 2)).toEqual(['b', 'c', 'a'])
  expect(moved(['a', 'b', 'c'], 2, 0)).toEqual(['c', 'a', 'b'])
  expect(moved(['a', 'b', 'c'], 7, 0)).toEqual(['a', 'b', 'c'])
  expect(['ArrowUp', 'ArrowDown', 'Home', 'End', 'x'].map(key => placeOfKey(key, 0, 3))).toEqual([
    0,
    1,
    0,
    2,
    undefined,
  ])
})

test('arrivals, journeys and states are told in words', () => {
  const there = { arrived: true, ms: 1_240 }
  expect(arrivalWords({ ...there, verified: 'position' })).toBe('Arrived, verified, in 1.2 s')
  expect(arrivalWords({ ...there, verified: 'picture' })).toBe('Arrived, verified by its picture, in 1.2 s')
  expect(arrivalWords({ ...there, likeness: 0.4 })).toMatch('in 1.2 s, but the picture is another one')
  expect(arrivalWords(there)).toMatch('does not say where')
  expect(arrivalWords({ arrived: false, ms: 5_000, pending: true })).toMatch(/when it is back/)
  expect(journeyWords({ count: 0, p50: null, p95: null })).toBe('not measured yet')
  expect(journeyWords({ count: 9, p50: 800, p95: 1_900 })).toBe('there in 0.8 s, nearly always in 1.9 s')
  expect(
    ['ready', 'pending', 'repaired', 'lost'].map(state => badgeOf({ state } as Parameters<typeof badgeOf>[0])?.text),
  ).toEqual([undefined, 'Pending', 'Repaired', 'Lost'])
})

test('a file without presets is refused before it is sent', () => {
  expect(presetFile('{"presets":[{"name":"Altar"}]}').presets).toHaveLength(1)
  for (const text of ['', 'no json', '[]', '{"presets":1}', 'null'])
    expect(() => presetFile(text)).toThrow(expect.objectContaining({ detail: 'This file holds no presets.' }))
})
