import type { SoundPatch } from '../../../contract/generated/openapi.v1.ts'
import { mergePatch, mergePatchBetween } from '../../../lib/merge-patch.ts'
import type { SoundChoice } from '../sound.ts'
import { hasPicture, lengthOf, roundOf, type Score, type ScoredCue } from './score.ts'

type Json = Record<string, unknown>

/** What a bed can be told; one that is given back whole is given back in all of it. */
const BED = { asset: true, gain: true, mute: true, ducking: true }

/**
 * What makes of `present` the sound that a timeline has come to by a position, played from its beginning; undefined: it is that
 * already. Of what its cues never touch somebody else decides. `before`: the sound when it began; `but`: a cue that has not begun
 * yet all the same, because its camera is on its way. Pure.
 */
export function soundAt(
  score: Score,
  position: number,
  { before, present, but }: { before: SoundChoice; present: SoundChoice; but?: string | undefined },
): SoundPatch | undefined {
  const touched = touchedBy(score.cues)
  const wanted = begun(score, position)
    .filter(({ id }) => id !== but)
    .reduce((sound, { audio = {} }) => mergePatch(sound, audio), before)
  const [is, shall] = [only(touched, present), only(touched, wanted)]
  return JSON.stringify(is) === JSON.stringify(shall) ? undefined : mergePatchBetween(is, shall)
}

/** In the order in which they had their say; of a round that is over each had it. Pure. */
function begun({ loop, cues }: Score, position: number): ScoredCue[] {
  const round = roundOf({ loop, cues }, position)
  const offset = position - round * lengthOf(cues)
  const inOrder = cues
    .filter(({ audio }) => audio)
    .toSorted((a, b) => a.start - b.start || Number(hasPicture(a)) - Number(hasPicture(b)) || (a.id < b.id ? -1 : 1))
  const now = inOrder.filter(({ start }) => start <= offset)
  return round > 0 ? [...inOrder, ...now] : now
}

function touchedBy(cues: readonly ScoredCue[]): Json {
  const patches = cues.flatMap(({ audio }) => (audio ? [{ ...audio, ...(audio.bed === null && { bed: BED }) }] : []))
  return patches.map(marked).reduce((all, one) => mergePatch(all, one), {})
}

const isObject = (value: unknown): value is Json => typeof value === 'object' && value !== null

const marked = (patch: object): Json =>
  Object.fromEntries(Object.entries(patch).map(([key, value]) => [key, isObject(value) ? marked(value) : true]))

/** The members that are marked. Pure. */
function only(marks: Json, sound: object): Json {
  const all = sound as Json
  return Object.fromEntries(
    Object.entries(marks).flatMap(([key, mark]) => {
      const value = all[key]
      if (isObject(mark)) return [[key, only(mark, isObject(value) ? value : {})]]
      return value === undefined ? [] : [[key, value]]
    }),
  )
}
