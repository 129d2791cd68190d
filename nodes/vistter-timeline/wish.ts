import type { Vistter } from '../../runtime/contract/flow.ts'
import { isRecord } from '../lib/values.ts'

/** What is done to a timeline that runs. */
const STEERED = ['jump', 'skip', 'extend', 'hold', 'release'] as const
type Steered = (typeof STEERED)[number]

type Wish =
  | { do: 'stop' }
  | { do: 'put'; timeline: Record<string, unknown> }
  | { do: 'start'; start: Record<string, unknown> }
  | { do: 'steer'; what: Steered; how: Record<string, unknown> }

/** What a message asks for; undefined: nothing that concerns this node. What it says control checks against the API's own schemas. */
export function wishOf(payload: unknown): Wish | undefined {
  if (payload === 'start') return { do: 'start', start: {} }
  if (payload === 'stop') return { do: 'stop' }
  for (const what of STEERED) {
    if (payload === what) return { do: 'steer', what, how: {} }
    if (isRecord(payload) && payload[what] !== undefined) return { do: 'steer', what, how: howOf(payload[what]) }
  }
  if (!isRecord(payload)) return undefined
  if (isRecord(payload.timeline)) return { do: 'put', timeline: payload.timeline }
  if (payload.stop !== undefined) return { do: 'stop' }
  if (payload.start === undefined) return undefined
  return { do: 'start', start: isRecord(payload.start) ? payload.start : {} }
}

/** A number alone is how much longer, in ms. */
const howOf = (how: unknown): Record<string, unknown> => {
  if (typeof how === 'number') return { ms: how }
  return isRecord(how) ? how : {}
}

export function steer(
  vistter: Vistter,
  timeline: string,
  { what, how }: { what: Steered; how: Record<string, unknown> },
): Promise<Record<string, unknown>> {
  switch (what) {
    case 'jump':
      return vistter.call('timeline.jump', { ...how, timeline })
    case 'skip':
      return vistter.call('timeline.skip', { ...how, timeline })
    case 'extend':
      return vistter.call('timeline.extend', { ms: Number(how.ms), ...how, timeline })
    case 'hold':
      return vistter.call('timeline.hold', { ...how, timeline })
    case 'release':
      return vistter.call('timeline.release', { ...how, timeline })
  }
}
