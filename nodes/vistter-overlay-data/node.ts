import type { FlowState } from '../../runtime/contract/flow.ts'
import { defineNode, type NodeContext } from '../lib/define-node.ts'
import { NodeError } from '../lib/node-error.ts'
import type { NodeApi, NodeMessage, NodeStatus } from '../lib/node-red.d.ts'
import { spec } from './schema.ts'

/** What its status tells is at most this much (ms) too young. */
const AGES = 5_000

/** Hands a value of a message to the texts of overlays. It waits for nobody else: what comes late is late here alone. */
export default defineNode(spec, ({ settings, vistter, t, RED }) => ({
  ages: AGES,
  message: async (msg): Promise<NodeMessage> => {
    const ttl = ttlOf(msg.ttl, settings.ttl)
    const data = { key: keyOf(msg, settings.key), value: valueIn(RED, msg, settings.property) }
    await vistter.call('data.put', { ...data, ...(ttl !== undefined && { ttl }) })
    return msg
  },
  status: state => statusOf(state, settings.key, t, Date.now()),
}))

function keyOf(msg: NodeMessage, own: string): string {
  const key = own === '' ? msg.key : own
  if (typeof key === 'string' && key !== '') return key
  throw new NodeError('BAD_REQUEST', 'Nobody says which token this is.', 'Open the node and name it, or set msg.key.')
}

function valueIn(RED: NodeApi, msg: NodeMessage, property: string): string | number | boolean {
  const value = found(RED, msg, property)
  if (typeof value === 'string' || typeof value === 'boolean') return value
  if (typeof value === 'number' && Number.isFinite(value)) return value
  const what = value === undefined || value === null ? 'There is nothing' : 'There is no text, number, true or false'
  throw new NodeError('BAD_REQUEST', `${what} at msg.${property}.`, 'Correct the path, or put the value there before.')
}

function found(RED: NodeApi, msg: NodeMessage, property: string): unknown {
  try {
    return RED.util.getMessageProperty(msg, property)
  } catch {
    // A path through something that is not there.
    return undefined
  }
}

/** A message's own is in ms, as the API's; the form's in seconds. */
function ttlOf(wish: unknown, seconds: number): number | undefined {
  if (wish === undefined) return seconds === 0 ? undefined : seconds * 1_000
  if (typeof wish === 'number' && wish > 0) return wish
  throw new NodeError(
    'BAD_REQUEST',
    'msg.ttl is not a number of milliseconds.',
    'Set a number above 0, or leave it out.',
  )
}

function statusOf(state: FlowState, own: string, t: NodeContext<typeof spec>['t'], now: number): NodeStatus {
  if (own === '') return { fill: 'grey', shape: 'ring', text: t('status.keys', { keys: state.data.length }) }
  const data = state.data.find(({ key }) => key === own)
  if (!data) return { fill: 'grey', shape: 'ring', text: t('status.none') }
  const { value, at, expires } = data
  if (expires !== undefined && now >= expires)
    return { fill: 'yellow', shape: 'ring', text: t('status.stale', { value }) }
  const [words, age] = ageOf((now - at) / 1_000)
  return { fill: 'green', shape: 'dot', text: t(`status.${words}`, { value, age }) }
}

function ageOf(seconds: number): [words: string, age: number] {
  if (seconds < 10) return ['now', 0]
  if (seconds < 60) return ['seconds', Math.floor(seconds / 5) * 5]
  if (seconds < 3_600) return ['minutes', Math.floor(seconds / 60)]
  return seconds < 86_400 ? ['hours', Math.floor(seconds / 3_600)] : ['days', Math.floor(seconds / 86_400)]
}
