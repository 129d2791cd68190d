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
}

/** A broker that is not Studio's own, such as Mosquitto or a NATS cluster. Studio is one of its clients. */
export class OuterBroker implements Post {
  onMessage: Heard = () => {}
  readonly heard: Post['heard'] = []
  readonly revoked = new Set<string>()
  private client: MqttClient | undefined
  private readonly options: Options

  constructor(options: Options) {
    this.options = options
  }

  async start(): Promise<Record<string, string>> {
    const { authority, urls, ca, name = 'studio' } = this.options
    const { key, cert } = await authority.forClient(name)
    const servers = urls
      .map(url => new URL(url))
      .filter(({ protocol }) => protocol === 'mqtts:')
      .map(({ hostname: host, port }) => ({ host, port: Number(port) || 8883, protocol: 'mqtts' as const }))
    const client = await connectAsync({
      servers,
      protocol: 'mqtts',
      ...{ key, cert, ca, clientId: name, clean: false, protocolVersion: 4, reconnectPeriod: 500, keepalive: 20 },
      ...{ connectTimeout: 10_000, resubscribe: true },
    })
    this.client = client
    client.on('error', () => {})
    client.on('message', (topic, payload) => this.onMessage(topic, parsed(bytesOf(payload))))
    await client.subscribeAsync(
      ['ack', 'event', 'telemetry', 'status'].map(topic => `vistter/v1/+/+/${topic}`),
      { qos: 1 },
    )
    return Object.fromEntries(urls.map((url, n) => [String(n), url]))
  }

  async send(topic: string, message: unknown): Promise<void> {
    await this.client?.publishAsync(topic, bytesOf(message), { qos: 1 })
  }

  /** Whose connections end is the broker's own affair: a list of revoked certificates does it. */
  cut(): void {}

  async stop(): Promise<void> {
    await this.client?.endAsync(true)
  }
}
