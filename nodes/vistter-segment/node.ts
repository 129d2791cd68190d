import { defineNode } from '../lib/define-node.ts'
import { misplaced, NodeError } from '../lib/node-error.ts'
import type { NodeMessage, Outgoing } from '../lib/node-red.d.ts'
import { isRecord } from '../lib/values.ts'
import { QueueNews } from './queue-news.ts'
import { spec } from './schema.ts'

/** Plays, queues and previews segments, and tells what their queue has on air. */
export default defineNode(spec, ({ settings, vistter, t }) => {
  const news = new QueueNews(settings.segment)
  return {
    feed: () => {
      throw misplaced(
        'Segments run on the timelines that are wired to a program: no picture can be wired into this node.',
      )
    },
    message: async (msg): Promise<NodeMessage> => {
      const wish = wishOf(msg.payload)
      if (!wish) return msg
      if (!('more' in wish)) return { ...msg, payload: await vistter.call(`queue.${wish.do}`, {}) }
      const segment = named(settings.segment, msg)
      return { ...msg, payload: await vistter.call(`segment.${wish.do}`, { ...wish.more, segment }) }
    },
    news: ({ queue }): Outgoing[] => (queue ? news.see(queue).map(told => [null, told] satisfies Outgoing) : []),
    status: ({ queue }) => {
      const n = queue?.waiting.length ?? 0
      if (queue?.playing) {
        const { name, problem } = queue.playing
        if (problem) return { fill: 'red', shape: 'dot', text: t('status.problem', { name }) }
        return { fill: 'green', shape: 'dot', text: t('status.playing', { name }) }
      }
      if (n === 0) return { fill: 'grey', shape: 'ring', text: t('status.none') }
      return { fill: 'grey', shape: 'dot', text: t(queue?.held ? 'status.held' : 'status.waiting', { n }) }
    },
  }
})

type Wish = { do: 'queue' | 'play' | 'preview'; more: Record<string, unknown> } | { do: 'start' | 'stop' | 'skip' }

/** What a message asks for; undefined: nothing that concerns this node. */
function wishOf(payload: unknown): Wish | undefined {
  for (const what of ['start', 'stop', 'skip'] as const) if (payload === what) return { do: what }
  for (const what of ['queue', 'play', 'preview'] as const) {
    if (payload === what) return { do: what, more: {} }
    // Control checks it against the API's own schema; here it only travels.
    if (isRecord(payload) && isRecord(payload[what])) return { do: what, more: payload[what] }
  }
  return undefined
}

function named(own: string, { segment }: NodeMessage): string {
  if (own !== '') return own
  if (typeof segment === 'string' && segment !== '') return segment
  const hint = 'Set msg.segment to its id or name, or name it in the form.'
  throw new NodeError('BAD_REQUEST', 'The message does not say which segment.', hint)
}
