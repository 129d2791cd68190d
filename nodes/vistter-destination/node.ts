import type { FlowState } from '../../runtime/contract/flow.ts'
import { defineNode } from '../lib/define-node.ts'
import { misplaced } from '../lib/node-error.ts'
import type { NodeMessage, NodeStatus } from '../lib/node-red.d.ts'
import { spec } from './schema.ts'

type DestinationState = FlowState['destinations'][number]
type Words = (key: string, values?: Record<string, string | number>) => string

const LOOKS: Record<DestinationState['status'], NodeStatus> = {
  live: { fill: 'green', shape: 'dot' },
  connecting: { fill: 'yellow', shape: 'ring' },
  reconnecting: { fill: 'yellow', shape: 'dot' },
  failed: { fill: 'red', shape: 'dot' },
  idle: { fill: 'grey', shape: 'ring' },
}

/** Where the picture of its wire goes: a destination without a wire does not run. */
export default defineNode(spec, ({ settings, vistter, t }) => ({
  feed: feed => {
    if (feed.kind !== 'program') throw misplaced('A destination belongs after a program.')
    vistter.declare({ round: feed.round, kind: 'output', destination: settings.destination, feed })
    return feed
  },
  message: async (msg): Promise<NodeMessage> => {
    const { payload } = msg
    if (payload !== 'start' && payload !== 'stop' && payload !== 'test') return msg
    const named = typeof msg.destination === 'string' && msg.destination !== '' ? msg.destination : undefined
    const destination = settings.destination === '*' && named ? named : settings.destination
    return { ...msg, payload: await vistter.call(`destination.${payload}`, { destination }) }
  },
  status: ({ destinations }) => {
    if (settings.destination === '*') return summary(destinations, t)
    const one = destinations.find(({ id, name }) => id === settings.destination || name === settings.destination)
    if (!one) return { fill: 'red', shape: 'ring', text: t('status.unknown', { destination: settings.destination }) }
    return statusOf(one, t)
  },
}))

function statusOf(one: DestinationState, t: Words): NodeStatus {
  const detail = one.error ? ` · ${one.error.code}` : one.status === 'live' ? ` · ${megabits(one.videoBitrate)}` : ''
  const waits = one.status === 'connecting' && one.moving !== undefined
  const text = waits ? t('status.moving', { preset: one.moving ?? '' }) : t(`status.${one.status}`)
  return { ...LOOKS[one.status], text: `${text}${detail}` }
}

function summary(destinations: DestinationState[], t: Words): NodeStatus {
  const wanted = destinations.filter(({ status }) => status !== 'idle')
  const [only] = wanted
  if (!only) return { fill: 'grey', shape: 'ring', text: t(destinations.length > 0 ? 'status.idle' : 'status.none') }
  if (wanted.length === 1) {
    const { text, ...look } = statusOf(only, t)
    return { ...look, text: `${only.name}: ${text}` }
  }
  const live = wanted.filter(({ status }) => status === 'live').length
  const fill = live === wanted.length ? 'green' : live > 0 ? 'yellow' : 'red'
  return { fill, shape: 'dot', text: t('status.summary', { live, all: wanted.length }) }
}

const megabits = (kilobits: number): string => `${(kilobits / 1000).toFixed(1)} Mbit/s`
