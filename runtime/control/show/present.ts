import type { Destination } from '../../contract/generated/openapi.v1.ts'
import type { Live } from './live.ts'
import type { TimelineGlimpse } from './timeline/timelines.ts'
import { destinationWire } from './wires.ts'

interface Facts {
  live: Pick<Live, 'wiring' | 'overrides'>
  destinations: readonly Pick<Destination, 'id' | 'name' | 'platform' | 'source' | 'state'>[]
  timelines: readonly Pick<TimelineGlimpse, 'id' | 'name' | 'state'>[]
}

/** What is the case for each program's viewers, and since when (UTC ms): for proof of play. Pure. */
export function presentOf({ live, destinations, timelines }: Facts) {
  return {
    destinations: destinations.flatMap(({ id, name, platform, source, state }) => {
      const program = source ? undefined : destinationWire(live.wiring, { id, name })?.program
      if (program === undefined || state.status !== 'live') return []
      return [{ program, since: Date.parse(state.since), id, name, platform }]
    }),
    overrides: Object.entries(live.overrides).map(([program, { kind, reason, actor, since }]) => {
      return { program, since, kind, reason, actor }
    }),
    timelines: timelines.flatMap(({ id, name, state: { status, program, startedAt } }) =>
      status === 'running' && program !== undefined && startedAt !== undefined
        ? [{ program, since: Date.parse(startedAt), id, name }]
        : [],
    ),
  }
}
