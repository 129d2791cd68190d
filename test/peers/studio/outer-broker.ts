import { connectAsync, type MqttClient } from 'mqtt'
import type { Authority } from './authority.ts'
import { bytesOf, type Heard, type Post, parsed } from './post.ts'

interface Options {
  authority: Authority
  /** Its addresses, all told to appliances; Studio itself uses those over TLS, the next where one is gone. */
  urls: [string, ...string[]]
  /** PEM: who signs its certificate. */
  ca: string
  /** The name that Studio's own certificate bears there: the broker's rules let it send commands and hear everything. */
  name?: string
  /** So many connections beside one another, where a broker allows one user several (NATS): each carries one message at a time. */
  lines?: number
}

const TOPICS = ['ack', 'event', 'telemetry', 'status']

/** A broker that is not Studio's own, such as Mosquitto or a NATS cluster. Studio is one of its clients. */
export class OuterBroker implements Post {
  onMessage: Heard = () => {}
  readonly heard: Post['heard'] = []
  readonly revoked = new Set<string>()
  private clients: MqttClient[] = []
  private readonly options: Options

  constructor(options: Options) {
    this.options = options
  }

  async start(): Promise<Record<string, string>> {
    const { authority, urls, ca, name = 'studio', lines = 1 } = this.options
    const { key, cert } = await authority.forClient(name)
    const servers = urls
      .map(url => new URL(url))
      .filter(({ protocol }) => protocol === 'mqtts:')
      .map(({ hostname: host, port }) => ({ host, port: Number(port) || 8883, protocol: 'mqtts' as const }))
    for (let n = 0; n < lines; n++) {
      const client = await connectAsync({
        servers: servers.map((_, m) => servers[(n + m) % servers.length] ?? servers[0]).flatMap(one => one ?? []),
        protocol: 'mqtts',
        ...{ key, cert, ca, clean: false, protocolVersion: 4, reconnectPeriod: 500, keepalive: 20 },
        ...{ clientId: n === 0 ? name : `${name}-${n + 1}`, connectTimeout: 10_000, resubscribe: true },
      })
      this.clients.push(client)
      client.on('error', () => {})
      client.on('message', (topic, payload) => this.onMessage(topic, parsed(bytesOf(payload))))
    }
    for (const [n, topic] of TOPICS.entries()) await this.line(n).subscribeAsync(`vistter/v1/+/+/${topic}`, { qos: 1 })
    return Object.fromEntries(urls.map((url, n) => [String(n), url]))
  }

  /** What is for one appliance goes one way, so that it stays in its order. */
  async send(topic: string, message: unknown): Promise<void> {
    const sum = [...topic].reduce((all, letter) => all + letter.charCodeAt(0), 0)
    await this.line(sum).publishAsync(topic, bytesOf(message), { qos: 1 })
  }

  /** Whose connections end is the broker's own affair: a list of revoked certificates does it. */
  cut(): void {}

  async stop(): Promise<void> {
    await Promise.all(this.clients.map(client => client.endAsync(true)))
  }

  private line(n: number): MqttClient {
    const client = this.clients[n % this.clients.length]
    if (!client) throw new Error('there is no connection to the broker')
    return client
  }
}
