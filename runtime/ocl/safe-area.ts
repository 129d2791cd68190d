import type { OclDocument } from '../contract/generated/ocl.v1.ts'
import { type CompiledCue, timelineOf } from './compile.ts'
import { valueAt } from './envelope.ts'
import { finding } from './finding.ts'
import { anchored, safeGrid, within } from './geometry.ts'
import type { Finding } from './types.ts'

/** Cues that leave the safe grid at rest or at a keyframe, without saying that they may. Nothing is moved for it. */
export function checkSafeArea(document: OclDocument): Finding[] {
  const grid = safeGrid(document.timeline.resolution)
  return timelineOf(document).scenes.flatMap(scene =>
    scene.cues.flatMap(cue => {
      if (cue.cue.unsafe || isInside(cue, grid, document)) return []
      const path = cue.cue.properties?.position ? `${cue.path}/properties/position` : cue.path
      return [
        finding('OCL_OUTSIDE_SAFE_AREA', path, `"${cue.cue.id}" leaves the safe area (the middle 90 % of the frame)`),
      ]
    }),
  )
}

/** A size that only the file or the font knows counts as nothing: better silent than wrong. */
function isInside(cue: CompiledCue, grid: ReturnType<typeof safeGrid>, document: OclDocument): boolean {
  const { position, size } = cue.cue.properties ?? {}
  const natural = size ?? (cue.cue.shape ? document.timeline.resolution : { width: 0, height: 0 })
  const moments = new Set([0, ...[cue.x, cue.y, cue.scale].flatMap(keys => keys.map(key => key.at))])
  return [...moments].every(at => {
    const scale = valueAt(cue.scale, at)
    const drawn = { width: natural.width * scale, height: natural.height * scale }
    const anchor = position ? position.anchor : 'center'
    return within(grid, anchored(grid, anchor, valueAt(cue.x, at), valueAt(cue.y, at), drawn))
  })
}
