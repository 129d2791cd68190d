import { expect, test, vi } from 'vitest'
import type { DataBinding } from '../../runtime/contract/generated/ocl.v1.ts'
import { Alarm } from '../../runtime/control/show/alarm.ts'
import { type LiveFacts, nextWords, overlayWords, wordsAhead } from '../../runtime/control/show/overlay-words.ts'
import { resolve, validateOcl } from '../../runtime/ocl/index.ts'
import { documentOf } from './ocl-arbitrary.ts'

const START = Date.UTC(2026, 10, 23, 6)
const settings = { tokens: { unused: 'x', sponsor: 'Acme' }, locationName: 'Harbour' }
const cue = (id: string, value: string, more = {}) => ({
  id,
  start: 0,
  duration: 10_000,
  layer: 0,
  text: { value },
  ...more,
})
const live = (since: number, more: Partial<LiveFacts> = {}): LiveFacts => ({
  ...{ now: START + since, locale: 'en-US', timezone: 'UTC', data: {} },
  ...more,
})
const overlay = (cues: object[], data: DataBinding[], rest = {}) => {
  const document = documentOf(cues, { data, ...rest })
  expect(validateOcl(document)).toMatchObject({ ok: true })
  return { document: { ...document } }
}
const words = (value: string, data: DataBinding[], facts: LiveFacts, rest = {}) =>
  overlayWords(overlay([cue('c', value)], data, rest), settings, facts)

const celsius = { type: 'unit', from: 'celsius', to: 'celsius' } as const

test('an overlay gets the words of the tokens that it shows, each from where it comes, and no others', () => {
  const data = { temperature: { value: '21.4', at: START }, sponsor: { value: 'Pushed', at: START } }
  const bound: DataBinding[] = [
    { key: 'temperature', format: celsius },
    { key: 'wind', default: 'calm' },
  ]
  const value = '{{temperature}} {{wind}} {{sponsor}} {{locationName}} {{nobody}}'
  expect(words(value, bound, live(0, { data })).tokens).toEqual({
    ...{ temperature: '21\u202f°C', wind: 'calm', sponsor: 'Pushed', locationName: 'Harbour' },
  })
})

test('they are written in the language of the document, else in that of the site', () => {
  const data = { n: { value: '1234.5', at: START } }
  const bound: DataBinding[] = [{ key: 'n', format: { type: 'number', decimals: 1 } }]
  expect(words('{{n}}', bound, live(0, { data, locale: 'de' })).tokens.n).toBe('1.234,5')
  expect(words('{{n}}', bound, live(0, { data, locale: 'de' }), { locale: 'en-GB' }).tokens.n).toBe('1,234.5')
})

test('a clock goes by the site, and says until when', () => {
  const clock: DataBinding[] = [{ key: 'now', clock: { pattern: 'HH:mm' } }]
  const said = words('{{now}}', clock, live(1_000, { timezone: 'Asia/Tokyo' }))
  expect(said).toMatchObject({ tokens: { now: '15:00' }, until: START + 60_000 })
})

test('a countdown to a moment of the document runs while it plays, from its start on, and in each round', () => {
  const data: DataBinding[] = [{ key: 'left', countdown: { to: 't+10s', pattern: 's' }, default: '-' }]
  const { document } = overlay([cue('c', '{{left}}')], data, {
    timeline: { ...documentOf([]).timeline, loop: true },
  })
  const left = (playing: { startedAt: number; scene?: string } | undefined, since: number) =>
    overlayWords({ document, ...(playing && { playing }) }, settings, live(since)).tokens.left
  expect(left(undefined, 0)).toBe('-')
  expect(left({ startedAt: START + 500 }, 0)).toBe('10')
  expect(left({ startedAt: START }, 3_000)).toBe('7')
  expect(left({ startedAt: START }, 13_000)).toBe('7')
})

test('cues that a stale value hides are not to be seen, and nothing else of the document changes', () => {
  const data = { gust: { value: '7', at: START, ttl: 1_000 } }
  const moving = { automation: [{ property: 'opacity', keyframes: [{ at: 0, value: 1 }] }] }
  const cues = [cue('a', 'Gusts {{gust}}', moving), cue('b', 'Harbour', { duration: 5_000 })]
  const { document } = overlay(cues, [{ key: 'gust', onStale: 'hide' }])
  const at = (since: number) => overlayWords({ document }, settings, live(since, { data }))
  expect(at(999)).toMatchObject({ document, until: START + 1_000 })
  const hidden = validateOcl(at(1_000).document)
  if (!hidden.ok) throw new Error('it is no document any more')
  const shown = (t: number) => resolve(hidden.document, t).layers.map(({ cue: id, opacity }) => [id, opacity])
  expect(shown(1_000)).toEqual([
    ['a', 0],
    ['b', 1],
  ])
  expect(shown(9_000)).toEqual([['a', 0]])
})

