import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { DataBinding } from '../../runtime/contract/generated/ocl.v1.ts'
import { nextChange, resolve } from '../../runtime/ocl/resolve.ts'
import { spriteKeyOf, spritesOf } from '../../runtime/ocl/sprites.ts'
import type { ResolveContext } from '../../runtime/ocl/types.ts'
import { documentOf } from './ocl-arbitrary.ts'
import { anyBinding, anyPlace, anyValue, START } from './ocl-data-arbitrary.ts'

const cue = (value: string, more = {}) => ({ id: value, start: 0, duration: '60s', layer: 0, text: { value }, ...more })
const context = (more: Partial<NonNullable<ResolveContext['live']>> = {}, rest: ResolveContext = {}) => ({
  ...rest,
  live: { startedAt: START, timezone: 'UTC', ...more },
})
const documentWith = (value: string, data: DataBinding[], rest = {}) => documentOf([cue(value)], { data, ...rest })
const wordsOf = (...args: Parameters<typeof resolve>) =>
  resolve(...args).layers.map(layer => (layer.kind === 'text' ? layer.text.value : layer.kind))

const looping = { timeline: { ...documentOf([]).timeline, duration: '20s', loop: true } }
/** Any document that shows one bound token and one that was only pushed, and any world. */
const anyLive = fc
  .tuple(anyBinding, anyValue, anyValue, anyPlace, fc.boolean())
  .map(([binding, k, free, place, loop]) => {
    const document = documentWith('{{k}} {{free}}', [binding], { locale: place.locale, ...(loop && looping) })
    return { document, context: context({ timezone: place.timezone, data: { k, free } }) }
  })
const moment = fc.integer({ min: 0, max: 3_599 }).map(frame => (frame * 1_000) / 60)

test('seek gives what play gives, in whatever order moments are asked for', () => {
  fc.assert(
    fc.property(anyLive, fc.array(moment, { minLength: 2, maxLength: 6 }), ({ document, context: world }, moments) => {
      const played = new Map([...moments].sort((a, b) => a - b).map(t => [t, resolve(document, t, world).layers]))
      for (const t of moments) {
        expect(resolve(document, t, world).layers).toEqual(played.get(t))
        expect(resolve(structuredClone(document), t, structuredClone(world)).layers).toEqual(played.get(t))
      }
    }),
    { numRuns: 100 },
  )
})

test('nothing changes before nextChange', () => {
  const part = fc.double({ min: 0, max: 0.999_999, noNaN: true })
  fc.assert(
    fc.property(anyLive, moment, part, ({ document, context: world }, t, where) => {
      const next = nextChange(document, t, world)
      expect(next).toBeGreaterThan(t)
      const later = t + (Math.min(next, t + 120_000) - t) * where
      expect(wordsOf(document, later, structuredClone(world))).toEqual(wordsOf(document, t, world))
    }),
    { numRuns: 200 },
  )
})

describe('exactness', () => {
  const data: DataBinding[] = [
    { key: 'clock', clock: { pattern: 's' } },
    { key: 'left', countdown: { to: new Date(START + 30_000).toISOString(), pattern: 's' } },
    { key: 'gust', ttl: '5s', onStale: 'text', staleText: 'old' },
  ]
  const gust = { gust: { value: 'new', at: START } }

  /** As the mixer does it: asked again only when it may have changed. */
  test.each([
    [24_000, 1_001],
    [25, 1],
    [30_000, 1_001],
    [30, 1],
    [50, 1],
    [60_000, 1_001],
    [60, 1],
  ])('at %i/%i frames a second each turns on the very frame', (num, den) => {
    // An overlay starts between two ms of the world.
    for (const startedAt of [START, START + 1 / 3, START - 0.217]) {
      const document = documentWith('{{clock}} {{left}} {{gust}}', data)
      const world = context({ startedAt, data: gust })
      let validUntil = Number.NEGATIVE_INFINITY
      let words = ''
      const late: string[] = []
      for (let frame = 0; frame < (20 * num) / den; frame++) {
        // What rounding takes of a frame's time must not make it late.
        const t = (frame * 1_000 * den) / num - ((frame % 7) / 7) * 0.000_8
        if (t >= validUntil) {
          words = wordsOf(document, t, world)[0] ?? ''
          validUntil = nextChange(document, t, world)
        }
        // By whole numbers: µs of the world since START.
        const micro = Math.round((startedAt - START) * 1_000 + (frame * 1_000_000 * den) / num)
        const second = Math.floor(micro / 1_000_000)
        const due = `${(60 + second) % 60} ${30 - second} ${micro >= 5_000_000 ? 'old' : 'new'}`
        if (words !== due) late.push(`frame ${frame}: ${words} instead of ${due}`)
      }
      expect(late).toEqual([])
    }
  })

  test('between two changes nothing is asked again', () => {
    const document = documentWith('{{clock}}', data)
    const next = [0, 500, 1_000, 59_500].map(t => nextChange(document, t, context()))
    expect(next).toEqual([1_000, 1_000, 2_000, 60_000].map(t => expect.closeTo(t, 1)))
  })
})

