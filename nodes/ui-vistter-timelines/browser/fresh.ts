import type { Timeline } from '../../../runtime/contract/generated/openapi.v1.ts'
import { call } from '../../lib-ui/api.ts'
import type { Draft } from '../model/cue.ts'

/** Ids of the appliance never look so. */
const PREFIX = 'new-'

/** A timeline that the appliance does not know yet: it can be begun while the appliance is away. */
export const freshTimeline = (id = `${PREFIX}${crypto.randomUUID()}`): Timeline => ({
  ...{ id, name: 'New timeline', loop: false, gap: 'hold', timing: 'clock', offAir: false, cues: [] },
  ...{ duration: 0, problems: [], state: { status: 'idle' }, revision: 0 },
})

export const isFresh = (id: string): boolean => id.startsWith(PREFIX)

interface Added {
  timeline: Timeline
  /** As it was written just now. */
  isNew: boolean
}

/** Those that were handed in, by the id that they had here: the page may be drawn anew while one is on its way. */
const handed = new Map<string, Promise<Added>>()

/** Hands a fresh one in, once. `again`: it was tried before, and may have arrived though nobody heard so. */
export async function addTimeline(id: string, draft: Draft, again: boolean): Promise<Added> {
  const known = await handed.get(id)
  if (known) return { ...known, isNew: false }
  const adding = handIn(draft, again)
  handed.set(id, adding)
  try {
    return await adding
  } catch (refusal) {
    handed.delete(id)
    throw refusal
  }
}

async function handIn(draft: Draft, again: boolean): Promise<Added> {
  const all = again ? await call<Timeline[]>('GET', '/timelines') : []
  const ids = new Set(draft.cues.map(({ id }) => id))
  // Ids of cues are made here, and are nobody else's.
  const there = all.find(({ cues }) => cues.some(({ id }) => id !== undefined && ids.has(id)))
  if (there) return { timeline: there, isNew: false }
  return { timeline: await call<Timeline>('POST', '/timelines', draft), isNew: true }
}
