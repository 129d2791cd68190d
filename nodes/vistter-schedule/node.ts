import type { Vistter } from '../../runtime/contract/flow.ts'
import { defineNode } from '../lib/define-node.ts'
import { misplaced, NodeError } from '../lib/node-error.ts'
import type { NodeMessage, Outgoing } from '../lib/node-red.d.ts'
import { isRecord } from '../lib/values.ts'
import { type Hours, Openings } from './hours.ts'
import { spec } from './schema.ts'

type Ask = 'list' | 'enable' | 'disable' | 'start' | 'stop'
const ASKS: readonly string[] = ['list', 'enable', 'disable', 'start', 'stop'] satisfies Ask[]

/** The hours of timelines: told when they begin and end, switched on and off; whoever cannot wait starts the timeline now. */
export default defineNode(spec, ({ settings, vistter, t }) => {
  const openings = new Openings()
  const own = (schedules: readonly Hours[]): Hours[] => {
    const { timeline } = settings
    return schedules.filter(
      each => timeline === '*' || each.timeline.id === timeline || each.timeline.name === timeline,
    )
  }
  return {
    feed: () => {
      throw misplaced('A schedule is told as messages: no picture can be wired into it.')
    },
    message: async (msg): Promise<NodeMessage> => {
      const ask = askOf(msg.payload)
      return ask ? { ...msg, payload: await answer(vistter, ask, named(settings.timeline, msg)) } : msg
    },
    news: ({ schedules = [] }): Outgoing[] => openings.see(own(schedules)).map(told => [null, told]),
    status: ({ schedules = [] }) => {
      const mine = own(schedules)
      const open = mine.filter(({ enabled, open }) => enabled && open)
      if (open.length > 0)
        return {
          fill: 'green',
          shape: 'dot',
          text: t('status.open', { what: open.map(one => one.timeline.name).join(', ') }),
        }
      const next = mine.flatMap(({ enabled, next }) => (enabled && next ? [next.from] : [])).sort()[0]
      if (next === undefined)
        return { fill: 'grey', shape: 'ring', text: t(mine.length > 0 ? 'status.off' : 'status.none') }
      return {
        fill: 'blue',
        shape: 'ring',
        text: t('status.next', { at: `${next.slice(0, 16).replace('T', ' ')} UTC` }),
      }
    },
  }
})

/** What a message asks for; undefined: nothing that concerns this node. */
function askOf(payload: unknown): Ask | undefined {
  if (payload === true) return 'enable'
  if (payload === false) return 'disable'
  return typeof payload === 'string' && ASKS.includes(payload) ? (payload as Ask) : undefined
}

async function answer(vistter: Vistter, ask: Ask, timeline: string): Promise<unknown> {
  if (ask === 'start') return vistter.call('timeline.start', { timeline })
  if (ask === 'stop') return vistter.call('timeline.stop', { timeline })
  if (ask === 'list') return (await vistter.call('schedule.list', { timeline })).schedules
  return (await vistter.call('schedule.enable', { timeline, enabled: ask === 'enable' })).schedules
}

/** The node's timeline; where it stands for every one, the message must say which is meant. */
function named(own: string, { timeline }: NodeMessage): string {
  if (own !== '*') return own
  const wanted = isRecord(timeline) ? timeline.id : timeline
  if (typeof wanted === 'string' && wanted !== '') return wanted
  const hint = 'Set msg.timeline to its id or name, or choose it in the form.'
  throw new NodeError('BAD_REQUEST', 'The message does not say which timeline.', hint)
}
