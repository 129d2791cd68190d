import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { DataBinding } from '../../runtime/contract/generated/ocl.v1.ts'
import { type LiveFacts, overlayWords, wordsAhead } from '../../runtime/control/show/overlay-words.ts'
import { documentOf } from './ocl-arbitrary.ts'
import { anyBinding, anyPlace, anyValue, START } from './ocl-data-arbitrary.ts'

/** The words of overlays at each moment of a play, as control tells them: what they say now, and from when on what. */
const SITE = { tokens: {}, locationName: 'Harbour' }
const cue = (value: string, more = {}) => ({ id: value, start: 0, duration: '60s', layer: 0, text: { value }, ...more })
const documentWith = (value: string, data: DataBinding[], rest = {}) => documentOf([cue(value)], { data, ...rest })
const world = (now: number, more: Partial<LiveFacts> = {}): LiveFacts => ({
  ...{ now, locale: 'en', timezone: 'UTC', data: {} },
  ...more,
})
const overlay = (document: ReturnType<typeof documentOf>, startedAt = START, scene?: string) => ({
  document: { ...document },
  playing: { startedAt, ...(scene !== undefined && { scene }) },
})
const looping = { timeline: { ...documentOf([]).timeline, duration: '20s', loop: true } }

/** A frame's time is a sum of fractions: what the mixer forgives (ms). */
const HAIR = 1e-3

/** Any document that shows one bound token and one that was only pushed, and any world. */
const anyLive = fc
  .tuple(anyBinding, anyValue, anyValue, anyPlace, fc.boolean())
  .map(([binding, k, free, place, loop]) => ({
    document: documentWith('{{k}} {{free}}', [binding], { locale: place.locale, ...(loop && looping) }),
    facts: { timezone: place.timezone, data: { k, free } },
  }))
const moment = fc.integer({ min: 0, max: 3_599 }).map(frame => START + (frame * 1_000) / 60)

test('nothing changes before the moment that is told, and that is always to come', () => {
  const part = fc.double({ min: 0, max: 0.999_999, noNaN: true })
  fc.assert(
    fc.property(anyLive, moment, part, ({ document, facts }, now, where) => {
      const said = overlayWords(overlay(document), SITE, world(now, facts))
      expect(said.until).toBeGreaterThan(now)
      // A hair before it the moment is there.
      const later = Math.max(now, now + (Math.min(said.until - 2 * HAIR, now + 120_000) - now) * where)
      const then = overlayWords(overlay(structuredClone(document)), SITE, world(later, structuredClone(facts)))
      expect([then.tokens, then.document]).toEqual([said.tokens, said.document])
    }),
    { numRuns: 200 },
  )
})

const data: DataBinding[] = [
  { key: 'clock', clock: { pattern: 's' } },
  { key: 'left', countdown: { to: new Date(START + 30_000).toISOString(), pattern: 's' } },
  { key: 'gust', ttl: '5s', onStale: 'text', staleText: 'old' },
]
test.each([
  [24_000, 1_001],
  [25, 1],
  [30_000, 1_001],
  [30, 1],
  [50, 1],
  [60_000, 1_001],
  [60, 1],
])('at %i/%i frames a second each turns on the very frame', (num, den) => {
  const document = documentWith('{{clock}} {{left}} {{gust}}', data)
  const pushed = { data: { gust: { value: 'new', at: START } } }
  // An overlay starts between two ms of the world.
  for (const startedAt of [START, START + 1 / 3, START - 0.217]) {
    let said = wordsAhead(overlay(document, startedAt), SITE, world(startedAt, pushed))
    const late: string[] = []
    for (let frame = 0; frame < (20 * num) / den; frame++) {
      // What rounding takes of a frame's time must not make it late.
      const wall = startedAt + (frame * 1_000 * den) / num - ((frame % 7) / 7) * 0.000_8
      while (said.next && said.next.at <= wall + HAIR)
        said = wordsAhead(overlay(document, startedAt), SITE, world(said.next.at, pushed))
      // By whole numbers: µs of the world since START.
      const micro = Math.round((startedAt - START) * 1_000 + (frame * 1_000_000 * den) / num)
      const second = Math.floor(micro / 1_000_000)
      const due = `${(60 + second) % 60} ${30 - second} ${micro >= 5_000_000 ? 'old' : 'new'}`
      const { clock, left, gust } = said.tokens
      if (`${clock} ${left} ${gust}` !== due) late.push(`frame ${frame}: ${clock} ${left} ${gust} instead of ${due}`)
    }
    expect(late).toEqual([])
  }
})

test('what is said next is what is said then', () => {
  fc.assert(
    fc.property(anyLive, moment, ({ document, facts }, now) => {
      const { next, document: shown } = wordsAhead(overlay(document), SITE, world(now, facts))
      if (!next) return
      const then = overlayWords(overlay(document), SITE, world(next.at, facts))
      expect([next.tokens, next.document ?? shown]).toEqual([then.tokens, then.document])
    }),
    { numRuns: 200 },
  )
})

test('in a loop the time of the world goes on, and that of the document begins anew', () => {
  const both: DataBinding[] = [
    { key: 'clock', clock: { pattern: 's' } },
    { key: 'left', countdown: { to: 't+20s', pattern: 's' } },
  ]
  const document = documentWith('{{clock}}/{{left}}', both, looping)
  const at = (t: number) => {
    const { clock, left } = overlayWords(overlay(document), SITE, world(START + t)).tokens
    return `${clock}/${left}`
  }
  expect([0, 7_000, 19_999, 20_000, 27_000].map(at)).toEqual(['0/20', '7/13', '19/1', '20/20', '27/13'])
})

test('a scene that is played alone begins with the time at which it was started', () => {
  const second = { id: 's2', start: 't+100s', tracks: [{ id: 'k', kind: 'any', cues: [cue('{{clock}} {{left}}')] }] }
  const both: DataBinding[] = [
    { key: 'clock', clock: { pattern: 's' } },
    { key: 'left', countdown: { to: 't+110s', pattern: 's' } },
  ]
  const document = documentOf([], { data: both })
  const scenes = { ...document, scenes: [...document.scenes, second] }
  expect(overlayWords(overlay(scenes, START, 's2'), SITE, world(START + 3_000)).tokens).toEqual({
    clock: '3',
    left: '7',
  })
})
