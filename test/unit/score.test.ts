import fc from 'fast-check'
import { describe, expect, it, test } from 'vitest'
import { withFiller } from '../../runtime/control/show/timeline/filler.ts'
import { problemsOf } from '../../runtime/control/show/timeline/readiness.ts'
import { checkScore, cueAt, lengthOf, nextMoment, nextPicture } from '../../runtime/control/show/timeline/score.ts'

const cue = (id: string, start: number, duration: number, what: object = { camera: 'quay' }) => {
  return { id, start, duration, ...what }
}
const SHOW = [cue('a', 0, 60_000), cue('b', 60_000, 30_000), cue('c', 90_000, 45_000)]
const ids = (cues: { id: string }[] | undefined) => cues?.map(({ id }) => id)

describe('the moments of a timeline', () => {
  it('come in order, what ends together with what begins; a loop has no end', () => {
    const score = { loop: true, cues: SHOW }
    const said: unknown[] = []
    let moment = nextMoment(score)
    for (let n = 0; n < 5 && moment; n++) {
      said.push([moment.position, ids(moment.ends), ids(moment.starts)])
      moment = nextMoment(score, moment.position)
    }
    expect(said).toEqual([
      [0, [], ['a']],
      [60_000, ['a'], ['b']],
      [90_000, ['b'], ['c']],
      [135_000, ['c'], ['a']],
      [195_000, ['a'], ['b']],
    ])
  })

  it('end with the last cue where nothing is repeated', () => {
    const score = { loop: false, cues: SHOW }
    expect(nextMoment(score, 90_000)).toMatchObject({ position: 135_000, starts: [], ends: [SHOW[2]] })
    expect(nextMoment(score, 135_000)).toBeUndefined()
    expect(nextMoment({ loop: true, cues: [] })).toBeUndefined()
  })

  it('agree with what is under way, whatever the cues are', () => {
    const cues = fc.array(fc.record({ start: fc.nat(50), duration: fc.integer({ min: 1, max: 40 }) }), {
      minLength: 1,
      maxLength: 6,
    })
    fc.assert(
      fc.property(cues, fc.boolean(), fc.nat(200), (times, loop, until) => {
        const score = {
          loop,
          cues: times.map(({ start, duration }, n) => cue(`${n}`, start, duration, { overlay: 'x' })),
        }
        const underway = new Set<string>()
        let last = Number.NEGATIVE_INFINITY
        for (let moment = nextMoment(score); moment && moment.position <= until; moment = nextMoment(score, last)) {
          if (moment.position <= last) throw new Error('it does not go on')
          last = moment.position
          for (const { id } of moment.ends) underway.delete(id)
          for (const { id } of moment.starts) underway.add(id)
          const { overlays } = cueAt(score, moment.position)
          expect(overlays.map(({ cue }) => cue.id).sort()).toEqual([...underway].sort())
          for (const { cue, since } of overlays) expect((since - cue.start) % lengthOf(score.cues)).toBe(0)
        }
      }),
      { numRuns: 500 },
    )
  })
})

test('the next picture is found past cues without one, and in a loop without any none is', () => {
  const cues = [cue('words', 0, 500, { overlay: 'x' }), cue('a', 1_000, 1_000)]
  expect(nextPicture({ loop: true, cues }, 1_000)).toEqual({ cue: cues[1], since: 3_000 })
  expect(nextPicture({ loop: true, cues: cues.slice(0, 1) }, 0)).toBeUndefined()
})

test.each([
  [[cue('a', 0, 1_000), cue('a', 1_000, 1_000)], 'two cues with the id a'],
  [[cue('a', 0, 1_001), cue('b', 1_000, 1_000)], 'Cues a and b show their pictures at the same time'],
  [[cue('a', 0, 9, { overlay: 'x' }), cue('b', 5, 9, { overlay: { id: 'x', scene: 's' } })], 'play the overlay x'],
  [[cue('a', 0, 1_000, {})], 'does nothing'],
  [[cue('a', 0, 1_000, { camera: 'quay', clip: 'intro.mp4' })], 'a camera and a clip'],
  [[cue('a', 0, 1_000, { clip: 'intro.mp4', preset: 'wide' })], 'a clip has no presets'],
])('cues that contradict one another are refused: %#', (cues, why) => {
  expect(() => checkScore(cues, false)).toThrow(why)
})

