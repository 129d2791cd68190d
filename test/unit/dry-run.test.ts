import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { AssetReadiness } from '../../runtime/contract/generated/openapi.v1.ts'
import { type Act, airings } from '../../runtime/control/show/rehearsal/course.ts'
import { runningOrder } from '../../runtime/control/show/rehearsal/running-order.ts'
import { nextMoment, type ScoredCue } from '../../runtime/control/show/timeline/score.ts'
import { dayWith, findingsOf, HOUR, house, kept, MIDNIGHT, short, slot } from './rehearsal-stage.ts'
import { cue, ofQuay } from './timeline-stage.ts'

const north = cue('n', 0, 10_000, ofQuay('north'))
const south = cue('s', 10_000, 10_000, ofQuay('south'))
const asset = (more: Partial<AssetReadiness>): AssetReadiness => ({ id: 'logo', status: 'ready', ...more })

describe('a dry run', () => {
  it('finds nothing in a day without faults', () => {
    const calm = kept('Day', [
      cue('n', 0, 10_000, ofQuay('north')),
      cue('a', 10_000, 10_000, { camera: 'nave', overlay: 'logo' }),
    ])
    expect(findingsOf(dayWith([calm], [slot('Day', '08:00', '18:00')]))).toEqual([])
  })

  it('finds rights that end in the middle of the day, at the first cue that is not shown', () => {
    const day = kept('Day', [
      cue('a', 0, 30_000, { camera: 'nave', overlay: 'ad' }),
      cue('b', 30_000, 30_000, { camera: 'nave' }),
    ])
    const facts = house({ assets: { ad: [asset({ until: '2026-07-01T12:00:40.000Z' })] } })
    // Of 10 hours with one each minute, those of 12:01 to 17:59.
    expect(findingsOf(dayWith([day], [slot('Day', '08:00', '18:00')], facts)).map(short)).toEqual([
      'error ASSET_EXPIRED Day/a 12:01:00 ×359',
    ])
  })

  it('finds what is not there: files, cameras, presets, overlays, destinations', () => {
    const cues = [
      cue('a', 0, 30_000, { ...ofQuay('nowhere'), overlay: 'ad' }),
      cue('b', 30_000, 30_000, { camera: 'nave', overlay: 'none' }),
    ]
    const facts = house({ assets: { ad: [asset({ status: 'missing' })] }, away: ['nave'], destination: null })
    const found = findingsOf(dayWith([kept('Day', cues)], [slot('Day', '08:00', '09:00')], facts))
    expect(found.map(short)).toEqual([
      'error UNKNOWN_REFERENCE Day/a 08:00:00 ×60',
      'error ASSET_MISSING Day/a 08:00:00 ×60',
      'error DESTINATION_NONE Day 08:00:00 ×1',
      'error UNKNOWN_REFERENCE Day/b 08:00:30 ×60',
      'error CAMERA_UNREACHABLE Day/b 08:00:30 ×60',
    ])
    for (const { hint, path } of found)
      expect([hint.length > 10, path]).toEqual([true, expect.stringMatching(/^(\/cues\/\d.*)?$/)])
  })

  it('finds journeys that are longer than the gap, by what was measured or by an estimate', () => {
    const slow = house({ outlooks: { 'quay/south': { p95: 25_000 }, 'quay/north': {} } })
    const [first, second] = findingsOf(dayWith([kept('Day', [north, south])], [slot('Day', '08:00', '08:01')], slow))
    expect([first, second].map(found => found && short(found))).toEqual([
      'error PTZ_TOO_FAR Day/s 08:00:10 ×3',
      'warning PTZ_TOO_FAR Day/n 08:00:20 ×2',
    ])
    expect(first?.detail).toBe(
      'The way of quay to south takes 25.0 s, and has 0.0 s: its cue is over before it is there.',
    )
    expect(second?.detail).toContain('6.0 s (an estimate: nobody has measured it yet)')
    const between = [north, cue('m', 10_000, 30_000, { camera: 'nave' }), cue('s', 40_000, 30_000, ofQuay('south'))]
    expect(findingsOf(dayWith([kept('Day', between, { loop: false })], [slot('Day', '08:00', '08:01')], slow))).toEqual(
      [],
    )
    expect(
      findingsOf(dayWith([kept('Day', [north, south], { timing: 'arrival' })], [slot('Day', '08:00', '08:01')], slow)),
    ).toEqual([])
  })

  it('finds gaps without a picture, and shows that are over before their hours', () => {
    const cues = [cue('a', 5_000, 10_000, { camera: 'nave' }), cue('b', 20_000, 10_000, { camera: 'nave' })]
    const found = (more: object) =>
      findingsOf(dayWith([kept('Day', cues, more)], [slot('Day', '08:00', '09:00')])).map(short)
    expect(found({ gap: 'slate' })).toEqual([
      'warning PICTURE_GAP Day 08:00:00 ×120',
      'warning PICTURE_GAP Day/a 08:00:15 ×120',
    ])
    expect(found({ loop: false })).toEqual([
      'warning PICTURE_GAP Day 08:00:00 ×1',
      'warning PICTURE_GAP Day 08:00:30 ×1',
      'info PICTURE_GAP Day/a 08:00:15 ×1',
    ])
  })

  it('finds two shows for one program, and says which is shown', () => {
    const shows = [
      kept('Day', [cue('a', 0, 10_000, { camera: 'nave' })]),
      kept('Lunch', [cue('b', 0, 10_000, { camera: 'quay' })]),
    ]
    const found = findingsOf(dayWith(shows, [slot('Day', '08:00', '18:00'), slot('Lunch', '12:00', '13:00')]))
    expect(found.map(short)).toEqual(['warning SHOW_OVERLAP Day 12:00:00 ×1'])
    expect(found[0]?.detail).toBe('Day and Lunch are both to be shown in main: Lunch is.')
    expect(found[0]?.to).toBe(MIDNIGHT + 13 * HOUR)
  })

  it('counts what runs already until a schedule takes its program', () => {
    const day = kept('Day', [cue('a', 0, 10_000, { camera: 'nave', overlay: 'none' })])
    const run = { ...day, state: { status: 'running' as const, zeroAt: '2026-06-30T23:59:00.000Z' } }
    const night = kept('Night', [cue('b', 0, 10_000, { camera: 'quay' })])
    const found = findingsOf(dayWith([run, night], [slot('Night', '01:00', '02:00')]))
    expect(found.map(short)).toEqual([
      'error UNKNOWN_REFERENCE Day/a 00:00:00 ×360',
      'warning SHOW_OVERLAP Day 01:00:00 ×1',
    ])
  })

  it('finds a camera that two programs, or a program and a feed, want at two presets; a tour gives way', () => {
    const shows = [
      kept('Day', [north, cue('x', 10_000, 5_000, { camera: 'nave' })]),
      kept('Twin', [cue('z', 0, 12_000, { camera: 'nave' }), cue('y', 12_000, 9_000, ofQuay('south'))], {
        program: 'twin',
      }),
    ]
    const slots = [slot('Day', '08:00', '09:00'), slot('Twin', '08:30', '09:30', 'twin')]
    const [found] = findingsOf(dayWith(shows, slots)).filter(({ code }) => code === 'CAMERA_DOUBLE_BOOKED')
    expect(found && short(found)).toBe('error CAMERA_DOUBLE_BOOKED Day/n 08:30:15 ×102')
    expect(found?.detail).toBe(
      'The camera quay is booked twice: cue n of Day wants it at north, and at the same time cue y of Twin wants it at south.',
    )
    const feed = { name: 'the feed of Harbour', camera: 'quay', preset: 'quay/south', presetName: 'south' }
    const withFeed = findingsOf(dayWith(shows.slice(0, 1), slots.slice(0, 1), house(), [feed]))
    expect(withFeed.map(short)).toEqual(['error CAMERA_DOUBLE_BOOKED Day/n 08:00:00 ×240'])
    const tour = kept('Tour', [cue('t', 0, 60_000, ofQuay('east'))], { offAir: true })
    const toured = findingsOf(
      dayWith([...shows.slice(0, 1), tour], [slot('Day', '08:00', '09:00'), slot('Tour', '00:00', '23:00', null)]),
    )
    expect(toured).toEqual([])
  })
})

