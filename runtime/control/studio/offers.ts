import { asErrorCode, VistterError } from '../../contract/errors.ts'
import type { FlowCalls, StudioCommand } from '../../contract/flow.ts'
import type { Command } from '../../contract/generated/studio.v1.ts'
import { sleep } from '../../lib/clock.ts'
import type { Recorder } from '../ports.ts'
import type { Done } from './acts/desk.ts'
import { recheck } from './intake.ts'
import type { Order } from './runner.ts'

type Answered = FlowCalls['studio.answer']['params']
type Decision =
  | { by: 'flow'; data: Command['data'] | undefined }
  | { by: 'answer'; said: Answered }
  /** By this box alone. */
  | { by: 'control'; why?: string }

interface Offer {
  order: Order
  decide(decision: Decision): void
  /** What carrying it out came to. */
  outcome: Promise<Done | undefined>
  /** The flow works on it. */
  prolong(): void
}

type Perform = (order: Order) => Promise<Done | undefined>

interface Deps {
  /** Hands a command to the flow. Answers whether an inbox took it; rejects while there is no flow. */
  hand(command: StudioCommand): Promise<boolean>
  record: Recorder
  takeUpMs?: number
  answerMs?: number
}

/** An event loop that runs takes a command within a few ms (ms). */
const TAKE_UP = 1_000
/** How long the flow may be silent about a command (ms). */
const ANSWER = 5_000
/** The same for one that says it works on it (ms). */
const LONG = 10 * 60_000
/** What nobody's flow decides about. */
const BINDING = 'vistter.command.credentials.'
/** A node that asks to carry something out hears how it ended, or after this time that it goes on (ms). */
const PATIENCE = 15_000

/**
 * Each command is offered to the flow, which sends it back changed or as it was, or deals with it by itself. One that it has not
 * taken up or is silent about is carried out by control: a flow that hangs or is gone must not keep Studio from this box.
 * Whoever decides first decides: a command is carried out once.
 */
export class Offers {
  private readonly open = new Map<string, Offer>()
  private readonly deps: Deps

  constructor(deps: Deps) {
    this.deps = deps
  }

  async carryOut(order: Order, perform: Perform): Promise<Done | undefined> {
    const { id, command } = order
    const binding = command.type.startsWith(BINDING)
    const outcome = Promise.withResolvers<Done | undefined>()
    outcome.promise.catch(() => {}) // whoever asks hears it; often nobody does
    try {
      const decision = await this.decided(order, outcome.promise, binding)
      const result = await this.follow(order, decision, perform, binding)
      outcome.resolve(result)
      return result
    } catch (thrown) {
      outcome.reject(thrown)
      throw thrown
    } finally {
      this.open.delete(id)
    }
  }

  /** The process that runs the flow is gone: what it had in hand is dealt with here. */
  flowLeft(): void {
    for (const offer of this.open.values()) offer.decide({ by: 'control', why: 'Node-RED ended meanwhile' })
  }

  requests(): Pick<
    { [M in keyof FlowCalls]: (params: FlowCalls[M]['params']) => Promise<FlowCalls[M]['result']> },
    'studio.carryOut' | 'studio.answer'
  > {
    return {
      'studio.carryOut': async ({ command, data }) => {
        const { order, decide, outcome } = this.offer(command)
        decide({ by: 'flow', data: data === undefined ? undefined : recheck(order.command.type, data) })
        const late = sleep(PATIENCE).then(() => 'late' as const)
        const ended = await Promise.race([outcome, late])
        return ended === 'late' ? { status: 'running' } : { status: 'done', ...ended }
      },
      'studio.answer': async said => {
        const { order, decide, prolong } = this.offer(said.command)
        if (said.status === 'ready') {
          prolong()
          await order.progress({ status: 'ready', ...(said.message !== undefined && { message: said.message }) })
        } else decide({ by: 'answer', said })
        return { status: said.status }
      },
    }
  }

  private decided(order: Order, outcome: Offer['outcome'], binding: boolean): Promise<Decision> {
    const { takeUpMs = TAKE_UP, answerMs = ANSWER, hand } = this.deps
    return new Promise(resolve => {
      let timer: NodeJS.Timeout
      const decide = (decision: Decision) => {
        clearTimeout(timer)
        this.open.delete(order.id)
        resolve(decision)
      }
      const silent = () => decide({ by: 'control', why: 'the flow said nothing about it' })
      timer = setTimeout(() => decide({ by: 'control', why: 'the flow did not take it up' }), takeUpMs)
      let prolonged = false
      const prolong = () => {
        prolonged = true
        clearTimeout(timer)
        timer = setTimeout(silent, binding ? takeUpMs : LONG)
      }
      this.open.set(order.id, { order, decide, outcome, prolong })
      const taken = (is: boolean) => {
        if (!this.open.has(order.id) || prolonged) return
        if (!is) return decide({ by: 'control' })
        clearTimeout(timer)
        timer = setTimeout(silent, binding ? takeUpMs : answerMs)
      }
      hand(offered(order)).then(taken, () => taken(false))
    })
  }

  private follow(order: Order, decision: Decision, perform: Perform, binding: boolean): Promise<Done | undefined> {
    if (decision.by === 'flow') return perform(decision.data ? withData(order, decision.data) : order)
    if (decision.by === 'answer' && !binding) return answered(decision.said)
    if (decision.by === 'control' && decision.why !== undefined) {
      const message = `${shortType(order.command.type)} of Studio was carried out without the flow: ${decision.why}.`
      const data = { command: order.id, type: order.command.type }
      this.deps.record({ type: 'studio.command-without-flow', severity: 'warning', message, data })
    }
    return perform(order)
  }

  private offer(command: string): Offer {
    const offer = this.open.get(command)
    if (offer) return offer
    throw new VistterError('CONFLICT', `The command ${command} is not the flow's any more, or never was.`)
  }
}

const shortType = (type: string): string => type.replace('vistter.command.', '')

const offered = ({ id, command: { type, data }, begunAt }: Order): StudioCommand => ({
  ...{ id, type: shortType(type), data: data as Record<string, unknown>, again: begunAt !== undefined },
})

const withData = (order: Order, data: Command['data']): Order => ({
  ...order,
  command: { ...order.command, data } as Command,
})

/** What the flow dealt with by itself. */
async function answered({ status, code, message, result, metrics }: Answered): Promise<Done | undefined> {
  if (status === 'done') return { ...(result && { result }), ...(metrics && { metrics }) }
  const known = asErrorCode(code) ?? (status === 'rejected' ? 'COMMAND_REFUSED' : 'COMMAND_FAILED')
  throw new VistterError(known, message ?? 'The flow of this appliance did not do it.')
}