test('what is waited for is the first change of those that play', () => {
  const clock = overlay([cue('c', '{{now}}')], [{ key: 'now', clock: { pattern: 'HH:mm' } }])
  const seconds = overlay([cue('c', '{{now}}')], [{ key: 'now', clock: { pattern: 'ss' } }])
  const playing = { playing: { startedAt: START } }
  const next = (overlays: Parameters<typeof nextWords>[0]['overlays']) =>
    nextWords({ overlays, settings, live: live(500) }) - START
  expect(next([])).toBe(Number.POSITIVE_INFINITY)
  expect(next([seconds, { ...clock, ...playing }])).toBe(60_000)
  expect(
    next([
      { ...seconds, ...playing },
      { ...clock, ...playing },
    ]),
  ).toBe(1_000)
})

test('an alarm rings at its moment, not for one that was replaced, not too often, and not after its end', () => {
  vi.useFakeTimers({ now: START })
  try {
    const rung: number[] = []
    const alarm = new Alarm({ now: () => Date.now() }, () => rung.push(Date.now() - START))
    alarm.set(START + 1_000)
    alarm.set(START + 2_000.5)
    vi.advanceTimersByTime(2_000)
    expect(rung).toEqual([])
    vi.advanceTimersByTime(1)
    expect(rung).toEqual([2_001])
    alarm.set(START)
    vi.advanceTimersByTime(99)
    expect(rung).toHaveLength(1)
    vi.advanceTimersByTime(1)
    expect(rung).toHaveLength(2)
    alarm.set(Number.POSITIVE_INFINITY)
    vi.advanceTimersByTime(1e9)
    alarm.set(START + 2e9)
    alarm.stop()
    alarm.set(START + 2e9)
    vi.advanceTimersByTime(2e9)
    expect(rung).toHaveLength(2)
  } finally {
    vi.useRealTimers()
  }
})

test('while it plays it tells with its words what it says next, and from when on', () => {
  const data: DataBinding[] = [
    { key: 'now', clock: { pattern: 'HH:mm:ss' } },
    { key: 'wind', ttl: '5s', onStale: 'hide' },
  ]
  const cues = [cue('c', '{{now}}'), cue('d', '{{wind}}')]
  const playing = { startedAt: START }
  const said = { ...overlay(cues, data), playing }
  const pushed = { data: { wind: { value: '7', at: START } } }
  const ahead = wordsAhead(said, settings, live(1_300, pushed))
  expect(ahead).toEqual({
    ...{ document: said.document, tokens: { now: '06:00:01', wind: '7' } },
    next: { at: START + 2_000, tokens: { now: '06:00:02', wind: '7' } },
  })
  // What it then says is what it says at that moment, also what is out of sight from then on.
  const last = wordsAhead(said, settings, live(4_500, pushed))
  const then = overlayWords(said, settings, live(5_000, pushed))
  expect(last.next).toEqual({ at: START + 5_000, tokens: then.tokens, document: then.document })
  expect(last.next?.document).not.toEqual(said.document)
  expect(wordsAhead(overlay(cues, data), settings, live(1_300)).next).toBeUndefined()
  expect(wordsAhead({ ...overlay([cue('c', 'x')], []), playing }, settings, live(0)).next).toBeUndefined()
})

test('and how it is played next, when that comes first', () => {
  const data: DataBinding[] = [{ key: 'now', clock: { pattern: 'HH:mm:ss' } }]
  const playing = { startedAt: START }
  const play = { startedAt: START + 1_700, scene: 's' }
  const said = { ...overlay([cue('c', '{{now}}')], data), playing }
  const after = (ms: number, then?: typeof play) =>
    wordsAhead({ ...said, following: { at: START + ms, ...(then && { play: then }) } }, settings, live(1_300)).next
  const second = { at: START + 2_000, tokens: { now: '06:00:02' } }
  expect(after(1_700, play)).toEqual({ at: START + 1_700, tokens: { now: '06:00:01' }, playing: play })
  expect(after(2_000, play)).toEqual({ ...second, playing: play })
  // So close after the turn of a second that there would be no time to tell it: the second comes with it.
  expect(after(2_400, play)).toEqual({ at: START + 2_400, tokens: { now: '06:00:02' }, playing: play })
  expect(after(2_501, play)).toEqual(second)
  expect(after(1_700)).toEqual({ at: START + 1_700, tokens: {}, document: { ...said.document, scenes: [] } })
  const still = { ...overlay([cue('c', 'x')], []), playing, following: { at: START + 9_000, play } }
  expect(wordsAhead(still, settings, undefined).next).toEqual({ at: START + 9_000, tokens: {}, playing: play })
})
