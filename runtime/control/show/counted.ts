import type { FlowState } from '../../contract/flow.ts'
import type { Stored } from '../ports.ts'
import type { Live } from './live.ts'
import { PLAY_LEAD_MS, type Play, withCourse } from './overlay-play.ts'

type Plays = readonly Pick<Stored<{ playing?: Play; following?: { at: number } }>, 'body'>[]

interface Present {
  live: Pick<Live, 'takes' | 'runs' | 'shots'>
  overlays: Plays
  queue: FlowState['queue']
  previewed: boolean
}

/** Whether something that is on air, or is to be, is counted by the clock of the show; `now`: by that, UTC ms. Pure. */
export function isCounted({ live, overlays, queue, previewed }: Present, now: number): boolean {
  const ahead = Object.values(live.takes).some(({ at = 0 }) => at > now)
  const runs = [live.runs, live.shots].some(each => Object.keys(each).length > 0)
  const plays = overlays.some(({ body }) => body.following ?? body.playing)
  const queued = queue !== undefined && (queue.playing !== undefined || queue.waiting.length > 0)
  return ahead || runs || plays || queued || previewed
}

/** Whether an overlay on air was put there since a moment; UTC ms. Pure. */
export const hasBegun = (overlays: Plays, since: number, now: number): boolean =>
  overlays.some(({ body }) => {
    const { startedAt = Number.NEGATIVE_INFINITY } = withCourse(body, now).playing ?? {}
    return startedAt >= since && startedAt <= now + PLAY_LEAD_MS
  })
