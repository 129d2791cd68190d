import type { PlayRequest } from '../../../contract/generated/openapi.v1.ts'
import { rfc3339 } from '../../../lib/clock.ts'
import type { Beginning } from '../overlay-play.ts'
import { type ScoredCue, sceneOf } from './score.ts'

/** `at`, `endsAt`: UTC ms; `into`: how much of it is over already (ms). Without `endsAt` it plays until it is told. */
export interface OverlaySpan {
  at: number
  into: number
  endsAt: number | undefined
  /** Ends what is not on air yet. */
  leg?: AbortSignal | undefined
}

/** A cue's overlay as it is asked for, on air and on the preview bus. Pure. */
export function playRequest(cue: ScoredCue, { at, into, endsAt, leg }: OverlaySpan): PlayRequest & Beginning {
  const scene = sceneOf(cue)
  const more = { position: into, cued: true, leg, ...(endsAt !== undefined && { endsAt }) }
  return { at: rfc3339(at), ...(scene && { scene }), ...more }
}
