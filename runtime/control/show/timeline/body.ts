import type { Cue, NewTimeline } from '../../../contract/generated/openapi.v1.ts'
import { newId } from '../../../lib/ids.ts'
import type { TimelineBody } from './run.ts'
import { checkScore } from './score.ts'

/** A timeline as it is kept, of what was sent. Throws TIMELINE_INVALID. */
export function bodyOf({
  name,
  cues,
  loop = false,
  gap = 'hold',
  timing = 'clock',
  offAir = false,
}: NewTimeline): TimelineBody {
  const named = cues.map((cue: Cue) => ({ ...cue, id: cue.id ?? newId() }))
  checkScore(named, offAir)
  return { name, loop, gap, timing, offAir, cues: named.toSorted((a, b) => a.start - b.start) }
}
