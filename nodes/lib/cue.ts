import type { CueDone, CueOffer, CueStep } from '../../runtime/contract/cue-offer.ts'
import type { Vistter } from '../../runtime/contract/flow.ts'
import type { NodeMessage } from './node-red.d.ts'
import { isRecord } from './values.ts'

/** A cue on its way, as its message names it; what it shows is the payload, which nodes may change. */
interface CueMessage extends Record<string, unknown> {
  offer: string
  program: string
}

/** The message that carries a cue. Its id is the offer's, so that the flow host sees where it is. */
export function cueMessage({ id, timeline, program, cue, round, at, until, shows }: CueOffer): NodeMessage {
  return {
    _msgid: id,
    topic: 'vistter/cue',
    payload: shows,
    cue: { offer: id, id: cue, round, timeline, program, at, until },
  }
}

/** The cue of a message; undefined: it carries none, or one that was carried out. */
export function cueOf({ cue }: NodeMessage): CueMessage | undefined {
  if (!isRecord(cue) || typeof cue.offer !== 'string' || typeof cue.program !== 'string') return undefined
  return cue.outcome === undefined ? { ...cue, offer: cue.offer, program: cue.program } : undefined
}

/** Takes up a step of the cue: answers the message with what became of it. */
export async function takeUp(vistter: Vistter, msg: NodeMessage, cue: CueMessage, step: CueStep): Promise<NodeMessage> {
  const shows = isRecord(msg.payload) ? msg.payload : {}
  const { taken, why, done } = await vistter.call('cue.take', { offer: cue.offer, step, shows })
  const notes = Array.isArray(cue.taken) ? cue.taken : []
  const note = { step, at: new Date().toISOString(), taken, ...(why !== undefined && { why }) }
  return { ...msg, payload: shows, cue: { ...cue, taken: [...notes, note], ...(done && outcomeOf(done)) } }
}

/** What the whole of it says in a few words: its last step is its picture. */
function outcomeOf({ outcome, by, steps }: CueDone): Record<string, unknown> {
  const last = steps.at(-1)
  return { outcome, by, steps, actual: last?.actual, latencyMs: last?.latencyMs }
}
