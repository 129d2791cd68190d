import { VistterError } from '../../contract/errors.ts'
import type { Clock } from '../../lib/clock.ts'
import type { FlvTag } from '../media/tag.ts'
import type { Connection } from './connection.ts'
import type { Gate } from './gate.ts'
import { Intake } from './intake.ts'
import { Outbox } from './outbox.ts'
import { Rate } from './rate.ts'
import type { JoinAt, Relay } from './relay.ts'

/** Longer queues (seconds) lose pictures up to a keyframe, and if that does not help, everything. */
const FULL = 3
const OVERFULL = 10
/** No byte accepted for this long (ms) though something waits: the way is cut, whatever TCP believes. */
const STALLED = 8_000
/** `live` means that bytes were accepted within this time (ms). */
const LIVE = 5_000
/** A cached group of pictures that spans more than this (ms) is not sent late: a new viewer would stay behind. */
const FRESH_GOP = 1_000
const TICK = 500
/** Short enough to see an uplink change, long enough to even out a keyframe. */
const MOMENTS = 2_000

interface Figures {
  live: boolean
  videoBitrate: number
  queueSeconds: number
  /** kbit/s of pictures that went out over the last moments. */
  sent: number
  /** Seconds of programme that did not, those in the kernel included. */
  behind: number
}

/**
 * One connection's life: takes tags from a relay, keeps its queue short, and ends when the connection is lost or stuck.
 * The gate outlives it, because timestamps must go on rising over reconnections.
 */
export class Delivery {
  private readonly outbox: Outbox
  private readonly rate = new Rate()
  private readonly recent = new Rate(MOMENTS)
  private unacknowledged = 0
  private readonly stalled = Promise.withResolvers<VistterError>()
  private readonly intake: Intake
  private timer: NodeJS.Timeout | undefined
  private readonly connection: Connection
  private readonly gate: Gate
  private readonly clock: Clock
  private readonly ticked: () => void

  /** `ticked` is called twice a second, for whoever shows the figures. */
  constructor(connection: Connection, gate: Gate, clock: Clock, ticked: () => void) {
    this.connection = connection
    this.gate = gate
    this.clock = clock
    this.ticked = ticked
    this.outbox = new Outbox(connection, clock)
    this.intake = new Intake({ gate, take: tag => this.take(tag) })
  }

  /** Settles with the reason when this connection can no longer be used. */
  get ended(): Promise<VistterError> {
    return Promise.race([this.connection.lost, this.stalled.promise])
  }

  get figures(): Figures {
    const { acceptedAt, seconds } = this.outbox
    const live = this.connection.delivering && acceptedAt !== undefined && this.clock.mono() - acceptedAt < LIVE
    const videoBitrate = live ? this.rate.kbits : 0
    const sent = this.recent.kbits
    const inKernel = sent > 0 ? (this.unacknowledged * 8) / 1_000 / sent : 0
    return { live, videoBitrate, queueSeconds: Math.round(seconds * 10) / 10, sent, behind: seconds + inKernel }
  }

  start(relay: Relay): void {
    this.gate.restart()
    this.outbox.start()
    this.read()
    this.intake.start(relay, this.joinAt(relay))
    this.timer = setInterval(() => this.tick(), TICK)
  }

  /** Goes on with another encoder's tags, over the same connection. */
  follow(relay: Relay): void {
    this.intake.follow(relay)
  }

  async stop(): Promise<void> {
    clearInterval(this.timer)
    this.intake.stop()
    this.outbox.stop()
    await this.connection.close()
  }

  private joinAt(relay: Relay): JoinAt {
    const { cached } = relay
    return cached && cached.spanMs < FRESH_GOP && this.gate.isNew(cached.start) ? 'gop' : 'keyframe'
  }

  private take(tag: FlvTag): void {
    const { seconds } = this.outbox
    if (seconds > FULL) this.gate.skipPictures()
    if (seconds > OVERFULL || (seconds > FULL && tag.kind === 'video' && !tag.header)) return
    const passed = this.gate.pass(tag)
    if (passed) this.outbox.put(passed)
  }

  private read(): void {
    const now = this.clock.mono()
    const bytes = this.outbox.acceptedPictures
    this.rate.read(now, bytes)
    this.unacknowledged = this.connection.unacknowledged?.() ?? 0
    this.recent.read(now, bytes - this.unacknowledged)
  }

  private tick(): void {
    this.read()
    if (this.outbox.stuckFor > STALLED) {
      const seconds = STALLED / 1_000
      this.stalled.resolve(new VistterError('OUTPUT_STALLED', `Nothing could be sent for ${seconds} s.`))
    }
    this.ticked()
  }
}
