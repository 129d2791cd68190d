import type { SoundPatch, TransitionRequest } from '../../runtime/contract/generated/openapi.v1.ts'
import type { DraftCue } from './model/cue.ts'

/** Changes of a cue as its form says them; `undefined` takes a member away. Pure. */
export function patched(cue: DraftCue, patch: { [Key in keyof DraftCue]?: DraftCue[Key] | undefined }): DraftCue {
  const entries = Object.entries({ ...cue, ...patch }).filter(([, value]) => value !== undefined)
  return Object.fromEntries(entries) as unknown as DraftCue
}

/** What a cue shows, as one value of a list: nothing, the slate, a camera, a clip, or a shot that names no camera. */
export function sourceOf({ camera, clip, preset }: DraftCue): string {
  if (clip !== undefined) return `clip:${clip}`
  if (camera !== undefined) return `camera:${camera}`
  return preset === undefined ? '' : 'shot:'
}

/** The cue with another source; what belonged to the one before goes with it. Pure. */
export function withSource(cue: DraftCue, source: string): DraftCue {
  const at = source.indexOf(':')
  const name = source.slice(at + 1)
  const none = { camera: undefined, clip: undefined, preset: undefined, swing: undefined }
  if (source === '') return patched(cue, { ...none, transition: undefined })
  return patched(cue, source.startsWith('clip:') ? { ...none, clip: name } : { ...none, camera: name })
}

export type Directed = NonNullable<TransitionRequest['direction']>

/** Transitions that come from somewhere. */
export const DIRECTED = ['wipe', 'slide']

/** The sound of a cue with other members; without any there is none. Pure. */
export function withSound(cue: DraftCue, patch: { [Key in keyof SoundPatch]?: SoundPatch[Key] | undefined }): DraftCue {
  const entries = Object.entries({ ...cue.audio, ...patch }).filter(([, value]) => value !== undefined)
  return patched(cue, { audio: entries.length > 0 ? (Object.fromEntries(entries) as SoundPatch) : undefined })
}
