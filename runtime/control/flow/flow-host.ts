import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import { ResponseError } from 'vscode-jsonrpc/node'
import type { CueOffer } from '../../contract/cue-offer.ts'
import { asVistterError, VistterError } from '../../contract/errors.ts'
import type {
  DriverAnswer,
  DriverAsk,
  FlowHello,
  FlowHostStatus,
  FlowMethod,
  FlowRequests,
  FlowState,
  StudioCommand,
} from '../../contract/flow.ts'
import type { Wiring } from '../../contract/generated/wiring.v1.ts'
import { spawnOwned } from '../../lib/child.ts'
import type { Log } from '../../lib/log.ts'
import type { Paths } from '../../lib/paths.ts'
import { programFile } from '../../lib/project.ts'
import { type Rpc, RpcServer } from '../../lib/rpc.ts'
import { Supervised } from '../../lib/supervise.ts'
import type { Recorder } from '../ports.ts'
import { Liveness, ranFor } from './liveness.ts'
import { FlowProxy, type FlowUser } from './proxy.ts'
import { Trouble } from './trouble.ts'

export interface FlowHostOptions {
  paths: Paths
  log: Log
  /** For the credentials that nodes keep: the same at every start (SecretBox.derive). */
  credentialSecret: string
  /** A settled wiring that differs from the last one of this life of control. */
  wiringChanged: (wiring: Wiring) => void
  /** Node-RED has started, and its flows as far as they do. */
  ready(): void
  event: Recorder
  /** The process that runs the flow is gone, with whatever it had in hand. */
  left(): void
  requests: FlowRequests
  /** No node of the flow holds this cue any more. */
  passed(offer: string): void
}

/** Node-RED's restarts: at once the first time, since an editor waits; slower and slower when it does not help. */
const restarts = { first: 100, max: 10_000, jitter: 0.2, healthyAfter: 60_000 }

/** Owns the process that runs Node-RED: starts it, notices when it hangs or dies, passes browsers through to it. */
export class FlowHost {
  private status: 'starting' | 'running' | 'safe-mode' | 'down' = 'down'
  private published: FlowState | undefined
  private wiring = ''
  private guest: Rpc | undefined
  private readonly options: FlowHostOptions
  private readonly server: RpcServer
  private readonly process: Supervised
  private readonly proxy: FlowProxy
  private readonly trouble = new Trouble()
  private readonly liveness = new Liveness(
    () => this.hung(),
    () => ranFor(this.process.pid),
  )

  constructor(options: FlowHostOptions) {
    this.options = options
    this.server = new RpcServer(options.paths.controlSocket, rpc => this.accept(rpc))
    this.proxy = new FlowProxy(options.paths.flowHostSocket, options.log)
    this.process = new Supervised({
      child: { id: 'flow-host', kind: 'flow-host' },
      spawn: () => this.spawn(),
      backoff: restarts,
      events: {
        started: child => {
          this.status = 'starting'
          options.log.info({ pid: child.pid, safeMode: this.trouble.safeMode }, 'flow host started')
        },
        ended: why => this.ended(why),
      },
    })
  }

  async start(): Promise<void> {
    await this.server.start()
    this.process.start()
  }

  async stop(): Promise<void> {
    this.liveness.stop()
    this.proxy.closeAll()
    await this.process.stop()
    await this.server.stop()
    this.status = 'down'
  }

  state(): { status: 'starting' | 'running' | 'safe-mode' | 'down'; restarts: number; pid: number | undefined } {
    return { status: this.status, restarts: this.process.restarts, pid: this.process.pid }
  }

  /** Ends Node-RED and starts it anew, out of safe mode. */
  restart(): void {
    this.trouble.reset()
    this.process.restart()
  }

  /** The live state that nodes show. */
  publish(state: FlowState): void {
    this.published = state
    this.server.broadcast('state', state)
  }

  /** Offers a cue; answers whether there is a flow. What becomes of it is told by requests. */
  offer(offer: CueOffer): boolean {
    if (!this.guest || this.status !== 'running') return false
    this.guest.sendNotification('offer', offer).catch(() => {})
    return true
  }

  /** Asks the flow to move a camera. Rejects with PTZ_NO_FLOW while there is none to ask; how long it takes is the flow's affair. */
  async drive(ask: DriverAsk): Promise<DriverAnswer> {
    // One that goes away in the middle does not answer any more.
    const answer = await this.guest?.sendRequest<DriverAnswer>('drive', ask).catch(() => undefined)
    if (answer) return answer
    throw new VistterError('PTZ_NO_FLOW', 'Node-RED, whose flow moves this camera, is not running.')
  }

