import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { Declaration, ProgramFeed, SourceFeed } from '../../runtime/contract/flow.ts'
import type { Wiring } from '../../runtime/contract/generated/wiring.v1.ts'
import { readFeed } from '../../runtime/flow-host/feed.ts'
import { Rounds } from '../../runtime/flow-host/rounds.ts'
import { losesNothing, wiringOf } from '../../runtime/flow-host/wiring.ts'

const camera = (name: string, more: Partial<SourceFeed> = {}): Declaration => ({
  round: 1,
  kind: 'source',
  program: 'main',
  feed: { round: 1, kind: 'source', role: 'source', order: 10, source: { kind: 'camera', camera: name }, ...more },
})
const program: Declaration = { round: 1, kind: 'program', program: 'main' }
const output = (destination: string, more: Partial<ProgramFeed> = {}): Declaration => ({
  round: 1,
  kind: 'output',
  destination,
  feed: { round: 1, kind: 'program', program: 'main', overlays: ['*'], profile: 'destination', ...more },
})
const show = [program, camera('*'), camera('spare', { role: 'fallback', order: 5 }), output('*')]

describe('wiringOf', () => {
  test('says what reaches what', () => {
    expect(wiringOf(show)).toEqual({
      programs: [
        {
          id: 'main',
          sources: [{ kind: 'camera', camera: '*' }],
          fallback: [{ kind: 'camera', camera: 'spare' }],
        },
      ],
      outputs: [{ destination: '*', program: 'main', overlays: ['*'], profile: 'destination' }],
    })
  })

  test('says which timelines may run on which program, and notices when one no longer may', () => {
    const timeline: Declaration = { round: 1, kind: 'timeline', program: 'main', timeline: '*' }
    const wired = wiringOf([...show, timeline, timeline])
    expect(wired.timelines).toEqual([{ timeline: '*', program: 'main' }])
    expect(losesNothing(wired, wiringOf(show))).toBe(false)
    expect(losesNothing(wiringOf(show), wired)).toBe(true)
    expect(readFeed({ round: 1, kind: 'timeline', timeline: 'Day' })).toMatchObject({ timeline: 'Day' })
    expect(() => readFeed({ round: 1, kind: 'timeline', timeline: '' })).toThrow('cannot be used')
  })

  test('tries fallbacks from the lowest order up, equal ones by what they are', () => {
    const fallback = (name: string, order: number) => camera(name, { role: 'fallback', order })
    const { programs } = wiringOf([fallback('c', 2), fallback('b', 2), fallback('a', 9), fallback('z', 1)])
    expect(programs[0]?.fallback.map(ref => ref.kind === 'camera' && ref.camera)).toEqual(['z', 'b', 'c', 'a'])
  })

  test('is the same text whatever the order in which declarations and their keys came', () => {
    const swapped: Declaration = { kind: 'program', program: 'main', round: 1 }
    const all = [...show, swapped, camera('*'), output('b', { overlays: ['x', 'y'] }), output('a')]
    fc.assert(
      fc.property(fc.shuffledSubarray(all, { minLength: all.length }), shuffled => {
        expect(JSON.stringify(wiringOf(shuffled))).toBe(JSON.stringify(wiringOf(all)))
      }),
    )
  })

  test('an overlay order is kept: it is the order of painting', () => {
    expect(wiringOf([output('a', { overlays: ['y', 'x'] })]).outputs[0]?.overlays).toEqual(['y', 'x'])
  })
})

describe('losesNothing', () => {
  const all = wiringOf(show)
  test('an addition loses nothing, each removal does', () => {
    expect(losesNothing(all, wiringOf([...show, output('more')]))).toBe(true)
    for (const gone of show.slice(1)) {
      expect(losesNothing(all, wiringOf(show.filter(each => each !== gone)))).toBe(false)
    }
  })
})

