import { asVistterError, type Fault, fault, VistterError } from '../../contract/errors.ts'
import type { Output as OutputSpec, OutputState } from '../../contract/generated/engine.v1.ts'
import { children, onBehalf, type Wish, wish } from '../../lib/children.ts'
import { type Clock, sleep } from '../../lib/clock.ts'
import type { Log } from '../../lib/log.ts'
import type { Report } from '../events.ts'
import { Adaptation } from './adaptation.ts'
import { Delivery } from './delivery.ts'
import { Gate } from './gate.ts'
import { openConnection } from './open.ts'
import type { Relay } from './relay.ts'
import { Retry } from './retry.ts'

interface Deps {
  clock: Clock
  log: Pick<Log, 'info' | 'warn' | 'error'>
  event: Report
  /** Something in state() changed, figures included. */
  changed: () => void
  /** Makes an encoder aim at another video bitrate (kbit/s). */
  step?: (encoder: string, videoBitrate: number) => void
}

type Status = OutputState['status']

/** No try can end otherwise while the address stays as it is. */
const HOPELESS = 'OUTPUT_UNSUPPORTED'

/** Failures that end when the network does, or the platform's memory of the last connection, or when a disk has room again. */
const MENDS_ITSELF = new Set<string>([
  'OUTPUT_UNREACHABLE',
  'OUTPUT_UNKNOWN_HOST',
  'OUTPUT_DROPPED',
  'OUTPUT_STALLED',
  'OUTPUT_KEY_IN_USE',
  'STORAGE_LOW',
])

/** Failures that are the platform's answer, even when it gives it after having accepted the stream. */
const REFUSALS = new Set<string>(['OUTPUT_REFUSED', 'OUTPUT_KEY_IN_USE'])

/**
 * One destination: connects, delivers what its relay brings, and connects again for as long as it is wanted.
 * It never holds up the relay, the encoder or another output.
 */
export class Output {
  private readonly gate = new Gate()
  private readonly retry: Retry
  private status: Status = 'idle'
  private since: number
  private error: Fault | undefined
  private connects = 0
  private delivery: Delivery | undefined
  /** Aborted to end the present connection, try or pause; `stopping` to end everything. */
  private present = new AbortController()
  private stopping = new AbortController()
  private loop: Promise<void> | undefined
  /** Who asked last for a start, a change or the end. */
  private asked: Wish | undefined
  private spec: OutputSpec
  private relay: Relay
  private adaptation: Adaptation | undefined
  private readonly deps: Deps

  constructor(spec: OutputSpec, relay: Relay, deps: Deps) {
    this.spec = spec
    this.relay = relay
    this.deps = deps
    this.retry = new Retry(deps.clock)
    this.since = deps.clock.now()
    this.adapt()
  }

  start(): void {
    if (this.loop !== undefined) return
    this.stopping = new AbortController()
    this.asked = wish()
    this.show('connecting')
    this.loop = this.run(this.stopping.signal)
  }

  /** Ends the stream in the platform's own way; within a second. */
  async stop(): Promise<void> {
    this.asked = wish()
    this.stopping.abort()
    this.present.abort()
    await this.loop
    this.loop = undefined
    this.error = undefined
    this.show('idle')
  }

  /**
   * Takes a new description and the relay that belongs to it. A new address or key makes this output alone reconnect,
   * once; a new relay is followed over the same connection.
   */
  update(spec: OutputSpec, relay: Relay): void {
    const before = this.spec
    const newRelay = relay !== this.relay
    this.spec = spec
    this.relay = relay
    this.adapt()
    if (spec.encoder !== before.encoder) this.adaptation?.encoderChanged()
    if (wayOf(spec) !== wayOf(before)) {
      this.asked = wish()
      this.retry.reset()
      this.present.abort()
    } else if (newRelay) this.delivery?.follow(relay)
  }

  state(): OutputState {
    const figures = this.delivery?.figures
    return {
      id: this.spec.id,
      status: this.status,
      since: this.since,
      videoBitrate: figures?.videoBitrate ?? 0,
      queueSeconds: figures?.queueSeconds ?? 0,
      connects: this.connects,
      encoder: this.spec.encoder,
      ...(this.error ? { error: this.error } : {}),
    }
  }

