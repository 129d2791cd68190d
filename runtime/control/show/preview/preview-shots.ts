import type { PreviewShot } from '../../../contract/generated/openapi.v1.ts'
import type { Turning } from '../../ports.ts'
import type { ScoredCue } from '../timeline/score.ts'

interface Stock {
  turning: Pick<Turning, 'preset' | 'standsAt'>
  /** What people call it. */
  nameOf(camera: string): string
}

/** The camera whose picture a cue shows: its own, or that of its preset. Pure. */
export const cameraOf = ({ camera, preset }: ScoredCue, { turning }: Pick<Stock, 'turning'>): string | undefined =>
  camera ?? (preset === undefined ? undefined : turning.preset(undefined, preset)?.camera)

/**
 * The views that cues have on air. A preview turns no camera, because somebody may be seeing it: so people are told which view
 * each of them is meant to have, and whether that is what they see. Pure.
 */
export function shotsOf(cues: readonly ScoredCue[], stock: Stock): PreviewShot[] {
  const { turning, nameOf } = stock
  return cues.flatMap(cue => {
    const camera = cameraOf(cue, stock)
    const preset = cue.preset === undefined ? undefined : turning.preset(camera, cue.preset)
    if (!preset) return []
    const stands = turning.standsAt(preset.camera)?.id === preset.id
    return [{ cue: cue.id, camera: nameOf(preset.camera), preset: preset.name, stands }]
  })
}
