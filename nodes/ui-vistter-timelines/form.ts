import type { Cue, SoundPatch, TransitionRequest } from '../../runtime/contract/generated/openapi.v1.ts'
import type { DraftCue } from './model/cue.ts'
import { clipOf, type Stock } from './model/faults.ts'

/** Changes of a cue as its form says them; `undefined` takes a member away. Pure. */
export function patched(cue: DraftCue, patch: { [Key in keyof DraftCue]?: DraftCue[Key] | undefined }): DraftCue {
  const entries = Object.entries({ ...cue, ...patch }).filter(([, value]) => value !== undefined)
  return Object.fromEntries(entries) as unknown as DraftCue
}

/** What is shown, as one value of a list: nothing, the slate, a camera, a clip, or a shot that names no camera. */
export function sourceOf({ camera, clip, preset }: Pick<Cue, 'camera' | 'clip' | 'preset'>): string {
  if (clip !== undefined) return `clip:${clip}`
  if (camera !== undefined) return `camera:${camera}`
  return preset === undefined ? '' : 'shot:'
}

/** The cue with another source; what belonged to the one before goes with it. Pure. */
export function withSource(cue: DraftCue, source: string): DraftCue {
  const none = { camera: undefined, clip: undefined, preset: undefined, swing: undefined }
  return patched(cue, { ...none, ...(source === '' ? { transition: undefined } : pictureOf(source)) })
}

/** What a value of the list means. Pure. */
export function pictureOf(source: string): Pick<Cue, 'camera' | 'clip'> {
  const name = source.slice(source.indexOf(':') + 1)
  return source.startsWith('clip:') ? { clip: name } : { camera: name }
}

/**
 * What a clip is called in a cue: its name, which stays when its node changes, or its id where others have the same name.
 * Pure.
 */
export const clipName = (stock: Pick<Stock, 'clips'>, { id, name }: { id: string; name: string }): string =>
  clipOf(stock, name)?.id === id ? name : id

export type Directed = NonNullable<TransitionRequest['direction']>

/** Transitions that come from somewhere. */
export const DIRECTED = ['wipe', 'slide']

/** The sound of a cue with other members; without any there is none. Pure. */
export function withSound(cue: DraftCue, patch: { [Key in keyof SoundPatch]?: SoundPatch[Key] | undefined }): DraftCue {
  const entries = Object.entries({ ...cue.audio, ...patch }).filter(([, value]) => value !== undefined)
  return patched(cue, { audio: entries.length > 0 ? (Object.fromEntries(entries) as SoundPatch) : undefined })
}
