import type { Cue, Timeline } from '../../../runtime/contract/generated/openapi.v1.ts'

export type DraftCue = Cue & { id: string }

/** A timeline as people edit it: all that can be changed of it. Times in ms. */
export type Draft = Pick<Timeline, 'name' | 'loop' | 'gap' | 'timing' | 'offAir' | 'filler'> & {
  cues: readonly DraftCue[]
}

/** What the API takes (ms). */
export const SHORTEST = 100
export const LATEST = 10_000_000_000

export const endOf = ({ start, duration }: Pick<Cue, 'start' | 'duration'>): number => start + duration

export const hasPicture = ({ camera, clip, preset }: Cue): boolean => (camera ?? clip ?? preset) !== undefined

export const overlayOf = ({ overlay }: Cue): string | undefined => (typeof overlay === 'object' ? overlay.id : overlay)

export const sceneOf = ({ overlay }: Cue): string | undefined =>
  typeof overlay === 'object' ? overlay.scene : undefined

export const lengthOf = (cues: readonly Cue[]): number => cues.reduce((last, cue) => Math.max(last, endOf(cue)), 0)

/** Whether two cues must not be under way at once: both are the picture, both are breaks, or both play the same overlay. */
export function areRivals(one: Cue, other: Cue): boolean {
  if (hasPicture(one) && hasPicture(other)) return true
  if (one.ads && other.ads) return true
  const overlay = overlayOf(one)
  return overlay !== undefined && overlay === overlayOf(other)
}

/** The cues that a cue cannot stand beside where it is. Pure. */
export const collisionsOf = (cues: readonly DraftCue[], cue: DraftCue): DraftCue[] =>
  cues.filter(
    other => other.id !== cue.id && areRivals(other, cue) && other.start < endOf(cue) && cue.start < endOf(other),
  )

/** What of a timeline is edited. */
export const draftOf = ({ name, loop, gap, timing, offAir, cues, filler }: Timeline): Draft => ({
  ...{ name, loop, gap, timing, offAir },
  // The appliance names every cue; the type of the API leaves that to whoever writes one.
  cues: cues.map((cue, n) => ({ ...cue, id: cue.id ?? `cue-${n}` })),
  ...(filler && { filler }),
})
