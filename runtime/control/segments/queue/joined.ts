import type { Cue, Timeline } from '../../../contract/generated/openapi.v1.ts'
import { endOf, type Placed } from './entry.ts'

/** The shortest cue that timelines have (ms). */
const SHORTEST = 100
/** A loop of a fraction of a second is not unrolled for ever. */
const MOST = 4_000
const LONGEST_ID = 100

export type Score = Pick<Timeline, 'cues' | 'loop' | 'gap'>
type NamedCue = Cue & { id: string }

export const lengthOf = (cues: readonly Cue[]): number =>
  Math.max(0, ...cues.map(({ start, duration }) => start + duration))

const hasPicture = ({ camera, clip, preset }: Cue): boolean => (camera ?? clip ?? preset) !== undefined

/** The picture that a timeline has at a position (ms), or had last; undefined where it has none. Pure. */
export function pictureAt({ cues, loop }: Pick<Score, 'cues' | 'loop'>, position: number): Cue | undefined {
  const length = lengthOf(cues)
  const offset = loop && length > 0 ? position % length : position
  return cues.filter(cue => hasPicture(cue) && cue.start <= offset).at(-1)
}

/** The cues of a segment at their place in the queue's timeline: as long as the place is, with its gaps said as pictures. Pure. */
export function cuesOf({ n, from, length, problem }: Placed, score: Score | undefined): NamedCue[] {
  if (problem !== undefined || !score) return [slate(`${n}.slate`, from, length)]
  const within = unrolled(score, length).flatMap(cue => {
    const duration = Math.min(cue.duration, length - cue.start)
    return duration < SHORTEST ? [] : [{ ...cue, duration }]
  })
  const gaps = score.gap === 'slate' ? gapsOf(within, length) : []
  return [...within, ...gaps.map((gap, m) => slate(`gap${m}`, gap.from, gap.length))]
    .toSorted((a, b) => a.start - b.start)
    .map(cue => ({ ...cue, id: `${n}.${cue.id}`.slice(0, LONGEST_ID), start: from + cue.start }))
}

function unrolled({ cues, loop }: Score, length: number): NamedCue[] {
  const own = lengthOf(cues)
  const rounds = loop && own > 0 ? Math.ceil(length / own) : 1
  const all: NamedCue[] = []
  for (let round = 0; round < rounds && all.length + cues.length <= MOST; round++)
    for (const [m, cue] of cues.entries()) {
      const id = `${cue.id ?? m}`.slice(0, LONGEST_ID - 20)
      all.push({ ...cue, id: round > 0 ? `${id}.${round}` : id, start: cue.start + round * own })
    }
  return all
}

function gapsOf(cues: readonly Cue[], length: number): { from: number; length: number }[] {
  const gaps: { from: number; length: number }[] = []
  let until = 0
  for (const cue of cues.filter(hasPicture).toSorted((a, b) => a.start - b.start)) {
    gaps.push({ from: until, length: cue.start - until })
    until = Math.max(until, cue.start + cue.duration)
  }
  return [...gaps, { from: until, length: length - until }].filter(gap => gap.length >= SHORTEST)
}

const slate = (id: string, start: number, duration: number): NamedCue => ({
  ...{ id, start, duration: Math.max(SHORTEST, duration), camera: 'slate' },
})

/** What is shown where no segment is: between two of them, and after the last. Pure. */
export function fillers(placed: readonly Placed[], back: (from: number) => Cue | undefined, tail: number): NamedCue[] {
  return placed.flatMap((each, m) => {
    const next = placed[m + 1]
    const from = endOf(each)
    const length = next ? next.from - from : tail
    const cue = length < SHORTEST ? undefined : back(from)
    if (!cue) return []
    const { camera, clip, preset, swing } = cue
    const shown = { ...(camera !== undefined && { camera }), ...(clip !== undefined && { clip }) }
    const seen = { ...(preset !== undefined && { preset }), ...(swing !== undefined && { swing }) }
    return [{ id: `${each.n}.back`, start: from, duration: length, ...shown, ...seen }]
  })
}
