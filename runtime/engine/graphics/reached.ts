import type { Overlay, ReachedTimes } from '../../contract/generated/engine.v1.ts'
import type { OclDocument } from '../../contract/generated/ocl.v1.ts'
import { timelineOf } from '../../ocl/compile.ts'
import type { ResolveContext } from '../../ocl/types.ts'

/** When a play reached what its cues wait for, as the language counts: ms on the timeline, on which a scene has its place. */
export function reachedOn(document: OclDocument, playing: Overlay['playing']): Pick<ResolveContext, 'reached'> {
  if (!playing?.reached) return {}
  const { startedAt, scene, reached } = playing
  const start = timelineOf(document).scenes.find(({ id }) => id === scene)?.start ?? 0
  const onTimeline = (times: ReachedTimes['presets']) =>
    Object.fromEntries(Object.entries(times).map(([name, at]) => [name, at - startedAt + start]))
  return { reached: { presets: onTimeline(reached.presets), milestones: onTimeline(reached.milestones) } }
}
