import { ResponseError } from 'vscode-jsonrpc/node'
import type { CueOffer } from '../contract/cue-offer.ts'
import { type ErrorCode, VistterError } from '../contract/errors.ts'
import type {
  Declaration,
  DriverAnswer,
  DriverAsk,
  Feed,
  FlowCalls,
  FlowMethod,
  FlowState,
  StudioCommand,
  Vistter,
} from '../contract/flow.ts'

import { within } from '../lib/clock.ts'
import { readFeed } from './feed.ts'
import type { Rounds } from './rounds.ts'

/** Longer than the slowest call (an overlay whose assets must come first), shorter than anyone's patience. */
const CALL_TIMEOUT = 20_000

/** What the client asks of the connection to control. */
export interface ControlPort {
  readonly connected: boolean
  request<T>(method: string, params: unknown): Promise<T>
}

/** What nodes see as `RED.settings.vistter`: their wires, the live state, and control. */
export class ApplianceClient implements Vistter {
  private state: FlowState | undefined
  private readonly announcers = new Set<(round: number) => void>()
  private readonly watchers = new Set<(state: FlowState | undefined) => void>()
  private readonly carriers = new Set<(offer: CueOffer) => boolean>()
  private readonly drivers = new Map<string, Parameters<Vistter['drive']>[1]>()
  private readonly inboxes: Inbox[] = []
  private readonly rounds: Rounds
  private readonly control: ControlPort

  constructor(rounds: Rounds, control: ControlPort) {
    this.rounds = rounds
    this.control = control
  }

  onRound(announce: (round: number) => void): () => void {
    this.announcers.add(announce)
    return () => this.announcers.delete(announce)
  }

  feed(value: unknown): Feed | undefined {
    const feed = readFeed(value)
    return feed.round === this.rounds.current ? feed : undefined
  }

  onOffer(send: (offer: CueOffer) => boolean): () => void {
    this.carriers.add(send)
    return () => this.carriers.delete(send)
  }

  /** Control offers a cue; answers whether a node sends it on its way. */
  offered(offer: CueOffer): boolean {
    return [...this.carriers].map(send => send(offer)).some(Boolean)
  }

  declare(declaration: Declaration): void {
    this.rounds.declare(declaration)
  }

  drive(camera: string, perform: Parameters<Vistter['drive']>[1]): () => void {
    if (this.drivers.has(camera))
      throw new VistterError('CONFLICT', `Another node of the flow moves ${camera} already.`)
    this.drivers.set(camera, perform)
    return () => this.drivers.delete(camera)
  }

  onCommand(wanted: string, take: (command: StudioCommand) => void): () => void {
    const inbox = { wanted, take }
    this.inboxes.push(inbox)
    return () => void this.inboxes.splice(this.inboxes.indexOf(inbox), 1)
  }

  /** A command of Studio. Answers whether anybody takes it. */
  commanded(command: StudioCommand): boolean {
    const inbox = inboxFor(command.type, this.inboxes)
    inbox?.take(command)
    return inbox !== undefined
  }

  /** Control asks the flow to move a camera. Never rejects. */
  async driven({ camera, command, params }: DriverAsk): Promise<DriverAnswer> {
    const perform = this.drivers.get(camera)
    if (!perform) return { fault: { code: 'PTZ_NO_FLOW', detail: `No flow moves ${camera}.` } }
    if (command === 'connect') return { value: true }
    try {
      return { value: await perform(command, params) }
    } catch (thrown) {
      const code = thrown instanceof Error && 'code' in thrown ? String(thrown.code) : 'PTZ_REFUSED'
      return { fault: { code, detail: thrown instanceof Error ? thrown.message : String(thrown) } }
    }
  }

  onState(show: (state: FlowState | undefined) => void): () => void {
    this.watchers.add(show)
    show(this.state)
    return () => this.watchers.delete(show)
  }

  async call<M extends FlowMethod>(method: M, params: FlowCalls[M]['params']): Promise<FlowCalls[M]['result']> {
    if (!this.control.connected) throw new VistterError('CONTROL_DOWN', 'The appliance does not answer.')
    const answer = this.control.request<FlowCalls[M]['result']>('call', { method, params })
    try {
      return await within(CALL_TIMEOUT, `${method} was not answered in time`, answer)
    } catch (error) {
      throw asRefusal(error)
    }
  }

  /** A deploy is done: every node announces anew. */
  beginRound(): void {
    const round = this.rounds.begin()
    for (const announce of this.announcers) announce(round)
  }

  /** undefined: the word of control is no longer there. */
  stateChanged(state: FlowState | undefined): void {
    this.state = state
    for (const show of this.watchers) show(state)
  }
}

interface Inbox {
  wanted: string
  take(command: StudioCommand): void
}

/** The one that names this type most exactly; of equals the first. */
function inboxFor(type: string, inboxes: readonly Inbox[]): Inbox | undefined {
  const wanting = inboxes.filter(({ wanted }) => wanted === '*' || wanted === type || type.startsWith(`${wanted}.`))
  const exactness = ({ wanted }: Inbox) => (wanted === '*' ? 0 : wanted.length)
  return wanting.toSorted((a, b) => exactness(b) - exactness(a))[0]
}

/** Control's refusals travel as JSON-RPC errors with the code in their data. */
function asRefusal(error: unknown): unknown {
  if (!(error instanceof ResponseError)) return error
  const data = error.data as { code: ErrorCode; extra: Record<string, unknown> } | undefined
  return data ? new VistterError(data.code, error.message, data.extra) : error
}
