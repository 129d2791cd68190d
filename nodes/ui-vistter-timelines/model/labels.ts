import { type DraftCue, overlayOf, sceneOf } from './cue.ts'
import { cameraOf, clipOf, presetOf, type Stock } from './faults.ts'
import { clockText } from './times.ts'
import type { Track } from './tracks.ts'

/** What a cue is called on a track, in words that people gave. Pure. */
export function labelOn(track: Track, cue: DraftCue, stock: Stock): string {
  if (track === 'overlay') return [overlayOf(cue), sceneOf(cue), cue.ads && 'Ad break'].filter(Boolean).join(' · ')
  if (track === 'sound') return soundWords(cue, stock)
  if (cue.clip !== undefined) return clipOf(stock, cue.clip)?.name ?? cue.clip
  if (cue.camera === 'slate') return 'Slate'
  const shot = presetOf(stock, cue)
  const camera = cameraOf(stock, shot?.camera ?? cue.camera)?.name ?? cue.camera
  return [camera, shot?.preset.name ?? cue.preset].filter(Boolean).join(' · ')
}

function soundWords({ audio = {} }: DraftCue, { sounds = [] }: Pick<Stock, 'sounds'>): string {
  const { mute, bed, loudness } = audio
  const asset = bed?.asset
  const words = [
    mute === true && 'Silence',
    mute === false && 'Sound on',
    asset === null && 'Music ends',
    asset && (sounds.find(({ id }) => id === asset)?.name ?? asset),
    typeof loudness === 'number' && `${loudness} LUFS`,
  ].filter(Boolean)
  return words.join(' · ') || 'Sound'
}

/** What a cue is called where all of it is meant. Pure. */
export function labelOf(cue: DraftCue, stock: Stock): string {
  const picture = labelOn('picture', cue, stock)
  return picture || labelOn('overlay', cue, stock) || labelOn('sound', cue, stock)
}

/** For those who hear the page. */
export const spokenOf = (cue: DraftCue, stock: Stock): string =>
  `${labelOf(cue, stock)}, ${clockText(cue.start)} to ${clockText(cue.start + cue.duration)}`
