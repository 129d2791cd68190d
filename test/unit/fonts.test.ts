import { createRequire } from 'node:module'
import { expect, test } from 'vitest'
import { charactersOf, includes } from '../../runtime/engine/graphics/font-file.ts'
import { sliceOf } from '../../runtime/engine/graphics/font-shelf.ts'
import { typefaceOf } from '../../runtime/engine/graphics/fonts.ts'
import { FAMILIES } from '../../runtime/ocl/fonts.ts'

const { resolve } = createRequire(import.meta.url)

const namesOf = (font: string, value: string, locale?: string): string[] =>
  [
    ...typefaceOf(font, value, locale)
      .at(10)
      .matchAll(/"vistter-([a-z-]+?)(-\d+)?"/g),
  ].map(([, name]) => name)

test('the characters of a font are read from OpenType and from WOFF 2.0', () => {
  const inter = charactersOf(resolve('@expo-google-fonts/inter/400Regular/Inter_400Regular.ttf'))
  const thai = charactersOf(resolve('@fontsource-variable/noto-sans-thai/files/noto-sans-thai-thai-wght-normal.woff2'))
  for (const [code, inInter, inThai] of [
    [0x41, true, false],
    [0x0416, true, false],
    [0x0e01, false, true],
    [0x0e5b, false, true],
    [0x4e00, false, false],
  ] as const)
    expect([includes(inter, code), includes(thai, code)]).toEqual([inInter, inThai])
})

test.each([
  ['Latin', 0x20, 0x7e],
  ['Latin with accents', 0xa1, 0x17f],
  ['Greek', 0x3ac, 0x3ce],
  ['Cyrillic', 0x400, 0x52f],
  ['Hebrew', 0x5d0, 0x5ea],
  ['Arabic', 0x620, 0x65e],
  ['Devanagari', 0x900, 0x97f],
  ['Thai', 0xe01, 0xe3a],
  ['Hiragana', 0x3041, 0x3096],
  ['Katakana', 0x30a1, 0x30fa],
  ['Hangul', 0xac00, 0xd7a3],
  ['emoji', 0x1f600, 0x1f64f],
])('the bundled fonts have all of %s', (_, first, last) => {
  for (let code = first; code <= last; code++)
    if (!FAMILIES.some(family => sliceOf(family, code)))
      expect.fail(`U+${code.toString(16)} ${String.fromCodePoint(code)}`)
})

test('a character comes from the family that is asked for, else from the first that has it', () => {
  expect(namesOf('Inter', 'Hafen Порт Λιμάνι')).toEqual(['inter'])
  expect(namesOf('Arial Bold', 'x')).toEqual(['inter'])
  expect(namesOf('Inter', 'x ميناء')).toEqual(['inter', 'noto-sans-arabic-arabic'])
  expect(namesOf('Noto Sans JP Bold', '港')).not.toContain('inter')
  expect(typefaceOf('Noto Sans JP Bold', 'a').at(20)).toMatch(/^700 20px /)
  expect(namesOf('Inter', '⚡')).toContain('emoji')
  expect(namesOf('Inter', '1')).not.toContain('emoji')
})

test.each([
  ['直播', undefined, 'noto-sans-sc'],
  ['直播', 'ja-JP', 'noto-sans-jp'],
  ['直播', 'ko', 'noto-sans-kr'],
  ['直播です', 'zh-CN', 'noto-sans-jp'],
  ['直播 방송', 'ja', 'noto-sans-kr'],
])('%s in a document of language %s has the forms of %s', (value, locale, name) => {
  expect(namesOf('Inter', value, locale)).toContain(name)
})

test('what no font has is named, and only that', () => {
  expect(typefaceOf('Inter', 'a\u{12000}\u{E123}\u{12000}').missing).toEqual(['\u{12000}', '\u{E123}'])
  expect(typefaceOf('Inter', 'a\u{12000}b')).toMatchObject({ value: 'a□b' })
  // Joiners, marks of direction, line feeds and the parts of a flag are not seen by themselves.
  expect(typefaceOf('Inter', 'a\n\u200f\u200d👨‍👩‍👧🏴󠁧󠁢󠁷󠁬󠁳󠁿❤️').missing).toEqual([])
  expect(typefaceOf('Inter', 'bell\u0007 tab\tend')).toMatchObject({ value: 'bell tab end', missing: [] })
  expect(typefaceOf('Inter', 'lone \ud800').value).toBe('lone \ufffd')
})

test('a text of many fonts is cut into pieces of one font each; one with right-to-left letters stays whole', () => {
  const value = `Live 1️⃣ ${Array.from({ length: 300 }, (_, n) => String.fromCodePoint(0x4e00 + 25 * n)).join('')} 👨‍👩‍👧 é`
  const face = typefaceOf('Inter', value)
  const runs = face.runsOf(face.value)
  expect(face.at(10).match(/vistter/g)?.length).toBeGreaterThan(20)
  expect(runs.map(run => run.value).join('')).toBe(face.value)
  expect(runs[0]).toMatchObject({ value: 'Live ' })
  for (const run of runs) expect(run.at(10).match(/vistter/g)?.length).toBeLessThanOrEqual(2)
  expect(runs.find(run => run.value.includes('1️⃣'))?.at(10)).toContain('emoji')
  expect(runs.some(run => run.value.includes('👨‍👩‍👧'))).toBe(true)

  expect(typefaceOf('Inter', 'Live 港口').runsOf('Live 港口')).toHaveLength(1)
  const mixed = typefaceOf('Inter', `${value} ميناء`)
  expect(mixed.runsOf(mixed.value)).toHaveLength(1)
})
