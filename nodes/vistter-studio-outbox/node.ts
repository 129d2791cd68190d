import type { FlowCalls } from '../../runtime/contract/flow.ts'
import { type Behaviour, defineNode } from '../lib/define-node.ts'
import { faultOf, misplaced, NodeError } from '../lib/node-error.ts'
import type { NodeMessage } from '../lib/node-red.d.ts'
import { studioStatus } from '../lib/studio-status.ts'
import { isRecord } from '../lib/values.ts'
import { spec } from './schema.ts'

type Answer = FlowCalls['studio.answer']['params']
type Telling = FlowCalls['studio.tell']['params']

/** Where a command of Studio ends: it is carried out, or Studio hears what became of it. Anything else is told as an event. */
export default defineNode(spec, ({ settings, vistter, t, node }) => ({
  ...connectionOf(told => node.send([null, told])),
  feed: () => {
    throw misplaced('Studio gets no picture by wire: programs go to destinations.')
  },
  message: async (msg): Promise<NodeMessage> => {
    const command = idOf(msg)
    if (command === undefined) {
      await vistter.call('studio.tell', tellingOf(msg))
      return msg
    }
    const answer = answerOf(command, msg)
    if (answer) return { ...msg, payload: await vistter.call('studio.answer', answer) }
    if (!settings.carryOut)
      return { ...msg, payload: await vistter.call('studio.answer', { command, status: 'done', ...resultOf(msg) }) }
    const { payload } = msg
    const data = isRecord(payload) ? { data: payload } : {}
    return { ...msg, payload: await vistter.call('studio.carryOut', { command, ...data }) }
  },
  status: state => studioStatus(state, t),
}))

/** Tells by the second output whether Studio is there: once the flow runs, and whenever that changes. */
function connectionOf(send: (told: NodeMessage) => void): Pick<Behaviour, 'announce' | 'news'> {
  // As a text: whatever is sent belongs to the nodes behind, which write into it.
  let last = ''
  let runs = false
  const told = (): NodeMessage => ({ topic: 'studio', payload: JSON.parse(last) })
  return {
    announce: () => {
      runs = true
      if (last !== '') send(told())
      return undefined
    },
    news: ({ studio }) => {
      const { connected = false, since } = studio ?? {}
      const now = JSON.stringify({ paired: studio !== undefined, connected, since })
      if (now === last) return []
      last = now
      return runs ? [[null, told()]] : []
    },
  }
}

function idOf({ command }: NodeMessage): string | undefined {
  const id = isRecord(command) ? command.id : undefined
  return typeof id === 'string' ? id : undefined
}

/** What the flow says itself: a status that it set, or an error that a catch node brings. Undefined: neither. */
function answerOf(command: string, msg: NodeMessage): Answer | undefined {
  const { status, error } = msg
  if (error !== undefined && error !== null) {
    const { code, detail } = faultOf(isRecord(error) && error.cause !== undefined ? error.cause : error)
    const said = isRecord(error) && typeof error.message === 'string' ? error.message.replace(/^Error: /, '') : detail
    // What somebody's own node throws has no code: that it is the flow's is all that Studio needs to know.
    return { command, status: 'failed', ...(code !== 'INTERNAL' && { code }), message: said }
  }
  if (status !== 'ready' && status !== 'done' && status !== 'failed' && status !== 'rejected') return undefined
  const { code, message } = msg
  return {
    ...{ command, status },
    ...(typeof code === 'string' && { code }),
    ...(typeof message === 'string' && { message }),
    ...(status === 'done' && resultOf(msg)),
  }
}

const resultOf = ({ result }: NodeMessage): Pick<Answer, 'result'> => (isRecord(result) ? { result } : {})

function tellingOf({ payload }: NodeMessage): Telling {
  if (typeof payload === 'string' && payload !== '') return { message: payload }
  if (isRecord(payload) && typeof payload.message === 'string') return payload as unknown as Telling
  throw new NodeError(
    'BAD_REQUEST',
    'The message belongs to no command and holds nothing to tell.',
    'Keep msg.command as it came, or send a sentence, or {"message", "severity", "details"}.',
  )
}
