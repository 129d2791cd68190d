import fc from 'fast-check'
import { expect, test } from 'vitest'
import { CUE_STEPS } from '../../runtime/contract/cue-offer.ts'
import { withFiller } from '../../runtime/control/show/timeline/filler.ts'
import { inOrder } from '../../runtime/control/show/timeline/order.ts'
import {
  cueAt,
  hasPicture,
  lastPicture,
  lengthOf,
  nextMoment,
  overlayOf,
  type Score,
  type ScoredCue,
} from '../../runtime/control/show/timeline/score.ts'

const RUNS = 10_000

const content = fc.record(
  {
    camera: fc.constantFrom('quay', 'nave'),
    preset: fc.constantFrom('wide', 'close'),
    overlay: fc.constantFrom('words', 'clock', 'logo'),
    audio: fc.constant({ mute: true }),
  },
  { requiredKeys: [] },
)

/** As people read it in a log. */
const log = (cues: ScoredCue[]) => inOrder(cues.map(cue => ({ cue }))).map(({ step, of }) => `${step} ${of.cue.id}`)

test('10,000 shows of one instant: cameras, then overlays, then the picture; the same log whoever wrote them in which order', () => {
  const shows = fc.uniqueArray(fc.tuple(fc.string({ minLength: 1, maxLength: 4 }), content), {
    selector: ([id]) => id,
    minLength: 1,
    maxLength: 12,
  })
  fc.assert(
    fc.property(shows, fc.infiniteStream(fc.nat()), (show, dice) => {
      const cues = show.map(([id, what]): ScoredCue => ({ id, start: 0, duration: 1_000, ...what }))
      const said = log(cues)
      const steps = said.map(line => CUE_STEPS.findIndex(step => line.startsWith(`${step} `)))
      expect(steps).toEqual(steps.toSorted((a, b) => a - b))
      expect(new Set(said).size).toBe(said.length)
      for (const cue of cues) {
        expect(said).toContain(`program ${cue.id}`)
        expect(said.includes(`preset ${cue.id}`)).toBe(cue.preset !== undefined)
        expect(said.includes(`overlay ${cue.id}`)).toBe(cue.overlay !== undefined)
      }
      const keyed = cues.map(cue => [dice.next().value ?? 0, cue] as const)
      const shuffled = keyed.toSorted(([a], [b]) => a - b).map(([, cue]) => cue)
      expect(log(shuffled)).toEqual(said)
    }),
    { numRuns: RUNS },
  )
})

interface Seen {
  picture: string
  overlays: string[]
}

/** What is to be seen at a position, asked for directly. */
function sought(score: Score & { gap: string }, position: number): Seen {
  const { picture, overlays } = cueAt(score, position)
  const stays = score.gap === 'slate' && position >= 0 ? 'slate' : 'nothing'
  const last = score.gap === 'slate' ? undefined : lastPicture(score, position)
  const shown = picture?.cue.id ?? last?.id ?? stays
  return { picture: shown, overlays: overlays.map(({ cue }) => `${overlayOf(cue)} of ${cue.id}`).toSorted() }
}

/** Likewise, played from the beginning moment by moment. */
function played(score: Score & { gap: string }, until: number): Seen {
  let picture = score.gap === 'slate' ? 'slate' : 'nothing'
  const overlays = new Set<string>()
  for (let m = nextMoment(score); m && m.position <= until; m = nextMoment(score, m.position)) {
    for (const cue of m.ends) overlays.delete(`${overlayOf(cue)} of ${cue.id}`)
    if (score.gap === 'slate' && m.ends.some(hasPicture)) picture = 'slate'
    for (const { step, of } of inOrder(m.starts.map(cue => ({ cue })))) {
      if (step === 'overlay') overlays.add(`${overlayOf(of.cue)} of ${of.cue.id}`)
      if (step === 'program' && hasPicture(of.cue)) picture = of.cue.id
    }
  }
  return { picture, overlays: [...overlays].toSorted() }
}

test('10,000 timelines: to seek a position shows what playing to it shows', () => {
  const timelines = fc.record({
    loop: fc.boolean(),
    gap: fc.constantFrom('hold' as const, 'slate' as const, 'filler' as const),
    pictures: fc.array(fc.record({ before: fc.nat(20), lasts: fc.integer({ min: 1, max: 30 }) }), { maxLength: 6 }),
    overlays: fc.array(fc.record({ start: fc.nat(150), lasts: fc.integer({ min: 1, max: 60 }) }), {
      minLength: 1,
      maxLength: 4,
    }),
    at: fc.integer({ min: 0, max: 999 }),
  })
  fc.assert(
    fc.property(timelines, ({ loop, gap, pictures, overlays, at }) => {
      let clock = 0
      const shown = pictures.map(({ before, lasts }, n): ScoredCue => {
        clock += before + lasts
        return { id: `p${n}`, start: (clock - lasts) * 100, duration: lasts * 100, camera: 'quay' }
      })
      const laid = overlays.map(
        ({ start, lasts }, n): ScoredCue => ({
          id: `o${n}`,
          start: start * 100,
          duration: lasts * 100,
          overlay: `${n}`,
        }),
      )
      const filler = [{ camera: 'nave', duration: 1_300 }]
      const score = { loop, gap, cues: withFiller({ gap, filler, cues: [...shown, ...laid] }) }
      const length = lengthOf(score.cues)
      const position = loop ? (at / 333) * length : Math.min((at / 900) * length, length - 1)
      expect(sought(score, position)).toEqual(played(score, position))
    }),
    { numRuns: RUNS },
  )
})