test('in a loop the time of the world goes on, and that of the document begins anew', () => {
  const data: DataBinding[] = [
    { key: 'clock', clock: { pattern: 's' } },
    { key: 'left', countdown: { to: 't+20s', pattern: 's' } },
  ]
  const document = documentWith('{{clock}}/{{left}}', data, looping)
  expect([0, 7_000, 19_999, 20_000, 27_000].map(t => wordsOf(document, t, context())[0])).toEqual([
    ...['0/20', '7/13', '19/1', '20/20', '27/13'],
  ])
})

test('a scene that is played alone begins with the time at which it was started', () => {
  const second = { id: 's2', start: 't+100s', tracks: [{ id: 'k', kind: 'any', cues: [cue('{{clock}} {{left}}')] }] }
  const data: DataBinding[] = [
    { key: 'clock', clock: { pattern: 's' } },
    { key: 'left', countdown: { to: 't+110s', pattern: 's' } },
  ]
  const document = documentOf([], { data })
  const both = { ...document, scenes: [...document.scenes, second] }
  expect(wordsOf(both, 3_000, context({}, { scene: 's2' }))).toEqual(['3 7'])
})

test('a cue whose value is to hide when it is stale is not there then, and the others are', () => {
  const data: DataBinding[] = [{ key: 'gust', ttl: '5s', onStale: 'hide' }]
  const document = documentOf([cue('Gusts {{gust}}'), cue('Harbour')], { data })
  const world = context({ data: { gust: { value: '7', at: START } } })
  expect(wordsOf(document, 4_999, world)).toEqual(['Gusts 7', 'Harbour'])
  expect(nextChange(document, 0, world)).toBeCloseTo(5_000, 1)
  expect(wordsOf(document, 5_000, world)).toEqual(['Harbour'])
})

test('values come in their order: the number that counts, data of the document, what was pushed, settings', () => {
  const counts = { automation: [{ property: 'number', keyframes: [{ at: 0, value: 7 }] }] }
  const value = '{{number}} {{bound}} {{pushed}} {{site}} {{nobody}}'
  const document = documentOf([cue(value, counts)], {
    data: [{ key: 'bound', format: { type: 'map', values: { a: 'A' } } }],
  })
  const tokens = { number: 'x', bound: 'x', pushed: 'x', site: 'set' }
  const pushed = { value: 'fresh', at: START, ttl: 10_000 }
  const world = context({ data: { number: { value: 'y' }, bound: { value: 'a' }, pushed } }, { tokens })
  expect(wordsOf(document, 0, world)).toEqual(['7 A fresh set '])
  expect(wordsOf(document, 10_000, world)).toEqual(['7 A x set '])
  expect(resolve(document, 0, world).warnings).toMatchObject([{ code: 'OCL_TOKEN_MISSING' }])
})

test('without a world tokens are taken as they are, and defaults stand in for those that are missing', () => {
  const data: DataBinding[] = [
    { key: 'a', format: { type: 'number', decimals: 2 } },
    { key: 'b', default: 'nothing' },
  ]
  expect(wordsOf(documentWith('{{a}} {{b}}', data), 0, { tokens: { a: '1' } })).toEqual(['1 nothing'])
})

test('QR codes say what is live, too', () => {
  const code = { id: 'q', start: 0, duration: '60s', layer: 0, qr: { value: 'https://example.com/{{clock}}' } }
  const document = documentOf([code], { data: [{ key: 'clock', clock: { pattern: 'ss' } }] })
  expect(resolve(document, 5_000, context()).layers).toMatchObject([{ qr: { value: 'https://example.com/05' } }])
})

test('the bitmaps that a play asks for in its first round are among those that are prepared', () => {
  fc.assert(
    fc.property(anyLive, moment, ({ document, context: world }, t) => {
      if (document.timeline.loop && t >= 20_000) return
      // One that turns at each ms has more than anybody prepares.
      fc.pre(!JSON.stringify(document.data).includes('SSS'))
      const keys = new Set(spritesOf(document, world).map(({ key }) => key))
      for (const layer of resolve(document, t, world).layers) expect(keys).toContain(spriteKeyOf(layer))
    }),
    { numRuns: 100 },
  )
})
