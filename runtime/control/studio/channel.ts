import { type Fault, VistterError } from '../../contract/errors.ts'
import { type Clock, rfc3339, sleep } from '../../lib/clock.ts'
import { newId } from '../../lib/ids.ts'
import type { Log } from '../../lib/log.ts'
import { Courier, messageOf } from './courier.ts'
import { isUnheard, mostTelling, studioFault } from './faults.ts'
import type { Inbox } from './inbox.ts'
import { Link } from './link.ts'
import type { Outbox, Waiting } from './outbox.ts'
import type { Paired } from './pairing.ts'
import { type ReturnOptions, Returns } from './returns.ts'
import type { HttpProxy } from './tunnel.ts'

export interface ChannelState {
  connected: boolean
  /** UTC ms: since when it is so. */
  since: number
  transport?: 'mqtts' | 'wss'
  /** Why it is not connected: of the last try. */
  fault?: Fault
}

interface Deps {
  /** Who this box is for Studio; undefined: for nobody. */
  paired(): Paired | undefined
  proxy(): HttpProxy | undefined
  inbox: Pick<Inbox, 'arrive'>
  outbox: Pick<Outbox, 'next' | 'hold' | 'sent' | 'connected'>
  clock: Clock
  log: Log
  changed(state: ChannelState): void
  /** Just before a message leaves. */
  leaves?(waiting: Waiting): void
  /** Part of `status`. */
  software: string
  /** For each broker: three of them are through within 30 s. */
  timeoutMs?: number
  backoff?: ReturnOptions
}

const TIMEOUT = 9_000
/** How often it is looked whether the proxy is another one now (ms). */
const LOOK = 500

/** The way to Studio: outwards only, the brokers of the pairing in their order, again and again for as long as it is started. */
export class Channel {
  private readonly returns: Returns
  private life: AbortController | undefined
  private running: Promise<void> = Promise.resolve()
  private link: Link | undefined
  private courier: Courier | undefined
  private anew = false
  private shown: ChannelState
  private readonly deps: Deps

  constructor(deps: Deps) {
    this.deps = deps
    this.returns = new Returns(deps.clock, deps.backoff)
    this.shown = { connected: false, since: deps.clock.now() }
  }

  get state(): ChannelState {
    return this.shown
  }

  start(): void {
    if (this.life) return
    const life = new AbortController()
    this.life = life
    this.running = this.run(life.signal)
  }

  /** What can be said within a second is said. */
  async stop(): Promise<void> {
    this.life?.abort()
    this.life = undefined
    await this.hangUp()
    await this.running
  }

  /** Something waits in the outbox. */
  wake(): void {
    this.courier?.wake()
  }

  /** All that waited has left, or the line broke. */
  async settled(): Promise<void> {
    await this.courier?.settled()
  }

  /** With the credentials of now: those of before are no good any more. What is under way is given again by the broker. */
  async renew(): Promise<void> {
    this.anew = true
    await this.hangUp()
  }

  private async hangUp(): Promise<void> {
    await this.link?.close()
  }

  private async run(signal: AbortSignal): Promise<void> {
    const { clock, log } = this.deps
    this.returns.begin()
    while (!signal.aborted) {
      const paired = this.deps.paired()
      if (!paired) return
      const { link, heard } = await this.reach(paired, signal)
      const began = clock.mono()
      if (link) await this.hold(link, paired, signal).catch(error => log.warn({ err: error }, 'the channel broke'))
      if (signal.aborted) return
      // An end that was wanted is no failure: after some rotations a broken line would be waited for as if nobody was there.
      if (!this.anew) await this.rest(this.returns.next(link ? clock.mono() - began : 0, heard), signal)
      this.anew = false
    }
  }

  /** Until the next try. Whoever sets the proxy right wants to see what comes of it. */
  private async rest(ms: number, signal: AbortSignal): Promise<void> {
    const { clock, proxy } = this.deps
    const way = () => JSON.stringify(proxy() ?? {})
    const before = way()
    const end = clock.mono() + ms
    while (!signal.aborted && clock.mono() < end && way() === before)
      await sleep(Math.min(LOOK, end - clock.mono()), signal)
  }

  /** The first broker that lets us in; and whether anybody heard of the try. */
  private async reach(paired: Paired, signal: AbortSignal): Promise<{ link?: Link; heard: boolean }> {
    const faults: VistterError[] = []
    for (const broker of paired.brokers) {
      if (signal.aborted) return { heard: true }
      try {
        const link = await Link.open({
          ...{ broker, signal, credentials: paired, proxy: this.deps.proxy(), topics: paired.topics },
          clientId: paired.appliance,
          will: JSON.stringify(this.status('offline', paired)),
          arrived: payload => this.deps.inbox.arrive(payload),
          timeoutMs: this.deps.timeoutMs ?? TIMEOUT,
        })
        this.tell({ connected: true, transport: broker.startsWith('wss:') ? 'wss' : 'mqtts' })
        return { link, heard: true }
      } catch (error) {
        faults.push(studioFault(error, new URL(broker).host))
      }
    }
    const why = mostTelling(faults)
    this.tell({ connected: false, ...(why && { fault: why.fault }) })
    return { heard: !faults.every(isUnheard) }
  }

  private async hold(link: Link, paired: Paired, signal: AbortSignal): Promise<void> {
    const { outbox, log, leaves } = this.deps
    this.link = link
    try {
      if (signal.aborted) return await link.close()
      await outbox.connected()
      const courier = new Courier({
        ...{ outbox, log, source: paired.source, ...(leaves && { leaves }) },
        publish: (topic, message) => link.publish(topic, message),
      })
      this.courier = courier
      // The state first: whoever looks sees who is there before it hears what was.
      link.publish('status', this.status('online', paired), true).catch(() => {})
      courier.wake()
      await link.ended
    } finally {
      this.link = undefined
      await this.courier?.stop()
      this.courier = undefined
      const fault = new VistterError('STUDIO_UNREACHABLE', 'The connection to Studio ended.').fault
      this.tell({ connected: false, ...(!signal.aborted && { fault }) })
    }
  }

  private status(state: 'online' | 'offline', { source }: Paired): object {
    const now = this.deps.clock.now()
    const data = { state, software: this.deps.software, since: rfc3339(now) }
    return messageOf({ id: newId(), type: 'vistter.status', time: now, data }, source)
  }

  private tell(state: Omit<ChannelState, 'since'>): void {
    const { connected, since } = this.shown
    const changed = connected !== state.connected || this.shown.fault?.code !== state.fault?.code
    this.shown = { ...state, since: connected === state.connected ? since : this.deps.clock.now() }
    if (changed) this.deps.changed(this.shown)
  }
}