const cues = fc
  .array(fc.tuple(fc.integer({ min: 100, max: 4_000 }), fc.integer({ min: 0, max: 3_000 })), {
    minLength: 1,
    maxLength: 8,
  })
  .map(many => {
    let at = 0
    return many.map(([duration, pause], n): ScoredCue => {
      const made = cue(`c${n}`, at + pause, duration, { camera: 'nave' })
      at += pause + duration
      return made
    })
  })

describe('the times of a dry run', () => {
  it('are those of the playhead, cue for cue (property)', () => {
    const span = fc.tuple(fc.integer({ min: -20_000, max: 60_000 }), fc.integer({ min: 1, max: 60_000 }))
    fc.assert(
      fc.property(cues, fc.boolean(), span, (given, loop, [begin, lasts]) => {
        const order = runningOrder({ id: 'd', ...kept('Day', given, { loop }).body }, 'main', house())
        const act: Act = { order, zero: MIDNIGHT, from: MIDNIGHT + begin, to: MIDNIGHT + begin + lasts }
        const expected: string[] = []
        let moment = nextMoment({ loop, cues: given }, undefined)
        while (moment && moment.position < begin + lasts) {
          const { position } = moment
          for (const { id, duration } of moment.starts) {
            const [from, to] = [Math.max(begin, position), Math.min(begin + lasts, position + duration)]
            if (to > from) expected.push(`${id} ${from} ${to}`)
          }
          moment = nextMoment({ loop, cues: given }, position)
        }
        const seen = [...airings(act, order.shots)].map(
          ({ shot, from, to }) => `${shot.cue} ${from - MIDNIGHT} ${to - MIDNIGHT}`,
        )
        expect(seen).toEqual(expected)
      }),
      { numRuns: 500 },
    )
  })

  it('count what the playhead would have shown without its right (property)', () => {
    fc.assert(
      fc.property(cues, fc.boolean(), fc.integer({ min: 0, max: 86_400_000 }), (given, loop, until) => {
        const shown = given.map(each => ({ ...each, overlay: 'ad' }))
        const facts = house({ assets: { ad: [asset({ until: new Date(MIDNIGHT + until).toISOString() })] } })
        const day = dayWith([kept('Day', shown, { loop })], [slot('Day', '00:00', '23:00')], facts)
        const found = findingsOf(day).filter(({ code }) => code === 'ASSET_EXPIRED')
        let late = 0
        for (const act of day.acts)
          for (const { to } of airings(act, act.order.shots)) if (to > MIDNIGHT + until) late++
        expect(found.reduce((sum, { count }) => sum + count, 0)).toBe(late)
      }),
      { numRuns: 30 },
    )
  })

  it('of a heavy day take no 10 s and no memory: 1,000 cues of 100 ms on each of two programs, looping, one camera', () => {
    const many = (preset: string) =>
      Array.from({ length: 1_000 }, (_, n) =>
        cue(`${preset}${n}`, n * 100, 100, { ...ofQuay(`${preset}${n % 7}`), overlay: 'ad' }),
      )
    const shows = [kept('Day', many('a')), kept('Twin', many('b').slice(0, 997), { program: 'twin' })]
    const facts = house({ assets: { ad: [asset({ until: '2026-07-01T12:00:00.000Z' })] } })
    const begun = performance.now()
    const day = dayWith(shows, [slot('Day', '00:00', '23:59'), slot('Twin', '00:00', '23:59', 'twin')], facts)
    const work = { findings: findingsOf(day) }
    const ms = performance.now() - begun
    console.info(`dry run of 24 h, 2 × 863,400 airings: ${Math.round(ms)} ms, ${work.findings.length} findings`)
    expect(ms).toBeLessThan(10_000)
    expect(work.findings.length).toBeLessThanOrEqual(300)
    expect(work.findings.some(({ code }) => code === 'CAMERA_DOUBLE_BOOKED')).toBe(true)
  })
})