  private async run(stopping: AbortSignal): Promise<void> {
    const { clock } = this.deps
    while (!stopping.aborted) {
      this.present = new AbortController()
      const { signal } = this.present
      const began = clock.mono()
      const connects = this.connects
      const error = await this.connectAndDeliver(signal)
      if (!signal.aborted) {
        const refused = !MENDS_ITSELF.has(error.code)
        const ran = clock.mono() - began
        const pause = error.code === HOPELESS ? Number.POSITIVE_INFINITY : this.retry.next(ran, refused)
        this.failed(error, this.connects > connects, pause)
        await this.pause(pause, signal)
      } else if (!stopping.aborted) this.show('reconnecting') // no failure, and no pause before the new address is tried
      // What failed would be tried again, but something else was asked for meanwhile.
      if (signal.aborted) onBehalf(this.asked, () => children.drop(this.spec.id))
    }
  }

  /** One connection from its first packet to its end; answers why it ended. */
  private async connectAndDeliver(signal: AbortSignal): Promise<VistterError> {
    const { clock } = this.deps
    try {
      const connection = await onBehalf(this.asked, () => openConnection(this.spec, clock, signal))
      this.connects++
      const delivery = new Delivery(connection, this.gate, clock, () => this.ticked())
      this.delivery = delivery
      delivery.start(this.relay)
      this.adaptation?.reconnected()
      try {
        return await Promise.race([delivery.ended, aborted(signal)])
      } finally {
        this.delivery = undefined
        await onBehalf(this.asked, () => delivery.stop())
      }
    } catch (thrown) {
      const error = asVistterError(thrown)
      if (error.code === 'INTERNAL') this.deps.log.error({ err: thrown, output: this.spec.id }, 'output failed')
      return error
    }
  }

  private adapt(): void {
    const { autoBitrate } = this.spec
    if (!autoBitrate) this.adaptation = undefined
    else if (this.adaptation) this.adaptation.setBounds(autoBitrate)
    else {
      const { clock, event, step } = this.deps
      const aim = (videoBitrate: number) => step?.(this.spec.encoder, videoBitrate)
      this.adaptation = new Adaptation(this.spec, autoBitrate, { clock, event, step: aim })
    }
  }

  private ticked(): void {
    const figures = this.delivery?.figures
    const live = figures?.live ?? false
    if (figures && live) this.adaptation?.observe(figures.behind, figures.sent)
    if (live && this.status !== 'live') {
      this.error = undefined
      this.show('live')
      this.tell('output.live', 'info', `${this.spec.name} is live.`)
    } else if (!live && this.status === 'live') {
      this.error = fault('ENCODER_FAILED', 'The connection stands, but no picture comes to be sent.')
      this.show('reconnecting')
      this.tell('output.lost', 'warning', `${this.spec.name} gets no picture to send.`)
    } else this.deps.changed()
  }

  private failed(error: VistterError, opened: boolean, pause: number): void {
    const toldBefore = this.error?.code === error.code
    this.error = error.fault
    this.show(error.code === HOPELESS ? 'failed' : 'reconnecting')
    this.deps.log.warn({ output: this.spec.id, code: error.code, detail: error.message, pause }, 'output ended')
    if (toldBefore) return // hours without internet are one event, not thousands
    const { name } = this.spec
    if (opened && !REFUSALS.has(error.code))
      this.tell('output.lost', 'warning', `${name} was interrupted: ${error.message}`)
    else this.tell('output.refused', 'error', `${name} could not go live: ${error.message}`)
  }

  private show(status: Status): void {
    if (this.status !== status) {
      this.status = status
      this.since = this.deps.clock.now()
    }
    this.deps.changed()
  }

  private tell(type: string, severity: 'info' | 'warning' | 'error', message: string): void {
    const { id } = this.spec
    this.deps.event({ type, severity, message, data: { output: id, ...(this.error ? { error: this.error } : {}) } })
  }

  private pause(ms: number, signal: AbortSignal): Promise<unknown> {
    return Number.isFinite(ms) ? sleep(ms, signal) : aborted(signal)
  }
}

/** What a connection is made of. */
const wayOf = ({ url, streamKey, proxy }: OutputSpec): string =>
  JSON.stringify([url, streamKey, proxy?.url, proxy?.username, proxy?.password])

function aborted(signal: AbortSignal): Promise<VistterError> {
  return new Promise(resolve => {
    const done = () => resolve(new VistterError('OUTPUT_DROPPED', 'It was ended on purpose.'))
    if (signal.aborted) done()
    else signal.addEventListener('abort', done, { once: true })
  })
}
