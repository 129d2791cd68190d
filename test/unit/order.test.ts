import fc from 'fast-check'
import { expect, test } from 'vitest'
import { CUE_STEPS } from '../../runtime/contract/cue-offer.ts'
import type { SoundPatch } from '../../runtime/contract/generated/openapi.v1.ts'
import type { SoundChoice } from '../../runtime/control/show/sound.ts'
import { withFiller } from '../../runtime/control/show/timeline/filler.ts'
import { inOrder } from '../../runtime/control/show/timeline/order.ts'
import { playedFrom } from '../../runtime/control/show/timeline/played-from.ts'
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
import { soundAt } from '../../runtime/control/show/timeline/sound-at.ts'
import { mergePatch } from '../../runtime/lib/merge-patch.ts'

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
  /** Where what goes on over several cues began. */
  chain: number | undefined
  sound: object
}

const BEFORE: SoundChoice = { loudness: -16, bed: { asset: 'sea', gain: -6 } }
/** How long the overlay of the chain has something to show (ms). */
const LASTS = 4_000
const lasts = (_: ScoredCue, ms: number) => ms < LASTS
const sceneOf = ({ overlay }: ScoredCue) => (typeof overlay === 'object' ? overlay.scene : undefined)

/** What is to be seen at a position, asked for directly. */
function sought(score: Score & { gap: string }, position: number, present: SoundChoice): Seen {
  const { picture, overlays } = cueAt(score, position)
  const stays = score.gap === 'slate' && position >= 0 ? 'slate' : 'nothing'
  const last = score.gap === 'slate' ? undefined : lastPicture(score, position)
  const shown = picture?.cue.id ?? last?.id ?? stays
  const link = overlays.find(({ cue }) => overlayOf(cue) === 'chain')
  const patch = soundAt(score, position, { before: BEFORE, present }) ?? {}
  return {
    ...{ picture: shown, overlays: overlays.map(({ cue }) => `${overlayOf(cue)} of ${cue.id}`).toSorted() },
    chain: link && playedFrom(score, link.cue, link.since, lasts),
    sound: mergePatch(present, patch),
  }
}

/** Likewise, played from the beginning moment by moment. */
function played(score: Score & { gap: string }, until: number): Seen {
  let picture = score.gap === 'slate' ? 'slate' : 'nothing'
  const overlays = new Set<string>()
  let chain: { since: number; scene: string | undefined; until: number } | undefined
  let sound: SoundChoice = BEFORE
  for (let m = nextMoment(score); m && m.position <= until; m = nextMoment(score, m.position)) {
    for (const cue of m.ends) overlays.delete(`${overlayOf(cue)} of ${cue.id}`)
    if (score.gap === 'slate' && m.ends.some(hasPicture)) picture = 'slate'
    for (const { step, of } of inOrder(m.starts.map(cue => ({ cue })))) {
      if (step === 'overlay') overlays.add(`${overlayOf(of.cue)} of ${of.cue.id}`)
      if (step === 'overlay' && overlayOf(of.cue) === 'chain') {
        const goesOn = chain?.until === m.position && chain.scene === sceneOf(of.cue)
        const since = chain && goesOn && m.position - chain.since < LASTS ? chain.since : m.position
        chain = { since, scene: sceneOf(of.cue), until: m.position + of.cue.duration }
      }
      if (step === 'program') sound = mergePatch(sound, of.cue.audio ?? {})
      if (step === 'program' && hasPicture(of.cue)) picture = of.cue.id
    }
  }
  const link = chain && until < chain.until ? chain.since : undefined
  return { picture, overlays: [...overlays].toSorted(), chain: link, sound }
}

const patches = fc.constantFrom<SoundPatch>(
  { mute: true },
  { mute: null, loudness: -20 },
  { bed: { gain: -12 } },
  { bed: { asset: 'wind', mute: true } },
  { bed: { asset: null } },
)
/** Something else in each member that a patch touches. */
const marked = ({ mute, bed, loudness }: SoundPatch): SoundChoice => ({
  ...(mute !== undefined && { mute: false }),
  ...(loudness !== undefined && { loudness: -9 }),
  ...(bed && {
    bed: {
      ...('gain' in bed && { gain: 3 }),
      ...('mute' in bed && { mute: false }),
      ...('asset' in bed && { asset: 'rain' }),
    },
  }),
})

test('10,000 timelines: to seek a position shows what playing to it shows', () => {
  const timelines = fc.record({
    loop: fc.boolean(),
    gap: fc.constantFrom('hold' as const, 'slate' as const, 'filler' as const),
    pictures: fc.array(fc.record({ before: fc.nat(20), lasts: fc.integer({ min: 1, max: 30 }) }), { maxLength: 6 }),
    overlays: fc.array(fc.record({ start: fc.nat(150), lasts: fc.integer({ min: 1, max: 60 }) }), {
      minLength: 1,
      maxLength: 4,
    }),
    chain: fc.array(
      fc.record({ lasts: fc.integer({ min: 1, max: 30 }), scene: fc.constantFrom('a', 'b'), touches: fc.boolean() }),
      { maxLength: 5 },
    ),
    sounds: fc.array(fc.tuple(fc.nat(150), patches), { maxLength: 4 }),
    mute: fc.boolean(),
    at: fc.integer({ min: 0, max: 999 }),
  })
  fc.assert(
    fc.property(timelines, ({ loop, gap, pictures, overlays, chain, sounds, mute, at }) => {
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
      let link = 0
      const linked = chain.map(({ lasts, scene, touches }, n): ScoredCue => {
        link += touches ? lasts : lasts + 1
        const overlay = { id: 'chain', scene }
        return { id: `l${n}`, start: (link - lasts) * 100, duration: lasts * 100, overlay }
      })
      const heard = sounds.map(([start, audio], n): ScoredCue => {
        return { id: `s${n}`, start: start * 100, duration: 100, audio }
      })
      const filler = [{ camera: 'nave', duration: 1_300 }]
      const score = { loop, gap, cues: withFiller({ gap, filler, cues: [...shown, ...laid, ...linked, ...heard] }) }
      const length = lengthOf(score.cues)
      const position = loop ? (at / 333) * length : Math.min((at / 900) * length, length - 1)
      // Whatever somebody has made meanwhile of what the cues touch.
      const touched = sounds.map(([, audio]) => marked(audio)).reduce((all, one) => mergePatch(all, one), {})
      const present = mergePatch(BEFORE, mute ? touched : {})
      expect(sought(score, position, present)).toEqual(played(score, position))
    }),
    { numRuns: RUNS },
  )
})
