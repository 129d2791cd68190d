import type { FillerItem } from '../../../runtime/contract/generated/openapi.v1.ts'
import { type Draft, type DraftCue, endOf, hasPicture, lengthOf } from './cue.ts'
import type { Stock } from './faults.ts'

/** The appliance fills no shorter rest (ms). */
const SHORTEST = 100
/** What is chosen lasts so long at first (ms). */
const USUAL = 30_000
/** The API takes no shorter one (ms). */
export const SHORTEST_ITEM = 1_000

/** What fills a gap at a position (ms), as the appliance would show it; undefined: there is no gap, or nothing for it. Pure. */
export function fillingAt({ gap, filler = [], cues }: Draft, position: number): DraftCue | undefined {
  const pictures = cues.filter(hasPicture)
  const from = Math.max(0, ...pictures.map(endOf).filter(end => end <= position))
  const to = Math.min(lengthOf(cues), ...pictures.map(({ start }) => start).filter(start => start > position))
  const round = filler.reduce((sum, { duration }) => sum + duration, 0)
  if (gap !== 'filler' || round <= 0 || position >= to || to - from < SHORTEST) return undefined
  // A rest that is too short for a picture of its own belongs to the one before.
  const at = Math.min(position - from, to - from - SHORTEST)
  let left = at % round
  const n = filler.findIndex(({ duration }) => {
    left -= duration
    return left < 0
  })
  return pictureOf(filler[n], n)
}

/** The item that a cue of the appliance stands for, by its id; undefined: it is none of the filler's. Pure. */
export function fillerCue({ filler = [] }: Pick<Draft, 'filler'>, id: string): DraftCue | undefined {
  const n = Number(/^filler [^.]+\.(\d+)$/.exec(id)?.[1]) % filler.length
  return pictureOf(filler[n], n)
}

function pictureOf(item: FillerItem | undefined, n: number): DraftCue | undefined {
  return item && { ...item, id: `filler ${n}`, start: 0 }
}

/** What a filler begins with: a clip where there is one. Pure. */
export function firstOf({
  clips = [],
  cameras,
}: Pick<Stock, 'clips' | 'cameras'>): Pick<FillerItem, 'camera' | 'clip'> {
  const [clip] = clips
  return clip ? { clip: clip.name } : { camera: cameras[0]?.id ?? 'slate' }
}

/** The list with another one at its end. Pure. */
export const withItem = (filler: readonly FillerItem[], what: Pick<FillerItem, 'camera' | 'clip'>): FillerItem[] => [
  ...filler,
  { ...what, duration: USUAL },
]
