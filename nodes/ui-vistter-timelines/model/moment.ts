import type { TimelineState } from '../../../runtime/contract/generated/openapi.v1.ts'
import { type Draft, type DraftCue, endOf, hasPicture, lengthOf, overlayOf, sceneOf } from './cue.ts'
import { fillingAt } from './filler.ts'

/** What viewers see at a time: the picture, and the overlays on it, `at` ms after each began. */
export interface Moment {
  /** `held`: it is over, and stays because nothing came after it. */
  picture?: { cue: DraftCue; held: boolean }
  overlays: { id: string; scene: string | undefined; at: number }[]
}

/** What is on air at a position (ms), as the appliance would play it. Pure. */
export function momentOf(draft: Draft, position: number): Moment {
  const { cues, loop, gap } = draft
  const here = cues.filter(cue => cue.start <= position && position < endOf(cue))
  const overlays = here.flatMap(cue => {
    const id = overlayOf(cue)
    return id === undefined ? [] : [{ id, scene: sceneOf(cue), at: position - cue.start }]
  })
  const now = here.find(hasPicture)
  if (now) return { picture: { cue: now, held: false }, overlays }
  if (gap === 'slate') return { overlays }
  const filling = fillingAt(draft, position)
  if (filling) return { picture: { cue: filling, held: false }, overlays }
  const pictures = cues.filter(hasPicture).toSorted((a, b) => a.start - b.start)
  // In a loop the picture of the round before is what stays at the beginning.
  const last = pictures.findLast(cue => endOf(cue) <= position) ?? (loop ? pictures.at(-1) : undefined)
  return { ...(last && { picture: { cue: last, held: true } }), overlays }
}

/** Where a timeline that runs is in its round (`now`: UTC ms); undefined: it does not run. Pure. */
export function positionOf(
  { loop, cues }: Pick<Draft, 'loop' | 'cues'>,
  { status, zeroAt, held }: TimelineState,
  now: number,
): number | undefined {
  if (status !== 'running' || (zeroAt === undefined && !held)) return undefined
  const position = Math.max(0, held ? held.position : now - Date.parse(zeroAt ?? ''))
  const length = lengthOf(cues)
  return loop && length > 0 ? position % length : position
}
