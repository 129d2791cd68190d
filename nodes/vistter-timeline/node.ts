import type { FlowState } from '../../runtime/contract/flow.ts'
import { cueMessage } from '../lib/cue.ts'
import { defineNode, type NodeContext } from '../lib/define-node.ts'
import { misplaced, NodeError } from '../lib/node-error.ts'
import type { NodeMessage, NodeStatus, Outgoing } from '../lib/node-red.d.ts'
import { isRecord } from '../lib/values.ts'
import { Cues } from './cues.ts'
import { spec } from './schema.ts'
import { steer, wishOf } from './wish.ts'

type Timeline = FlowState['timelines'][number]
type Words = NodeContext<typeof spec>['t']

/** A timeline that may run on the program that the wire leads to; it is started and stopped here, and its cues are told. */
export default defineNode(spec, ({ settings, vistter, t }) => {
  const cues = new Cues()
  return {
    announce: round => ({ round, kind: 'timeline', timeline: settings.timeline }),
    feed: () => {
      throw misplaced('A wire begins at a timeline: no picture can be wired into it.')
    },
    offer: offer => (offer.wire === settings.timeline ? [cueMessage(offer), null] : undefined),
    message: async (msg): Promise<NodeMessage> => {
      const wish = wishOf(msg.payload)
      if (!wish) return msg
      if (wish.do === 'put') {
        const name = settings.timeline === '*' ? wish.timeline.name : settings.timeline
        if (typeof name !== 'string') throw nameless()
        return { ...msg, payload: await vistter.call('timeline.put', { name, timeline: wish.timeline }) }
      }
      const timeline = named(settings.timeline, msg)
      if (wish.do === 'stop') return { ...msg, payload: await vistter.call('timeline.stop', { timeline }) }
      if (wish.do === 'steer') return { ...msg, payload: await steer(vistter, timeline, wish) }
      return { ...msg, payload: await vistter.call('timeline.start', { ...wish.start, timeline }) }
    },
    news: ({ timelines }): Outgoing[] => {
      const { timeline: own } = settings
      const mine = own === '*' ? timelines : timelines.filter(({ id, name }) => id === own || name === own)
      return cues.see(mine).map(told => [null, told])
    },
    status: ({ timelines }) => {
      if (settings.timeline === '*') return summary(timelines, t)
      const timeline = timelines.find(({ id, name }) => id === settings.timeline || name === settings.timeline)
      if (timeline) return statusOf(timeline, t)
      return { fill: 'red', shape: 'ring', text: t('status.unknown', { timeline: settings.timeline }) }
    },
  }
})

/** The node's timeline; where it stands for every one, the message must say which is meant. */
function named(own: string, { timeline }: NodeMessage): string {
  if (own !== '*') return own
  const wanted = isRecord(timeline) ? timeline.id : timeline
  if (typeof wanted === 'string' && wanted !== '') return wanted
  throw nameless()
}

const nameless = (): NodeError => {
  const hint = 'Set msg.timeline to its id or name, or choose it in the form.'
  return new NodeError('BAD_REQUEST', 'The message does not say which timeline.', hint)
}

function statusOf({ status, cue, held }: Timeline, t: Words): NodeStatus {
  if (status === 'idle') return { fill: 'grey', shape: 'ring', text: t('status.idle') }
  if (status === 'waiting') return { fill: 'blue', shape: 'ring', text: t('status.waiting') }
  if (held) return { fill: 'yellow', shape: 'dot', text: t('status.held', { by: held.by }) }
  if (!cue) return { fill: 'green', shape: 'dot', text: t('status.gap') }
  const text = t(cue.moving ? 'status.moving' : 'status.running', { cue: cue.preset ?? cue.camera ?? cue.id })
  return { fill: cue.moving ? 'blue' : 'green', shape: 'dot', text }
}

function summary(timelines: Timeline[], t: Words): NodeStatus {
  if (timelines.length === 0) return { fill: 'grey', shape: 'ring', text: t('status.none') }
  const running = timelines.filter(({ status }) => status === 'running').length
  const fill = running > 0 ? 'green' : 'grey'
  return { fill, shape: 'dot', text: t('status.summary', { running, all: timelines.length }) }
}
