import type { Duplex } from 'node:stream'
import { MqttClient } from 'mqtt'
import { VistterError } from '../../contract/errors.ts'
import { dial, type Target } from './dial.ts'
import { studioFault } from './faults.ts'
import { ReadAhead } from './read-ahead.ts'

export interface LinkOptions extends Target {
  /** `vistter/v1/{tenant}/{appliance}` */
  topics: string
  clientId: string
  /** What the broker says on `status`, retained, when this box is gone without a word. */
  will: string
  /** A command; the broker is told that it arrived when this resolves. */
  arrived(payload: Buffer): Promise<void>
  signal: AbortSignal
  timeoutMs: number
}

/** Seconds. A line that died is noticed after one and a half of it. */
const KEEPALIVE = 20

/** One connection to one broker: MQTT 3.1.1, which brokers of version 5 speak, too; a session that the broker keeps; QoS 1. */
export class Link {
  /** Resolves when it is over. */
  readonly ended: Promise<void>
  private readonly client: MqttClient
  private readonly stream: Duplex
  private readonly topics: string

  private constructor(client: MqttClient, stream: Duplex, topics: string) {
    this.client = client
    this.stream = stream
    this.topics = topics
    this.ended = new Promise(resolve => client.once('close', () => resolve()))
  }

  /** Throws STUDIO_…. */
  static async open(options: LinkOptions): Promise<Link> {
    const { topics, clientId, will, arrived, timeoutMs, broker } = options
    const signal = AbortSignal.any([options.signal, AbortSignal.timeout(timeoutMs)])
    const stream = await dial(options, signal)
    const ahead = new ReadAhead(`${topics}/command`, arrived)
    const listened = () => {
      ahead.listen(stream)
      return stream
    }
    const client = new MqttClient(listened, {
      ...{ clientId, clean: false, protocolVersion: 4, reconnectPeriod: 0, resubscribe: false, keepalive: KEEPALIVE },
      connectTimeout: timeoutMs,
      will: { topic: `${topics}/status`, payload: Buffer.from(will), qos: 1, retain: true },
    })
    client.handleMessage = ({ topic, messageId, payload }, done) => {
      // Not on the disk, so not ours yet: the broker keeps it, and gives it again on the next connection.
      ahead.kept(topic, messageId, payload).then(
        () => done(),
        () => stream.destroy(),
      )
    }
    const link = new Link(client, stream, topics)
    try {
      await link.welcomed(signal)
      await link.whileOpen(client.subscribeAsync(`${topics}/command`, { qos: 1 }))
      return link
    } catch (error) {
      link.destroy()
      throw studioFault(error, new URL(broker).host)
    }
  }

  /** Resolves when the broker has it. */
  async publish(topic: string, message: object, retain = false): Promise<void> {
    await this.whileOpen(
      this.client.publishAsync(`${this.topics}/${topic}`, JSON.stringify(message), { qos: 1, retain }),
    )
  }

  /** Without a good-bye: so the broker says `offline` in our name, and keeps the session. */
  async close(): Promise<void> {
    this.destroy()
    await Promise.race([this.ended, new Promise(resolve => setTimeout(resolve, 1_000).unref())])
  }

  destroy(): void {
    this.client.end(true)
    this.stream.destroy()
  }

  /** The client keeps what the broker did not confirm for a next connection, which it will not have. */
  private whileOpen<T>(work: Promise<T>): Promise<T> {
    const over = this.ended.then(() => {
      throw new VistterError('STUDIO_UNREACHABLE', 'The connection to Studio ended.')
    })
    return Promise.race([work, over])
  }

  private welcomed(signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const late = () => reject(new VistterError('STUDIO_UNREACHABLE', 'The broker did not answer in time.'))
      signal.addEventListener('abort', late)
      this.client.once('connect', () => {
        signal.removeEventListener('abort', late)
        resolve()
      })
      this.client.on('error', error => reject(refused(error)))
      this.client.once('close', () =>
        reject(new VistterError('STUDIO_REFUSED', 'The broker ended the connection before it was open.')),
      )
    })
  }
}

/** Codes of CONNACK: 2 identifier rejected, 4 and 5 not allowed. */
function refused(error: Error & { code?: number | string }): Error {
  const { code } = error
  if (typeof code !== 'number') return error
  return code === 3
    ? new VistterError('STUDIO_UNREACHABLE', 'The broker has no time at the moment.')
    : new VistterError('STUDIO_REFUSED', `The broker does not let this box in (${code}).`)
}
