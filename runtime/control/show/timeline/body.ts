import { VistterError } from '../../../contract/errors.ts'
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
  filler,
  timing = 'clock',
  offAir = false,
}: NewTimeline): TimelineBody {
  const named = cues.map((cue: Cue) => ({ ...cue, id: cue.id ?? newId() }))
  checkScore(named, offAir)
  checkFiller(gap, filler)
  return {
    name,
    loop,
    gap,
    ...(filler && { filler }),
    timing,
    offAir,
    cues: named.toSorted((a, b) => a.start - b.start),
  }
}

function checkFiller(gap: TimelineBody['gap'], filler: NewTimeline['filler'] = []): void {
  if (gap === 'filler' && filler.length === 0)
    throw new VistterError('TIMELINE_INVALID', 'The gaps are to be filled, and `filler` names nothing to do so with.')
  if (filler.some(({ camera, clip }) => (camera === undefined) === (clip === undefined)))
    throw new VistterError('TIMELINE_INVALID', '`filler`: each of its items is either a camera or a clip.')
}
