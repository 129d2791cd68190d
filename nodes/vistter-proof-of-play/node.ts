import { defineNode } from '../lib/define-node.ts'
import { misplaced, NodeError } from '../lib/node-error.ts'
import type { NodeMessage, Outgoing } from '../lib/node-red.d.ts'
import { isRecord } from '../lib/values.ts'
import { Facts } from './facts.ts'
import { spec } from './schema.ts'

/** Tells what was on air, as it is written down, and answers what is asked of it. */
export default defineNode(spec, ({ settings, vistter, t }) => {
  const facts = new Facts(settings)
  return {
    feed: () => {
      throw misplaced('Proof of play is told as messages: no picture can be wired into it.')
    },
    message: async (msg): Promise<NodeMessage> => {
      const wish = wishOf(msg.payload)
      if (!wish) return msg
      if (wish.ask === 'verify') return { ...msg, payload: await vistter.call('proof.verify', {}) }
      if (wish.ask === 'list') return { ...msg, payload: (await vistter.call('proof.list', wish.range)).rows }
      const { advertisers } = await vistter.call('proof.report', wish.range)
      const { advertiser } = settings
      return { ...msg, payload: advertisers.filter(each => advertiser === '' || each.advertiser === advertiser) }
    },
    news: ({ aired = [] }): Outgoing[] =>
      facts.see(aired).map(payload => [null, { topic: 'aired', payload }] satisfies Outgoing),
    status: ({ aired = [] }) => {
      const last = aired.findLast(({ kind }) => settings.pictures || kind === 'overlay')
      if (!last) return { fill: 'grey', shape: 'ring', text: t('status.none') }
      const what = last.asset ?? last.cue ?? last.name ?? ''
      return { fill: 'green', shape: 'dot', text: t('status.last', { what, frames: last.frames }) }
    },
  }
})

type Range = { from?: string; to?: string }
type Wish = { ask: 'list' | 'report'; range: Range } | { ask: 'verify' }

/** What a message asks for; undefined: nothing that concerns this node. */
function wishOf(payload: unknown): Wish | undefined {
  if (payload === 'verify') return { ask: 'verify' }
  for (const ask of ['list', 'report'] as const) {
    if (payload === ask) return { ask, range: {} }
    if (isRecord(payload) && payload[ask] !== undefined) return { ask, range: rangeOf(payload[ask]) }
  }
  return undefined
}

function rangeOf(value: unknown): Range {
  const { from, to } = isRecord(value) ? value : {}
  return { ...timeIn('from', from), ...timeIn('to', to) }
}

function timeIn(name: 'from' | 'to', value: unknown): Range {
  if (value === undefined) return {}
  if (typeof value === 'string') return name === 'from' ? { from: value } : { to: value }
  throw new NodeError('BAD_REQUEST', `/${name}: this is not a time.`, 'Give it as text, such as 2026-05-01T00:00:00Z.')
}
