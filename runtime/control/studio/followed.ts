import type { Event, ProofRow } from '../../contract/generated/openapi.v1.ts'
import type { Followed } from './follower.ts'

export interface Journals {
  events: { after(mark: number, limit: number): Promise<{ mark: number; event: Event }[]>; end(): Promise<number> }
  proof: { after(mark: number, limit: number): Promise<ProofRow[]>; end(): Promise<number> }
}

/** What Studio is told of what happened: the activity log, and proof of play. */
export const followedOf = ({ events, proof }: Journals): Followed[] => [
  {
    name: 'events',
    kind: 'event',
    after: async (mark, limit) =>
      (await events.after(mark, limit)).map(({ mark, event }) => ({ mark, telling: eventTelling(event) })),
    end: () => events.end(),
  },
  {
    name: 'proof',
    kind: 'proof',
    after: async (mark, limit) =>
      (await proof.after(mark, limit)).map(row => ({
        mark: row.id,
        telling: { type: 'vistter.proof', time: Date.parse(row.to), data: row },
      })),
    end: () => proof.end(),
  },
]

function eventTelling({ id, type, time, severity, message, actor, data }: Event) {
  const { code } = data as { code?: unknown }
  const told = {
    ...{ severity, message, ...(actor && { actor }), ...(typeof code === 'string' && { code }) },
    details: { event: id, ...data },
  }
  return { type: `vistter.event.${type}`, time: Date.parse(time), data: told }
}
