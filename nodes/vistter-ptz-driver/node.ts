import type { FlowState } from '../../runtime/contract/flow.ts'
import { defineNode, type NodeContext } from '../lib/define-node.ts'
import type { NodeStatus } from '../lib/node-red.d.ts'
import { Asks } from './asks.ts'
import { spec } from './schema.ts'

/** Lets the flow behind it move a camera: what the appliance asks leaves as a message, and its answer comes back into the node. */
export default defineNode(spec, ({ settings, vistter, t, node }) => {
  const asks = new Asks()
  const { camera, ...able } = settings
  const release = vistter.drive(camera, (command, params) =>
    asks.open(command, id => node.send({ topic: command, payload: params, ptz: { id, camera } })),
  )
  return {
    announce: round => {
      vistter.declare({ round, kind: 'driver', driver: { camera, ...able } })
      return undefined
    },
    message: async msg => {
      asks.answer(msg)
      return undefined
    },
    status: state => statusOf(state, camera, t),
    close: () => {
      release()
      asks.end()
    },
  }
})

function statusOf({ cameras }: FlowState, wanted: string, t: NodeContext<typeof spec>['t']): NodeStatus {
  const found = cameras.find(({ id }) => id === wanted) ?? cameras.find(({ name }) => name === wanted)
  if (!found) return { fill: 'red', shape: 'ring', text: t('status.unknown', { camera: wanted }) }
  const { ptz, moving } = found
  if (!ptz) return { fill: 'grey', shape: 'ring', text: t('status.waiting') }
  if (!ptz.reachable) return { fill: 'red', shape: 'dot', text: ptz.error?.code ?? t('status.connecting') }
  if (ptz.error) return { fill: 'yellow', shape: 'dot', text: ptz.error.code }
  return moving
    ? { fill: 'blue', shape: 'dot', text: t('status.moving') }
    : { fill: 'green', shape: 'dot', text: t('status.ready') }
}
