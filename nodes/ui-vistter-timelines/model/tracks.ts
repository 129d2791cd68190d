import { type DraftCue, endOf, hasPicture, overlayOf } from './cue.ts'

export type Track = 'picture' | 'overlay' | 'sound'

/** What can be added: a break for ads lies on the track of overlays. */
export type Addition = Track | 'break'

export const TRACKS: readonly { track: Track; name: string; adds: { what: Addition; words: string }[] }[] = [
  { track: 'picture', name: 'Picture', adds: [{ what: 'picture', words: 'Add a shot' }] },
  {
    ...{ track: 'overlay', name: 'Overlays' },
    adds: [
      { what: 'overlay', words: 'Add an overlay' },
      { what: 'break', words: 'Add an ad break' },
    ],
  },
  { track: 'sound', name: 'Sound', adds: [{ what: 'sound', words: 'Add sound' }] },
]

/** A cue on one of the tracks that it is on. `lane`: from 0 on, where several are under way at once. */
export interface Block {
  cue: DraftCue
  lane: number
}

const IS_ON: Record<Track, (cue: DraftCue) => boolean> = {
  picture: hasPicture,
  overlay: cue => (overlayOf(cue) ?? cue.ads) !== undefined,
  sound: ({ audio }) => audio !== undefined,
}

/** The cues of a track, each in the first lane that is free, and how many lanes that takes (one at least). Pure. */
export function blocksOf(cues: readonly DraftCue[], track: Track): { lanes: number; blocks: Block[] } {
  const free: number[] = []
  const blocks = cues
    .filter(IS_ON[track])
    .toSorted((a, b) => a.start - b.start)
    .map(cue => {
      const found = free.findIndex(end => end <= cue.start)
      const lane = found < 0 ? free.length : found
      free[lane] = endOf(cue)
      return { cue, lane }
    })
  return { lanes: Math.max(1, free.length), blocks }
}

/** Those of which anything is seen between two times (ms): a long timeline is drawn in part. */
export const within = (blocks: readonly Block[], from: number, to: number): Block[] =>
  blocks.filter(({ cue }) => cue.start < to && endOf(cue) > from)
