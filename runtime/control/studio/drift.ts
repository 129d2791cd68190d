import type { TimelineState } from '../../contract/generated/openapi.v1.ts'
import type { Heartbeat } from '../../contract/generated/studio.v1.ts'

/**
 * By how much a timeline that runs here is ahead of where Studio has it (ms). `here` and `studio`: this moment by both clocks
 * (UTC ms). Undefined: the heartbeat does not say, or it does not run. Pure.
 */
export function driftOf(
  timelines: readonly { id: string; name: string; state: Pick<TimelineState, 'status' | 'zeroAt' | 'held'> }[],
  { timeline, position, studioTime }: Heartbeat['data'],
  now: { here: number; studio: number },
): number | undefined {
  if (timeline === undefined || position === undefined) return undefined
  const found = timelines.find(({ id }) => id === timeline) ?? timelines.find(({ name }) => name === timeline)
  const { status, zeroAt, held } = found?.state ?? {}
  if (status !== 'running' || (zeroAt === undefined && !held)) return undefined
  const ours = held?.position ?? now.here - Date.parse(zeroAt ?? '')
  const theirs = position + now.studio - Date.parse(studioTime)
  return Math.round(ours - theirs)
}