  /** Hands a command of Studio to the flow. Answers whether a node took it. */
  async hand(command: StudioCommand): Promise<boolean> {
    return (await this.guest?.sendRequest<boolean>('command', command)) ?? false
  }

  /** Passes a request for /editor or /dashboard through; whether this user may is decided before. */
  handle(request: IncomingMessage, response: ServerResponse, user: FlowUser): void {
    this.proxy.handle(request, response, user)
  }

  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer, user: FlowUser): void {
    this.proxy.upgrade(request, socket, head, user)
  }

  /** Ends the open web sockets of a log-in that has ended. */
  closeSession(session: string): void {
    this.proxy.closeSession(session)
  }

  private spawn() {
    return spawnOwned(process.execPath, [programFile('runtime/flow-host/main')], {
      stdio: ['ignore', 'inherit', 'inherit'],
      env: { ...process.env, VISTTER_DATA: this.options.paths.data },
      // What integrators write comes last when the cores do not suffice.
      nice: 5,
    })
  }

  private accept(rpc: Rpc): void {
    rpc.onRequest('hello', (): FlowHello => {
      this.liveness.watch(rpc)
      this.guest = rpc
      rpc.onClose(() => {
        if (this.guest !== rpc) return
        this.guest = undefined
        this.options.left()
      })
      if (this.published) rpc.sendNotification('state', this.published).catch(() => {})
      return { credentialSecret: this.options.credentialSecret, safeMode: this.trouble.safeMode }
    })
    rpc.onRequest('call', (call: { method: FlowMethod; params: unknown }) => this.call(call.method, call.params))
    rpc.onNotification('ready', () => {
      this.liveness.ready()
      this.options.ready()
    })
    rpc.onNotification('status', ({ status }: FlowHostStatus) => this.reached(status))
    rpc.onNotification('wiring', (wiring: Wiring) => this.wired(wiring))
    rpc.onNotification('passed', (offer: string) => this.options.passed(offer))
    rpc.onNotification('damaged', (file: { from: string; damaged: string }) => {
      const message = `The flow file could not be read; it was put aside, and Node-RED started with the ${file.from} flow.`
      this.options.event({ type: 'flowhost.flow-damaged', severity: 'error', message, data: file })
    })
  }

  private async call(method: FlowMethod, params: unknown): Promise<unknown> {
    try {
      const perform = this.options.requests[method] as ((params: unknown) => Promise<unknown>) | undefined
      if (!perform) throw new Error(`no such request: ${method}`)
      return await perform(params)
    } catch (thrown) {
      const error = asVistterError(thrown)
      if (error.code === 'INTERNAL') this.options.log.error({ err: thrown, method }, 'a request of the flow failed')
      throw new ResponseError(1, error.message, { code: error.code, extra: error.extra })
    }
  }

  private wired(wiring: Wiring): void {
    const text = JSON.stringify(wiring)
    if (text === this.wiring) return
    this.wiring = text
    this.options.wiringChanged(wiring)
  }

  private reached(status: FlowHostStatus['status']): void {
    if (status === this.status) return
    this.status = status
    if (status === 'safe-mode') {
      const message =
        'Node-RED crashed three times in a row and now runs in safe mode: no flow runs until one is deployed. The program goes on.'
      this.options.event({ type: 'flowhost.safe-mode', severity: 'warning', message })
    }
  }

  private hung(): void {
    this.options.event({
      type: 'flowhost.hung',
      severity: 'warning',
      message: 'Node-RED did not answer (an endless loop in a function?) and is started again.',
    })
    this.process.kill('it did not answer')
  }

  private ended(why: { reason: string; intended: boolean; ranForMs: number; retryInMs?: number }): void {
    this.liveness.stop()
    this.status = 'down'
    this.options.log[why.intended ? 'info' : 'error'](why, 'flow host ended')
    if (why.intended) return
    this.trouble.crashed(why.ranForMs)
    this.options.event({
      type: 'flowhost.crashed',
      severity: 'warning',
      message: `Node-RED ended (${why.reason}) and is started again.`,
      data: { ranForMs: Math.round(why.ranForMs), restarts: this.process.restarts },
    })
  }
}
