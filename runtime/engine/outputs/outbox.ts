import type { Clock } from '../../lib/clock.ts'
import type { FlvTag } from '../media/tag.ts'
import { elapsed } from '../media/time.ts'
import type { Connection } from './connection.ts'

/**
 * Tags on their way into one connection. It hands over no more than the connection takes, so that the rest can be
 * measured in seconds. How long the queue may get is the caller's decision: it looks before it puts.
 */
export class Outbox {
  private queue: FlvTag[] = []
  private handedOver = 0
  private newest = 0
  private accepted: number | undefined
  private waitingSince = 0
  private pictureBytes = 0
  private readonly connection: Pick<Connection, 'stream' | 'frame'>
  private readonly clock: Clock
  private readonly pump = () => this.drain()

  constructor(connection: Pick<Connection, 'stream' | 'frame'>, clock: Clock) {
    this.connection = connection
    this.clock = clock
  }

  /** Seconds of programme between the oldest tag that the connection has not taken and the newest. */
  get seconds(): number {
    const oldest = this.queue[0]
    return oldest ? Math.max(0, elapsed(oldest.timestamp, this.newest)) / 1_000 : 0
  }

  /** Bytes of pictures that the connection has accepted so far. */
  get acceptedPictures(): number {
    return this.pictureBytes
  }

  /** Monotonic ms at which the connection last accepted something; undefined before it did. */
  get acceptedAt(): number | undefined {
    return this.accepted
  }

  /** For how long (ms) the connection has accepted nothing although something waits. */
  get stuckFor(): number {
    return this.handedOver > 0 ? this.clock.mono() - this.waitingSince : 0
  }

  start(): void {
    this.connection.stream.on('drain', this.pump)
  }

  stop(): void {
    this.connection.stream.off('drain', this.pump)
    this.queue = []
  }

  put(tag: FlvTag): void {
    this.newest = tag.timestamp
    this.queue.push(tag)
    this.drain()
  }

  private drain(): void {
    const { stream } = this.connection
    while (this.queue.length > 0 && stream.writable && !stream.writableNeedDrain) this.write(this.queue.shift())
  }

  private write(tag: FlvTag | undefined): void {
    if (!tag) return
    // Idle time before this tag is not time in which the connection was stuck.
    if (this.handedOver++ === 0) this.waitingSince = this.clock.mono()
    this.connection.stream.write(this.connection.frame(tag), error => {
      this.handedOver--
      if (error) return
      this.accepted = this.clock.mono()
      this.waitingSince = this.accepted
      if (tag.kind === 'video') this.pictureBytes += tag.data.length
    })
  }
}
