import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { DataBinding, OclDocument } from '../../runtime/contract/generated/ocl.v1.ts'
import { sayData } from '../../runtime/ocl/data/say.ts'
import { bindingsOf, sayToken } from '../../runtime/ocl/data/tokens.ts'
import type { DataWorld } from '../../runtime/ocl/data/types.ts'
import { validateOcl } from '../../runtime/ocl/index.ts'
import { documentOf } from './ocl-arbitrary.ts'
import { anyBinding, anyValue, anyWorld, START } from './ocl-data-arbitrary.ts'

const world = (since = 0, more: Partial<DataWorld> = {}): DataWorld => ({
  now: START + since,
  locale: 'en-US',
  timezone: 'UTC',
  ...more,
})
const FOREVER = Number.POSITIVE_INFINITY
const MINUTE = 60_000
const text = (binding: DataBinding, at: DataWorld) => sayData(binding, undefined, at).text

test('until the moment it names, a token says the same', () => {
  const where = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true })
  fc.assert(
    fc.property(anyBinding, fc.option(anyValue, { nil: undefined }), anyWorld, where, (binding, value, at, part) => {
      const said = sayData(binding, value, at)
      expect(said.until).toBeGreaterThan(at.now)
      const span = Math.min(said.until - at.now, 1e9)
      // What lacks 1 µs to the moment counts as the moment: that is the rounding of a frame's time.
      const later = at.now + Math.min(span * part, span - 0.01)
      expect(sayData(binding, value, { ...at, now: Math.max(at.now, later) })).toEqual(said)
    }),
    { numRuns: 500 },
  )
})

test('asked in any order, the same moment says the same, and never too much', () => {
  fc.assert(
    fc.property(anyBinding, anyValue, anyWorld, (binding, value, at) => {
      const long = { ...value, value: value.value.repeat(500) }
      const said = sayData(binding, long, at)
      sayData(binding, value, { ...at, now: at.now + 12_345 })
      expect(sayData(binding, long, at)).toEqual(said)
      expect(said.text?.length ?? 0).toBeLessThanOrEqual(2_000)
    }),
    { numRuns: 200 },
  )
  const said = sayData({ key: 'k' }, { value: `a${'😀'.repeat(1_500)}` }, world()).text
  expect(said?.isWellFormed()).toBe(true)
})

describe('a stale value', () => {
  const format = { type: 'unit', from: 'celsius', to: 'celsius', decimals: 1 } as const
  const value = { value: '21.25', at: START }
  const bound = (onStale?: DataBinding['onStale']): DataBinding => ({
    ...{ key: 't', format, ttl: '15s', staleText: 'no word' },
    ...(onStale && { onStale }),
  })
  const fresh = '21.3\u202f°C'

  test.each([
    [undefined, fresh, false],
    ['keep', fresh, false],
    ['hide', fresh, true],
    ['text', 'no word', false],
    ['age', `${fresh} (15 sec. ago)`, false],
  ] as const)('%s: %s', (rule, shown, hidden) => {
    expect(sayData(bound(rule), value, world(14_999))).toEqual({ text: fresh, hidden: false, until: START + 15_000 })
    expect(sayData(bound(rule), value, world(15_000))).toMatchObject({ text: shown, hidden })
  })

  test.each([
    [59_999, '59 sec. ago', 60_000],
    [60_000, '1 min. ago', 120_000],
    [59.9 * MINUTE, '59 min. ago', 60 * MINUTE],
    [60 * MINUTE, '1 hr. ago', 120 * MINUTE],
    [47.9 * 60 * MINUTE, '1 day ago', 48 * 60 * MINUTE],
  ])('after %s ms is %s old', (since, age, next) => {
    const said = sayData(bound('age'), value, world(since))
    expect(said).toEqual({ text: `${fresh} (${age})`, hidden: false, until: START + next })
  })

  test('tells its age in the language of the document', () => {
    expect(sayData(bound('age'), value, world(5 * MINUTE, { locale: 'de' })).text).toBe('21,3\u202f°C (vor 5 Min.)')
  })

  test('by its own ttl rather than the binding’s; a setting never', () => {
    const rule = bound('text')
    expect(sayData(rule, { ...value, ttl: 1_000 }, world(1_000)).text).toBe('no word')
    expect(sayData(rule, { ...value, ttl: 60_000 }, world(59_999)).text).toBe(fresh)
    expect(sayData(rule, { value: '21.25' }, world(1e12))).toEqual({ text: fresh, hidden: false, until: FOREVER })
    expect(sayData({ key: 't', onStale: 'text' }, value, world(1e12)).text).toBe('21.25')
  })

  test('turns on the frame that is due, whatever its time lacks by rounding', () => {
    const frame = (15_000 * 30) / 1_000
    expect(sayData(bound('text'), value, world((frame * 1_000) / 30 - 0.000_5)).text).toBe('no word')
    expect(sayData(bound('text'), value, world(((frame - 1) * 1_000) / 30)).text).toBe(fresh)
  })
})

