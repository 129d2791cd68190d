import type { Feed, FlowState, FlowTransition } from '../../runtime/contract/flow.ts'
import { defineNode } from '../lib/define-node.ts'
import { misplaced, NodeError } from '../lib/node-error.ts'
import type { NodeMessage, NodeStatus } from '../lib/node-red.d.ts'
import { isRecord } from '../lib/values.ts'
import { spec } from './schema.ts'

/** The program: the sources wired to it are what it may show, and it announces its own picture. */
export default defineNode(spec, ({ settings, vistter, t }) => ({
  announce: (round): Feed => {
    vistter.declare({ round, kind: 'program', program: settings.program })
    return { round, kind: 'program', program: settings.program, overlays: [], profile: 'destination' }
  },
  feed: feed => {
    if (feed.kind !== 'source') throw misplaced('A program cannot be wired into another program.')
    vistter.declare({ round: feed.round, kind: 'source', program: settings.program, feed })
    return undefined
  },
  message: async (msg): Promise<NodeMessage> => {
    const take = takeOf(msg.payload)
    if (!take) return msg
    return { ...msg, payload: await vistter.call('program.take', { program: settings.program, ...take }) }
  },
  status: state => statusOf(state, settings.program, t),
}))

function takeOf(payload: unknown): { source: string; transition?: FlowTransition } | undefined {
  if (!isRecord(payload) || payload.take === undefined) return undefined
  const { take } = payload
  if (!isRecord(take) || typeof take.source !== 'string') {
    throw new NodeError('BAD_REQUEST', 'A take needs a source.', 'Send {"take": {"source": "a camera or slate"}}.')
  }
  // Control checks the transition against the API's own schema; here it only travels.
  return isRecord(take.transition)
    ? { source: take.source, transition: take.transition as unknown as FlowTransition }
    : { source: take.source }
}

function statusOf(state: FlowState, id: string, t: (key: string) => string): NodeStatus {
  if (!state.engine) return { fill: 'yellow', shape: 'ring', text: t('shared.engineAway') }
  const program = state.programs.find(each => each.id === id)
  if (!program) return { fill: 'grey', shape: 'ring', text: t('status.idle') }
  return program.fallback
    ? { fill: 'yellow', shape: 'dot', text: `${program.source.name} · ${t('status.fallback')}` }
    : { fill: 'green', shape: 'dot', text: program.source.name }
}
