import { rfc3339 } from '../../lib/clock.ts'
import type { Log } from '../../lib/log.ts'
import { CONTRACT } from './commands.ts'
import type { Outbox, Waiting } from './outbox.ts'

interface Deps {
  outbox: Pick<Outbox, 'next' | 'hold' | 'sent'>
  /** Resolves when the broker has it; rejects when the line broke. */
  publish(topic: string, message: object): Promise<void>
  /** Just before a message leaves. */
  leaves?(waiting: Waiting): void
  /** Who speaks: a URI reference. */
  source: string
  log: Log
}

/**
 * So many times so many are under way at once: 400 a second over a line of half a second. What is new does not wait until all
 * that left before is confirmed.
 */
const HANDS = 4
const BATCH = 50
const TOPICS = { ack: 'ack', event: 'event', proof: 'event', sample: 'telemetry' } as const

/** Takes messages from the outbox to one connection, for as long as it lasts. What the broker did not confirm stays. */
export class Courier {
  private readonly hands = new Set<Promise<void>>()
  private readonly underWay = new Set<string>()
  private again = false
  private stopped = false
  private readonly deps: Deps

  constructor(deps: Deps) {
    this.deps = deps
  }

  /** Something waits. */
  wake(): void {
    if (this.stopped) return
    this.again = true
    if (this.hands.size === HANDS) return
    const hand: Promise<void> = this.work()
      .catch(error => this.deps.log.warn({ err: error }, 'Studio was not told everything yet'))
      .finally(() => this.hands.delete(hand))
    this.hands.add(hand)
  }

  /** Resolves when all that waited has left, or the line broke. */
  async settled(): Promise<void> {
    await Promise.all(this.hands)
  }

  async stop(): Promise<void> {
    this.stopped = true
    await Promise.all(this.hands)
  }

  private async work(): Promise<void> {
    while (this.again && !this.stopped) {
      this.again = false
      for (let batch = await this.take(); batch.length > 0; batch = await this.take()) {
        try {
          await this.deps.outbox.hold(batch)
          const results = await Promise.allSettled(batch.map(waiting => this.send(waiting)))
          const sent = batch.filter((_, n) => results[n]?.status === 'fulfilled')
          if (sent.length > 0) await this.deps.outbox.sent(sent.map(({ key }) => key))
          if (sent.length < batch.length) return this.broken()
        } finally {
          for (const { key } of batch) this.underWay.delete(key)
        }
      }
    }
  }

  /** What no other hand has. */
  private async take(): Promise<Waiting[]> {
    if (this.stopped) return []
    const found = await this.deps.outbox.next(BATCH, this.underWay)
    // Another hand may have taken some of them while this one waited for the disk.
    const batch = found.filter(({ key }) => !this.underWay.has(key))
    for (const { key } of batch) this.underWay.add(key)
    return batch
  }

  /** The connection is over; the next one has a courier of its own. */
  private broken(): void {
    this.stopped = true
  }

  private async send(waiting: Waiting): Promise<void> {
    const { source, leaves, publish } = this.deps
    leaves?.(waiting)
    await publish(TOPICS[waiting.kind], messageOf(waiting, source))
  }
}

/** As it goes over the wire. */
export function messageOf({ id, type, time, data, sequence }: Omit<Waiting, 'key' | 'kind'>, source: string): object {
  return {
    ...{ specversion: '1.0', id, source, type, time: rfc3339(time), schemaversion: CONTRACT },
    ...(sequence !== undefined && { sequence: String(sequence).padStart(16, '0') }),
    data,
  }
}