describe('a clock', () => {
  const clock = (pattern: string, timezone?: string): DataBinding => ({
    key: 'now',
    clock: { pattern, ...(timezone && { timezone }) },
  })

  test.each([
    ['HH:mm:ss', undefined, '06:00:59', 60_000],
    ['HH:mm', undefined, '06:00', 60_000],
    ['HH:mm', 'Asia/Kathmandu', '11:45', 60_000],
    ['ss.SSS', undefined, '59.250', 59_251],
    ['EEEE', undefined, 'Monday', 60_000],
  ])('%s in %s: %s', (pattern, timezone, shown, next) => {
    expect(sayData(clock(pattern, timezone), undefined, world(59_250))).toEqual({
      text: shown,
      hidden: false,
      until: START + next,
    })
  })

  test('goes by the site where it names no time zone', () => {
    expect(text(clock('HH'), world(0, { timezone: 'America/New_York' }))).toBe('01')
    expect(text(clock('HH', 'Mars/Olympus'), world(0, { timezone: 'America/New_York' }))).toBe('06')
  })

  test.each([23.976, 25, 29.97, 30, 50, 59.94, 60])('turns on the first frame of each second at %s fps', fps => {
    const rate = fps === Math.round(fps) ? fps : (Math.round(fps) * 1_000) / 1_001
    for (let second = 1; second <= 20; second++) {
      const frame = Math.ceil(second * rate - 1e-9)
      const on = text(clock('s'), world((frame * 1_000) / rate))
      const before = text(clock('s'), world(((frame - 1) * 1_000) / rate))
      expect([before, on]).toEqual([String(second - 1), String(second)])
    }
  })
})

describe('a countdown', () => {
  const to = new Date(START + 90_000).toISOString()
  const countdown = (more: Partial<NonNullable<DataBinding['countdown']>> = {}): DataBinding => ({
    key: 'left',
    countdown: { to, pattern: 'mm:ss', ...more },
  })

  test.each([
    [0, '01:30', 1_000],
    [1, '01:30', 1_000],
    [999, '01:30', 1_000],
    [1_000, '01:29', 2_000],
    [89_000, '00:01', 90_000],
    [89_999, '00:01', 90_000],
    [90_000, '00:00', FOREVER],
    [99_999, '00:00', FOREVER],
  ])('after %s ms: %s', (since, shown, next) => {
    expect(sayData(countdown(), undefined, world(since))).toEqual({ text: shown, hidden: false, until: START + next })
  })

  test('of minutes changes each minute, and says what it is to say afterwards', () => {
    const minutes = countdown({ pattern: "m 'min'", done: 'Live now' })
    expect(sayData(minutes, undefined, world())).toMatchObject({ text: '1 min', until: START + 31_000 })
    expect(sayData(minutes, undefined, world(31_000))).toMatchObject({ text: '0 min', until: START + 90_000 })
    expect(text(minutes, world(90_000))).toBe('Live now')
  })

  test('to a moment of the document goes by the document', () => {
    const own = countdown({ to: 't+60s' })
    const timeline = { at: 45_500, timeOf: (time: string) => (time === 't+60s' ? 60_000 : undefined) }
    expect(sayData(own, undefined, world(0, { timeline }))).toMatchObject({ text: '00:15', until: START + 500 })
    // One to a moment of the world does not.
    expect(text(countdown(), world(0, { timeline }))).toBe('01:30')
  })

  test('to a moment that is not known shows what stands in for it', () => {
    expect(text({ ...countdown({ to: 't+60s' }), default: 'soon' }, world())).toBe('soon')
  })
})

describe('the value of a token comes from', () => {
  const pushed = { a: { value: 'pushed', at: START, ttl: 1_000 } }
  const segment = { a: 'segment', b: 'segment' }
  const site = { a: 'site', b: 'site', c: 'site', number: 'site' }
  const bindings = bindingsOf([
    { key: 'b', format: { type: 'map', values: { segment: 'bound' } } },
    { key: 'd', default: 'nothing yet' },
    { key: 'now', clock: { pattern: 'HH:mm' } },
  ])
  const said = (name: string, since = 0, number?: string) =>
    sayToken(name, { bindings, pushed, segment, site, ...(number && { number }) }, world(since))

  test.each([
    ['a', 'pushed'],
    ['b', 'bound'],
    ['c', 'site'],
    ['d', 'nothing yet'],
    ['now', '06:00'],
    ['number', 'site'],
    ['e', undefined],
    ['constructor', undefined],
  ])('%s: %s', (name, shown) => expect(said(name).text).toBe(shown))

  test('the automation’s number, before all', () => expect(said('number', 0, '7').text).toBe('7'))

  test('the next one that has it when what was pushed is over and nobody bound it', () => {
    expect(said('a', 999)).toMatchObject({ text: 'pushed', until: START + 1_000 })
    expect(said('a', 1_000)).toEqual({ text: 'segment', hidden: false, until: FOREVER })
  })

  test('the later written of two bindings', () => {
    const twice = bindingsOf([
      { key: 'x', default: '1' },
      { key: 'x', default: '2' },
    ])
    expect(sayToken('x', { bindings: twice }, world()).text).toBe('2')
  })

  test('values alone, never from what stands in a value', () => {
    expect(sayToken('x', { pushed: { x: { value: '{{c}} $& #' } }, site }, world()).text).toBe('{{c}} $& #')
  })
})

test('what the guide shows of live data is valid, and says what it tells', () => {
  const guide = readFileSync(join(import.meta.dirname, '../../docs/studio/ocl.md'), 'utf8')
  const [, members] = /```text\n("locale"[\s\S]*?)```/.exec(guide) ?? []
  const part = JSON.parse(`{${members}}`) as Pick<OclDocument, 'data' | 'locale'>
  expect(validateOcl(documentOf([], part))).toMatchObject({ ok: true, warnings: [] })
  const values = { temperature: '21.4', boats: '0', sunset: '2026-11-23T15:10:00Z', flag: 'r' }
  const pushed = Object.fromEntries(Object.entries(values).map(([key, value]) => [key, { value, at: START }]))
  const bindings = bindingsOf(part.data)
  const said = (name: string) =>
    sayToken(name, { bindings, pushed }, world(1_200_000, { locale: part.locale ?? '' })).text
  expect([...bindings.keys()].map(said)).toEqual([
    '71\u202f°F (20 min ago)',
    'no boats',
    '16:10',
    'Stopped',
    '06:20',
    expect.stringMatching(/^\d+:\d\d$/),
  ])
})
