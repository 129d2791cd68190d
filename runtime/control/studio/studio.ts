import { VistterError } from '../../contract/errors.ts'
import type { Device, Heartbeat } from '../../contract/generated/studio.v1.ts'
import { type Clock, rfc3339, sleep } from '../../lib/clock.ts'
import type { Log } from '../../lib/log.ts'
import { type Operations, operation, type Recorder, type Shelf, type Sql, withCodeFor } from '../ports.ts'
import type { Surroundings } from './ask.ts'
import { Channel, type ChannelState } from './channel.ts'
import { type Followed, Follower } from './follower.ts'
import { type Counted, Inbox, type Kept, type Word } from './inbox.ts'
import { type LastingKind, Outbox, type Telling, type Waiting } from './outbox.ts'
import { Pairing, type PairingBody } from './pairing.ts'
import { type Order, Runner } from './runner.ts'
import { StudioClock } from './studio-clock.ts'

type Answer = Awaited<ReturnType<ConstructorParameters<typeof Runner>[0]['carryOut']>>

interface Deps {
  sql: Sql
  shelf: Shelf<PairingBody>
  clock: Clock
  log: Log
  record: Recorder
  device(): Promise<Device>
  software: string
  surroundings(): Surroundings
  /** Whatever is not about the channel itself. */
  carryOut(order: Order): Promise<Answer>
  /** Has a command carried out by way of the flow. */
  offer?(order: Order, perform: (order: Order) => Promise<Answer>): Promise<Answer>
  /** By how much (ms) what runs here is ahead of what a heartbeat says. */
  drift?(beat: Heartbeat['data']): number | undefined
  /** Kept elsewhere, and told to Studio. */
  followed?: readonly Followed[]
  paired?(): void
  unpaired?(): Promise<void>
  connected?(): void
  /** What `state` answers has changed. */
  changed?(): void
  pollMs?: number
}

/** How long the last words of a pairing may take (ms). */
const LAST_WORDS = 3_000
/** What cannot be taken is told once in this time (ms), with how many there were. */
const TOLD_EVERY = 60_000

/** Everything between this box and its Studio. Without it, or without a Studio, the show is the same. */
export class Studio {
  readonly clock: StudioClock
  private readonly outbox: Outbox
  private readonly inbox: Inbox
  private readonly runner: Runner
  private readonly pairing: Pairing
  private readonly channel: Channel
  private readonly followers: Follower[]
  private readonly counts: Record<Counted, number> = { junk: 0, refused: 0, expired: 0, replayed: 0 }
  private toldAt = -Infinity
  private changing: Promise<void> = Promise.resolve()
  private readonly deps: Deps

  constructor(deps: Deps) {
    this.deps = deps
    const { sql, clock: own, log, record, shelf, device, surroundings, pollMs } = deps
    const clock = new StudioClock(own)
    this.clock = clock
    this.outbox = new Outbox({ sql, clock, added: () => this.channel.wake() })
    this.inbox = new Inbox({
      ...{ sql, clock, outbox: this.outbox },
      count: (what, why) => this.count(what, why),
      waits: kept => {
        if (this.isPaired) this.runner.add(kept)
      },
      beat: (_, data) => this.beat(data),
    })
    this.followers = (deps.followed ?? []).map(followed => new Follower({ sql, log, outbox: this.outbox, followed }))
    this.runner = new Runner({
      ...{ inbox: this.inbox, clock, log },
      carryOut: order => {
        const perform = (decided: Order) => this.carryOut(decided)
        return deps.offer ? deps.offer(order, perform) : perform(order)
      },
      finished: (kept, word) => this.finished(kept, word),
    })
    this.pairing = new Pairing({
      ...{ shelf, clock: own, device, surroundings, ...(pollMs !== undefined && { pollMs }) },
      changed: () => this.change(),
      failed: ({ detail }) => record({ type: 'studio.pairing-failed', severity: 'warning', message: detail }),
    })
    this.channel = new Channel({
      ...{ inbox: this.inbox, outbox: this.outbox, clock: own, log, software: deps.software },
      paired: () => this.pairing.now,
      proxy: () => surroundings().proxy,
      changed: state => this.tellState(state),
      leaves: waiting => this.leaves(waiting),
    })
  }

  async start(): Promise<void> {
    // The power may have gone when it was left.
    if (!this.pairing.now) await this.leave()
    await this.outbox.load()
    this.runner.start(await this.inbox.load())
    if (!this.pairing.now) return
    for (const follower of this.followers) await follower.begin()
    this.channel.start()
  }

  async stop(): Promise<void> {
    await this.pairing.withdraw()
    await this.changing
    await this.channel.stop()
    await this.runner.stop()
    for (const follower of this.followers) await follower.stop()
  }

  get isPaired(): boolean {
    return this.pairing.now !== undefined
  }

  /** What is followed may have more. */
  news(): void {
    if (this.isPaired) for (const follower of this.followers) follower.wake()
  }