describe('Rounds', () => {
  let told: Wiring[]
  let rounds: Rounds
  beforeEach(() => {
    vi.useFakeTimers()
    told = []
    rounds = new Rounds(wiring => told.push(wiring))
  })
  afterEach(() => {
    vi.useRealTimers()
  })
  const declareAll = (declarations: Declaration[]) => {
    const round = rounds.current
    for (const each of declarations) rounds.declare({ ...each, round })
  }
  const firstRound = () => {
    rounds.begin()
    declareAll(show)
    vi.advanceTimersByTime(1_000)
  }

  test('the same wires again are not told again', () => {
    firstRound()
    rounds.hold()
    rounds.begin()
    declareAll([...show].reverse())
    vi.advanceTimersByTime(5_000)
    expect(told).toHaveLength(1)
  })

  test('an addition is told as soon as it is quiet', () => {
    firstRound()
    rounds.begin()
    declareAll([...show, output('more')])
    vi.advanceTimersByTime(149)
    expect(told).toHaveLength(1)
    vi.advanceTimersByTime(1)
    expect(told).toHaveLength(2)
  })

  test('what is missing is gone only after the patience, so a delay node on the wire costs nothing', () => {
    firstRound()
    rounds.begin()
    declareAll(show.slice(0, 3))
    vi.advanceTimersByTime(900)
    declareAll(show.slice(3))
    vi.advanceTimersByTime(5_000)
    expect(told).toHaveLength(1)

    rounds.begin()
    declareAll(show.slice(0, 3))
    vi.advanceTimersByTime(999)
    expect(told).toHaveLength(1)
    vi.advanceTimersByTime(1)
    expect(told.at(-1)?.outputs).toEqual([])
  })

  test('a wire slower than the patience joins late', () => {
    rounds.begin()
    declareAll(show.slice(0, 3))
    vi.advanceTimersByTime(3_000)
    expect(told.at(-1)?.outputs).toEqual([])
    declareAll(show.slice(3))
    vi.advanceTimersByTime(150)
    expect(told.at(-1)?.outputs).toHaveLength(1)
  })

  test('while flows are stopped the last wiring holds', () => {
    firstRound()
    rounds.begin()
    rounds.hold()
    vi.advanceTimersByTime(60_000)
    expect(told).toHaveLength(1)
  })

  test('a message of an earlier deploy does not count', () => {
    firstRound()
    rounds.begin()
    declareAll(show)
    rounds.declare({ ...output('stale'), round: 1 })
    vi.advanceTimersByTime(5_000)
    expect(told).toHaveLength(1)
  })
})

describe('readFeed', () => {
  const good = { round: 3, kind: 'program', program: 'main', overlays: [], profile: 'destination' }
  const profile = { width: 1280, height: 720, fps: 30, videoBitrate: 2500, audioBitrate: 128, keyframeInterval: 2 }
  test('takes what our nodes make, after JSON', () => {
    for (const feed of [good, { ...good, profile: { ...profile, autoBitrateFloor: 0 } }])
      expect(readFeed(JSON.parse(JSON.stringify(feed)))).toEqual(feed)
  })
  test.each([
    ['nothing', undefined],
    ['a text', 'main'],
    ['an unknown kind', { ...good, kind: 'sound' }],
    ['a missing key', { round: 3, kind: 'program', program: 'main', overlays: [] }],
    ['an unknown key', { ...good, url: 'rtmp://x' }],
    ['a wrong profile', { ...good, profile: { width: 'big' } }],
    ['an odd width, which no engine takes', { ...good, profile: { ...profile, width: 1281 } }],
    ['a rate of 0', { ...good, profile: { ...profile, fps: 0 } }],
    ['a bitrate without end', { ...good, profile: { ...profile, videoBitrate: 1e9 } }],
    ['a floor below 0', { ...good, profile: { ...profile, autoBitrateFloor: -1 } }],
    ['a wrong role', { round: 3, kind: 'source', role: 'boss', order: 1, source: { kind: 'camera', camera: 'a' } }],
  ])('refuses %s', (_, value) => {
    expect(() => readFeed(value)).toThrow(expect.objectContaining({ code: 'FEED_INVALID' }))
  })
})
