import { VistterError } from '../../../contract/errors.ts'
import type { Cue } from '../../../contract/generated/openapi.v1.ts'
import { called } from './called.ts'

export type ScoredCue = Cue & { id: string }

/** What of a timeline says when. */
export interface Score {
  loop: boolean
  cues: readonly ScoredCue[]
}

/** What begins and ends together. `position`: ms since the beginning of the first round, never taken modulo. */
export interface Moment {
  position: number
  starts: ScoredCue[]
  ends: ScoredCue[]
}

/** A cue that is under way, and the position at which it began. */
export interface Underway {
  cue: ScoredCue
  since: number
}

export const hasPicture = ({ camera, clip, preset }: Cue): boolean => (camera ?? clip ?? preset) !== undefined

export const overlayOf = ({ overlay }: Cue): string | undefined => (typeof overlay === 'object' ? overlay.id : overlay)

export const sceneOf = ({ overlay }: Cue): string | undefined =>
  typeof overlay === 'object' ? overlay.scene : undefined

export const endOf = ({ start, duration }: Cue): number => start + duration

export const lengthOf = (cues: readonly Cue[]): number => Math.max(0, ...cues.map(endOf))

/** The first moment after a position; without one the first of all. Undefined: nothing comes any more. Pure. */
export function nextMoment({ loop, cues }: Score, after = Number.NEGATIVE_INFINITY): Moment | undefined {
  const { length, edges } = edgesOf(cues)
  if (length === 0) return undefined
  // The end of a round is the beginning of the next one.
  const offsets = loop ? [0, ...edges.filter(edge => edge > 0 && edge < length)] : edges
  const round = loop ? Math.max(0, Math.floor(after / length)) : 0
  const rounds = loop ? [round, round + 1] : [0]
  for (const each of rounds) {
    const base = each * length
    const found = offsets.find(offset => base + offset > after)
    if (found !== undefined) return momentAt({ loop, cues }, base + found, each)
  }
  return undefined
}

const known = new WeakMap<readonly ScoredCue[], { length: number; edges: number[] }>()

/** Where cues begin and end, in order; a long timeline is asked often. */
function edgesOf(cues: readonly ScoredCue[]): { length: number; edges: number[] } {
  const before = known.get(cues)
  if (before) return before
  const edges = [...new Set(cues.flatMap(cue => [cue.start, endOf(cue)]))].sort((a, b) => a - b)
  const found = { length: edges.at(-1) ?? 0, edges }
  known.set(cues, found)
  return found
}

function momentAt({ loop, cues }: Score, position: number, round: number): Moment {
  const { length } = edgesOf(cues)
  const offset = loop ? position - round * length : position
  const ends = cues.filter(cue => endOf(cue) === offset || (round > 0 && offset === 0 && endOf(cue) === length))
  return { position, starts: cues.filter(({ start }) => start === offset), ends }
}

/** What is under way at a position. Pure. */
export function cueAt({ loop, cues }: Score, position: number): { picture?: Underway; overlays: Underway[] } {
  const length = lengthOf(cues)
  const round = loop && length > 0 ? Math.floor(position / length) : 0
  const offset = position - round * length
  const here = cues
    .filter(cue => cue.start <= offset && offset < endOf(cue))
    .map(cue => ({ cue, since: round * length + cue.start }))
  const picture = here.find(({ cue }) => hasPicture(cue))
  return {
    ...(picture && { picture }),
    overlays: here.filter(({ cue }) => cue.overlay !== undefined || cue.ads !== undefined),
  }
}

/** The next cue with a picture that begins after a position, and where. Pure. */
export function nextPicture(score: Score, after: number): Underway | undefined {
  let moment = nextMoment(score, after)
  // A loop without pictures would be looked through for ever.
  for (let looked = 0; moment && looked <= 2 * score.cues.length + 2; looked++) {
    const cue = moment.starts.find(hasPicture)
    if (cue) return { cue, since: moment.position }
    moment = nextMoment(score, moment.position)
  }
  return undefined
}

/** The picture that stays where nothing has one: of the cue that was the last to end by then. Pure. */
export function lastPicture({ loop, cues }: Score, position: number): ScoredCue | undefined {
  const length = lengthOf(cues)
  const round = loop && length > 0 ? Math.floor(position / length) : 0
  const pictures = cues.filter(hasPicture).toSorted((a, b) => endOf(a) - endOf(b))
  const over = pictures.findLast(cue => endOf(cue) <= position - round * length)
  return over ?? (round > 0 ? pictures.at(-1) : undefined)
}

/** Whether the cue after it plays its overlay on. `since`: where it began. Pure. */
export function goesOn(score: Score, cue: ScoredCue, since: number): boolean {
  const id = overlayOf(cue)
  const end = since + cue.duration
  const { loop, cues } = score
  const length = lengthOf(cues)
  const offset = loop && length > 0 ? end % length : end
  return id !== undefined && cues.some(next => next.start === offset && overlayOf(next) === id)
}

/** Whether a cue that begins at a position takes its overlay over from one that ends there. Pure. */
export function playedOn({ loop, cues }: Score, cue: ScoredCue, position: number): boolean {
  const id = overlayOf(cue)
  const length = lengthOf(cues)
  const isWrap = loop && position > 0 && cue.start === 0
  return id !== undefined && cues.some(each => endOf(each) === (isWrap ? length : cue.start) && overlayOf(each) === id)
}

/** Which round of a loop a position is in. */
export function roundOf({ loop, cues }: Score, position: number): number {
  const length = lengthOf(cues)
  return loop && length > 0 ? Math.max(0, Math.floor(position / length)) : 0
}

/** Throws TIMELINE_INVALID for cues that contradict one another. */
export function checkScore(cues: readonly ScoredCue[], offAir: boolean): void {
  const ids = new Set<string>()
  for (const cue of cues) {
    if (ids.has(cue.id)) throw invalid(`There are two cues with the id ${cue.id}.`)
    ids.add(cue.id)
    if (cue.camera !== undefined && cue.clip !== undefined) throw invalid(`Cue ${called(cue)} has a camera and a clip.`)
    if (cue.clip !== undefined && cue.preset !== undefined) throw invalid(`Cue ${called(cue)}: a clip has no presets.`)
    if (!hasPicture(cue) && cue.overlay === undefined && !cue.audio && !cue.ads)
      throw invalid(`Cue ${called(cue)} does nothing: give it a camera, a preset, a clip, an overlay, ads or audio.`)
    if (cue.ads && (cue.ads.spot ?? 0) > cue.duration)
      throw invalid(`Cue ${called(cue)} is too short for one of its spots.`)
    if (offAir && cue.preset === undefined)
      throw invalid(`Cue ${called(cue)} has no preset: a tour only turns cameras.`)
  }
  collide(cues.filter(hasPicture), 'show their pictures')
  collide(
    cues.filter(({ ads }) => ads),
    'have their ads',
  )
  const overlays = Map.groupBy(cues, overlayOf)
  overlays.delete(undefined)
  for (const [id, playing] of overlays) collide(playing, `play the overlay ${id}`)
}

function collide(cues: readonly ScoredCue[], what: string): void {
  const ordered = cues.toSorted((a, b) => a.start - b.start)
  for (const [n, cue] of ordered.entries()) {
    const before = ordered[n - 1]
    if (before && endOf(before) > cue.start)
      throw invalid(`Cues ${called(before)} and ${called(cue)} ${what} at the same time, from ${cue.start} ms on.`)
  }
}

const invalid = (detail: string): VistterError => new VistterError('TIMELINE_INVALID', detail)