test('overlays may lie over pictures; a tour needs presets only', () => {
  const cues = [cue('a', 0, 1_000), cue('b', 500, 1_000, { overlay: 'x' }), cue('c', 600, 1_000, { overlay: 'y' })]
  expect(() => checkScore(cues, false)).not.toThrow()
  expect(() => checkScore(cues, true)).toThrow('has no preset')
  expect(() => checkScore([cue('a', 0, 1_000, { preset: 'shot-1' })], true)).not.toThrow()
})

test('what a cue names and does not exist is told before it is on air', () => {
  const stock = {
    cameras: [{ id: 'q', name: 'Quay' }],
    preset: (camera: string | undefined, wanted: string) =>
      wanted === 'Wide' && camera === 'q' ? { id: 'p', camera, name: wanted } : undefined,
    hasOverlay: (id: string) => id === 'words',
    hasClip: () => false,
  }
  const cues = [
    cue('a', 0, 9, { camera: 'Quay', preset: 'Wide', overlay: 'words', swing: { cutaway: 'Nave' } }),
    cue('b', 9, 9, { camera: 'Nave' }),
    cue('c', 18, 9, { camera: 'q', preset: 'Close', overlay: { id: 'none', scene: 's' } }),
    cue('d', 27, 9, { preset: 'shot-7' }),
    cue('e', 36, 9, { clip: 'intro.mp4' }),
    cue('f', 45, 9, { camera: 'slate' }),
  ]
  expect(problemsOf(cues, stock).map(({ cue, detail }) => `${cue}: ${detail}`)).toEqual([
    'a: There is no camera Nave to cut away to.',
    'b: There is no camera Nave.',
    'c: This camera has no preset Close.',
    'c: There is no overlay none.',
    'd: The shot shot-7 is mapped to no preset.',
    'e: No wire leads from a clip intro.mp4 to the program.',
  ])
})

describe('what fills the gaps', () => {
  const filler = [
    { clip: 'harbour.mp4', duration: 2_000 },
    { camera: 'nave', duration: 3_000 },
  ]

  it('begins each gap with the first of the list, repeats it, and ends with the gap', () => {
    const cues = [cue('a', 1_000, 1_000), cue('words', 0, 20_000, { overlay: 'x' }), cue('b', 10_000, 5_000)]
    const filled = withFiller({ gap: 'filler', filler, cues }).filter(({ id }) => id.startsWith('filler'))
    expect(filled.map(each => [each.start, each.duration, each.clip ?? each.camera])).toEqual([
      [0, 1_000, 'harbour.mp4'],
      [2_000, 2_000, 'harbour.mp4'],
      [4_000, 3_000, 'nave'],
      [7_000, 2_000, 'harbour.mp4'],
      [9_000, 1_000, 'nave'],
      [15_000, 2_000, 'harbour.mp4'],
      [17_000, 3_000, 'nave'],
    ])
    expect(withFiller({ gap: 'hold', filler, cues })).toBe(cues)
  })

  it('leaves no moment without a picture, whatever the cues are', () => {
    const lengths = fc.array(fc.record({ before: fc.nat(9_000), lasts: fc.integer({ min: 100, max: 9_000 }) }), {
      minLength: 1,
      maxLength: 8,
    })
    fc.assert(
      fc.property(lengths, fc.boolean(), (given, loop) => {
        let at = 0
        const cues = given.map(({ before, lasts }, n) => {
          at += before < 100 ? 0 : before
          at += lasts
          return cue(`${n}`, at - lasts, lasts)
        })
        const score = { loop, cues: withFiller({ gap: 'filler', filler, cues }) }
        checkScore(score.cues, false)
        expect(lengthOf(score.cues)).toBe(at)
        for (let t = 0; t < at; t += 97) expect(cueAt(score, t).picture).toBeDefined()
      }),
      { numRuns: 300 },
    )
  })
})
