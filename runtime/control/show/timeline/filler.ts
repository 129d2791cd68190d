import type { FillerItem } from '../../../contract/generated/openapi.v1.ts'
import { endOf, hasPicture, lengthOf, type ScoredCue } from './score.ts'

interface Filled {
  gap: 'hold' | 'slate' | 'filler'
  filler?: readonly FillerItem[] | undefined
  cues: readonly ScoredCue[]
}

/** A timeline is asked often, and its cues are another list whenever anything of it has changed. */
const known = new WeakMap<readonly ScoredCue[], readonly ScoredCue[]>()

/** Shorter ones are not worth a cut (ms). */
const SHORTEST = 100

/** The cues with those that fill its gaps: each gap begins with the first of the list, and repeats it. Pure. */
export function withFiller(timeline: Filled): readonly ScoredCue[] {
  const { gap, filler = [], cues } = timeline
  if (gap !== 'filler' || filler.length === 0) return cues
  const all = known.get(cues) ?? [...cues, ...gapsOf(cues).flatMap(each => fill(each, filler))]
  known.set(cues, all)
  return all
}

/** A timeline as it is played. */
export const playedOf = <Body extends Filled>({ id, body }: { id: string; body: Body }) => ({
  id,
  ...body,
  cues: withFiller(body),
})

interface Gap {
  from: number
  to: number
}

/** Where no cue has a picture, up to the end of the last one. Pure. */
function gapsOf(cues: readonly ScoredCue[]): Gap[] {
  const pictures = cues.filter(hasPicture).toSorted((a, b) => a.start - b.start)
  const edges = [0, ...pictures.flatMap(cue => [cue.start, endOf(cue)]), lengthOf(cues)]
  const gaps = edges.flatMap((from, n) => (n % 2 === 0 ? { from, to: edges[n + 1] ?? from } : []))
  return gaps.filter(({ from, to }) => to - from >= SHORTEST)
}

function fill({ from, to }: Gap, filler: readonly FillerItem[]): ScoredCue[] {
  const cues: ScoredCue[] = []
  for (let [at, n] = [from, 0]; to - at >= SHORTEST; n++) {
    const { duration, ...picture } = filler[n % filler.length] ?? { duration: to - at }
    const left = to - at - duration
    // A rest that is too short for a picture of its own belongs to the one before.
    const lasts = left < SHORTEST ? to - at : duration
    cues.push({ id: `filler ${from}.${n}`, start: at, duration: lasts, ...picture })
    at += lasts
  }
  return cues
}
