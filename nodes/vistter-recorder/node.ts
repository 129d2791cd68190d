import type { FlowState } from '../../runtime/contract/flow.ts'
import { defineNode } from '../lib/define-node.ts'
import { misplaced, NodeError } from '../lib/node-error.ts'
import type { NodeMessage, NodeStatus } from '../lib/node-red.d.ts'
import { spec } from './schema.ts'

type Status = FlowState['recordings'][number]['status']

const LOOKS: Record<Status, NodeStatus> = {
  recording: { fill: 'red', shape: 'dot' },
  starting: { fill: 'yellow', shape: 'ring' },
  waiting: { fill: 'yellow', shape: 'dot' },
}

/** Records the program that its wire brings; without a wire there is nothing to record. */
export default defineNode(spec, ({ settings, vistter, t }) => {
  let program: string | undefined
  return {
    announce: () => {
      program = undefined // until the wire of this deploy names it again
      return undefined
    },
    feed: feed => {
      if (feed.kind !== 'program') throw misplaced('A recorder belongs after a program.')
      program = feed.program
      vistter.declare({ round: feed.round, kind: 'recorder', feed })
      return feed
    },
    message: async (msg): Promise<NodeMessage> => {
      const { payload, name } = msg
      if (payload !== 'start' && payload !== 'stop') return msg
      if (program === undefined) throw new NodeError('NOT_WIRED', t('error.notWired'), t('error.drawWire'))
      if (payload === 'stop') return { ...msg, payload: await vistter.call('recording.stop', { program }) }
      const called = typeof name === 'string' && name !== '' ? name : settings.title
      const params = { program, ...(called && { name: called }) }
      return { ...msg, payload: await vistter.call('recording.start', params) }
    },
    status: ({ recordings }) => {
      const recording = recordings.find(each => each.program === program)
      if (!recording) return { fill: 'grey', shape: 'ring', text: t('status.idle') }
      const { status, name, error } = recording
      return {
        ...LOOKS[status],
        text: error ? `${t('status.waiting')} · ${error.code}` : `${t(`status.${status}`)}: ${name}`,
      }
    },
  }
})
