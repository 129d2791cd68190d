import type { Vistter } from '../../runtime/contract/flow.ts'
import { cueOf, takeUp } from '../lib/cue.ts'
import { defineNode } from '../lib/define-node.ts'
import { misplaced, NodeError } from '../lib/node-error.ts'
import type { NodeMessage } from '../lib/node-red.d.ts'
import { isRecord } from '../lib/values.ts'
import { spec } from './schema.ts'

/** Puts an overlay on the picture that its wire carries, and plays, stops or replaces it on request. */
export default defineNode(spec, ({ settings, vistter, t }) => ({
  feed: feed => {
    // A timeline's cues take this way to their program.
    if (feed.kind === 'timeline') return feed
    if (feed.kind !== 'program') throw misplaced('An overlay belongs after a program.')
    return { ...feed, overlays: [...feed.overlays.filter(id => id !== settings.overlay), settings.overlay] }
  },
  message: async (msg): Promise<NodeMessage> => {
    const cue = cueOf(msg)
    if (cue) return isOwn(settings.overlay, msg) ? takeUp(vistter, msg, cue, 'overlay') : msg
    const result = await perform(vistter, settings.overlay, msg)
    return result ? { ...msg, payload: result } : msg
  },
  status: ({ overlays }) => {
    const playing = overlays.filter(each => each.playing && (settings.overlay === '*' || each.id === settings.overlay))
    if (playing.length === 0) return { fill: 'grey', shape: 'ring', text: t('status.idle') }
    return { fill: 'green', shape: 'dot', text: t('status.playing', { what: playing.map(({ id }) => id).join(', ') }) }
  },
}))

/** Whether the overlay of a cue is the node's. */
function isOwn(own: string, { payload }: NodeMessage): boolean {
  const overlay = isRecord(payload) ? payload.overlay : undefined
  const id = isRecord(overlay) ? overlay.id : overlay
  return id !== undefined && (own === '*' || id === own)
}

async function perform(vistter: Vistter, own: string, msg: NodeMessage): Promise<Record<string, unknown> | undefined> {
  const { payload } = msg
  if (!isRecord(payload)) return undefined
  if (typeof payload.ocl === 'string') {
    return vistter.call('overlay.put', { id: idOf(own, msg), document: payload })
  }
  const when = typeof payload.at === 'string' ? { at: payload.at } : {}
  if (payload.stop === true) return vistter.call('overlay.stop', { id: idOf(own, msg), ...when })
  if (isRecord(payload.text)) return say(vistter, payload.text)
  if (isRecord(payload.reached)) return vistter.call('overlay.reached', reachedOf(payload.reached))
  if (typeof payload.scene === 'string' && payload.scene !== '')
    return vistter.call('overlay.play', { id: idOf(own, msg), scene: payload.scene, ...when })
  if (payload.play === undefined) return undefined
  const scene = isRecord(payload.play) && typeof payload.play.scene === 'string' ? { scene: payload.play.scene } : {}
  return vistter.call('overlay.play', { id: idOf(own, msg), ...scene, ...when })
}

function reachedOf({ preset, milestone }: Record<string, unknown>): { preset: string } | { milestone: string } {
  if (typeof preset === 'string' && preset !== '') return { preset }
  if (typeof milestone === 'string' && milestone !== '') return { milestone }
  throw new NodeError('BAD_REQUEST', 'The message does not say what was reached.', 'Name a preset or a milestone.')
}

/** Other values of {{words}}. */
async function say(vistter: Vistter, text: Record<string, unknown>): Promise<Record<string, unknown>> {
  const values = Object.entries(text)
  const bad = values.find(([, value]) => !['string', 'number', 'boolean'].includes(typeof value))
  if (bad) throw new NodeError('BAD_REQUEST', `The value of ${bad[0]} is no text.`, 'Give a text or a number.')
  const said = values.map(async ([key, value]) => [key, await vistter.call('data.put', { key, value: String(value) })])
  return { text: Object.fromEntries(await Promise.all(said)) }
}

/** The node's overlay; where it stands for whatever plays, the message must say which one is meant. */
function idOf(own: string, msg: NodeMessage): string {
  if (own !== '*') return own
  if (typeof msg.overlay === 'string' && msg.overlay !== '') return msg.overlay
  throw new NodeError('BAD_REQUEST', 'The message does not say which overlay.', 'Set msg.overlay to its id.')
}
