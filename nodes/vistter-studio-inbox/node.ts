import { defineNode } from '../lib/define-node.ts'
import { studioStatus } from '../lib/studio-status.ts'
import { spec } from './schema.ts'

/** Where commands of Studio come into the flow. What the flow makes of one goes back through an outbox. */
export default defineNode(spec, ({ settings, vistter, t, node }) => {
  const release = vistter.onCommand(settings.commands, ({ type, data, ...command }) =>
    node.send({ topic: type, payload: data, command: { ...command, type } }),
  )
  return { status: state => studioStatus(state, t), close: release }
})