  /** How the channel is, in figures (ms). */
  measured() {
    const { known, uncertainty } = this.clock
    const clock = known && {
      aheadMs: Math.round(this.clock.now() - this.deps.clock.now()),
      ...(Number.isFinite(uncertainty) && { uncertaintyMs: Math.round(uncertainty) }),
    }
    return { ...(clock && { clock }), waiting: this.outbox.size, refused: { ...this.counts } }
  }

  /** For good; nothing where there is no Studio. */
  async tell(kind: Exclude<LastingKind, 'ack'>, telling: Telling): Promise<void> {
    if (this.pairing.now) await this.outbox.tell(kind, telling)
  }

  async sample(telling: Telling): Promise<void> {
    if (this.pairing.now) await this.outbox.sample(telling)
  }

  operations(): Operations {
    return {
      readStudio: operation(({ actor }) => withCodeFor(actor.role, this.state())),
      pairStudio: operation<{ url: string; code?: string }>(async ({ body: { url, code } }) => {
        if (code === undefined) await this.pairing.show(url)
        else await this.pairing.pair(url, code)
        this.deps.changed?.()
        return this.state()
      }),
      unpairStudio: operation(async () => {
        if (this.pairing.now) return this.end()
        if (!this.pairing.shown) throw new VistterError('STUDIO_NOT_PAIRED', 'This box belongs to no Studio.')
        await this.pairing.withdraw()
        this.deps.changed?.()
      }),
    }
  }

  state() {
    const { now, shown } = this.pairing
    const { connected, since, transport, fault } = this.channel.state
    return {
      ...{ paired: now !== undefined, connected, since: rfc3339(since), ...(transport && { transport }) },
      queue: { in: this.inbox.waiting, out: this.outbox.size },
      ...(shown && { code: shown.code, codeUntil: rfc3339(shown.until) }),
      ...((now ?? shown) && { studio: (now ?? shown)?.studio }),
      ...(now && fault && { error: fault }),
      refused: { ...this.counts },
    }
  }

  private async carryOut(order: Order): Promise<Answer> {
    const { type } = order.command
    if (type === 'vistter.command.credentials.revoke') return undefined
    if (type !== 'vistter.command.credentials.rotate') return this.deps.carryOut(order)
    await this.pairing.rotate()
    return undefined
  }

  private beat(beat: Heartbeat['data']): Record<string, number> {
    this.clock.heard(beat)
    const drift = this.deps.drift?.(beat)
    return { ...this.measured().clock, ...(drift !== undefined && { driftMs: drift }) }
  }

  private finished({ command }: Kept, { status }: Word): void {
    if (command.type !== 'vistter.command.credentials.revoke' || status !== 'done') return
    this.end().catch(error => this.deps.log.error({ err: error }, 'the pairing was not ended'))
  }

  /** The pairing is over: the last words leave, then the channel closes and the key is erased. */
  private async end(): Promise<void> {
    await Promise.race([this.channel.settled(), sleep(LAST_WORDS)])
    await this.pairing.forget()
    await this.changing
    await this.leave()
    await this.deps.unpaired?.()
    this.deps.record({ type: 'studio.unpaired', severity: 'info', message: 'This box belongs to no Studio any more.' })
  }

  /** What one Studio wanted, or was to hear, is no other one's business. */
  private async leave(): Promise<void> {
    await this.inbox.drop()
    this.runner.drop()
    for (const follower of this.followers) await follower.forget()
    await this.outbox.clear()
  }

  /** One change of the pairing after the other. */
  private change(): void {
    this.changing = this.changing
      .then(async () => {
        if (!this.pairing.now) return this.channel.stop()
        for (const follower of this.followers) await follower.begin()
        this.deps.paired?.()
        this.channel.start()
        return this.channel.renew()
      })
      .catch(error => this.deps.log.error({ err: error }, 'the channel did not follow the pairing'))
  }

  private leaves({ type, data }: Waiting): void {
    if (type === 'vistter.ack' && data.status === 'received') this.clock.answered(String(data.command))
  }

  private count(what: Counted, why: string): void {
    this.counts[what]++
    const now = this.deps.clock.mono()
    if (now - this.toldAt < TOLD_EVERY) return
    this.toldAt = now
    const message = `A message from Studio was not taken. ${why}`
    this.deps.record({ type: 'studio.message-refused', severity: 'warning', message, data: { ...this.counts } })
  }

  private tellState({ connected, transport, fault }: ChannelState): void {
    const { record } = this.deps
    if (connected) this.deps.connected?.()
    if (connected)
      record({ type: 'studio.connected', severity: 'info', message: 'Studio is there.', data: { transport } })
    else
      record({
        ...{ type: 'studio.disconnected', severity: 'warning' },
        message: `Studio is out of reach; the show goes on. ${fault?.detail ?? ''}`.trim(),
        ...(fault && { data: { code: fault.code } }),
      })
  }
}
