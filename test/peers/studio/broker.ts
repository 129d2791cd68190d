import { createServer as createHttps } from 'node:https'
import type { AddressInfo, Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { createServer as createTls, type Server, type TLSSocket } from 'node:tls'
import { Aedes, type Client } from 'aedes'
import { createWebSocketStream, WebSocketServer } from 'ws'
import type { Authority } from './authority.ts'
import { bytesOf, type Heard, type Post, parsed } from './post.ts'

interface Place {
  /** The address that it listens on, and further names that machines know it by. */
  host?: string
  names?: string[]
  ports?: { mqtts?: number; wss?: number }
}

/** The reference Studio's MQTT broker: TLS and WSS, client certificates, each appliance sees its own topics only. */
export class Broker implements Post {
  onMessage: Heard = () => {}
  readonly heard: Post['heard'] = []
  /** Appliances whose certificates are good no longer. */
  readonly revoked = new Set<string>()
  private aedes: Aedes | undefined
  private servers: Server[] = []
  private readonly sockets = new Map<Socket, string>()
  private readonly settling = new Settling()
  private sending: Promise<unknown> = Promise.resolve()
  private readonly names = new WeakMap<object, string>()
  private readonly authority: Authority
  private readonly times: { notBefore?: Date; notAfter?: Date }
  private readonly place: Place

  constructor(authority: Authority, times: { notBefore?: Date; notAfter?: Date } = {}, place: Place = {}) {
    this.authority = authority
    this.times = times
    this.place = place
  }

  /** Answers its addresses. Given ports are taken again, as after a restart; sessions are gone then. */
  async start(ports = this.place.ports ?? {}): Promise<{ mqtts: string; wss: string }> {
    const { host = '127.0.0.1', names = [] } = this.place
    const aedes = await Aedes.createBroker({
      queueLimit: 100_000,
      preConnect: (client, _packet, done) => {
        this.settling.begin(client)
        done(null, true)
      },
      authenticate: (client, _user, _password, done) => {
        const name = this.nameOf(client)
        done(null, name !== undefined && name === client.id && !this.revoked.has(name))
      },
      authorizePublish: (client, packet, done) =>
        done(
          !client || this.owns(client, packet.topic, /\/(ack|event|telemetry|status)$/) ? null : new Error('not yours'),
        ),
      authorizeSubscribe: (client, subscription, done) =>
        done(null, this.owns(client, subscription.topic, /\/command$/) ? subscription : null),
    })
    aedes.on('publish', ({ topic, payload }, client) => {
      if (!client && !topic.endsWith('/status')) return
      if (topic.startsWith('vistter/')) this.onMessage(topic, parsed(bytesOf(payload)))
    })
    aedes.on('clientReady', client => this.settling.end(client))
    this.aedes = aedes
    const { key, cert } = await this.authority.forServer(this.times, names)
    const options = { key, cert, ca: this.authority.pem, requestCert: true, rejectUnauthorized: true }
    const plain = createTls(options, socket => this.welcome(socket, socket))
    const web = createHttps(options)
    const sockets = new WebSocketServer({ server: web, handleProtocols: () => 'mqtt' })
    sockets.on('connection', (socket, request) =>
      this.welcome(createWebSocketStream(socket), request.socket as TLSSocket),
    )
    this.servers = [plain, web]
    for (const [n, server] of this.servers.entries()) {
      server.on('connection', (socket: Socket) => {
        this.sockets.set(socket, '')
        socket.once('close', () => this.sockets.delete(socket))
      })
      await new Promise<void>(resolve => server.listen((n === 0 ? ports.mqtts : ports.wss) ?? 0, host, resolve))
    }
    const [mqtts, wss] = this.servers.map(server => (server.address() as AddressInfo).port)
    const name = names[0] ?? 'localhost'
    return { mqtts: `mqtts://${name}:${mqtts}`, wss: `wss://${name}:${wss}/mqtt` }
  }

  /** To an appliance; kept for it while it is away. */
  send(topic: string, message: unknown): Promise<void> {
    const sent = this.sending.then(() => this.settling.over()).then(() => this.give(topic, bytesOf(message)))
    this.sending = sent.catch(() => {})
    return sent
  }

  private give(topic: string, payload: Buffer): Promise<void> {
    return new Promise((resolve, reject) => {
      const packet = {
        cmd: 'publish' as const,
        topic,
        payload,
        qos: 1 as const,
        retain: false,
        dup: false,
      }
      this.aedes?.publish(packet, error => (error ? reject(error) : resolve()))
    })
  }

  /** The line breaks, without a word. */
  cut(appliance?: string): void {
    for (const [socket, name] of this.sockets) if (appliance === undefined || name === appliance) socket.destroy()
  }

  async stop(): Promise<void> {
    this.cut()
    for (const server of this.servers) await new Promise(resolve => server.close(resolve))
    await new Promise<void>(resolve => (this.aedes ? this.aedes.close(() => resolve()) : resolve()))
  }

  private welcome(stream: Duplex, socket: TLSSocket): void {
    stream.on('error', () => {})
    const name = String(socket.getPeerCertificate().subject?.CN ?? '')
    this.names.set(stream, name)
    this.sockets.set(socket, name)
    socket.once('close', () => this.sockets.delete(socket))
    this.aedes?.handle(stream)
  }

  private nameOf(client: Client): string | undefined {
    return this.names.get(client.conn)
  }

  private owns(client: Client, topic: string, which: RegExp): boolean {
    const [root, version, , appliance, ...rest] = topic.split('/')
    return root === 'vistter' && version === 'v1' && appliance === client.id && rest.length === 1 && which.test(topic)
  }
}

/**
 * MQTT promises the order of a topic across connections (3.1.1, 4.6), and Mosquitto keeps it. aedes subscribes a client that comes back before
 * it has given it what waited, so that a new message would overtake older ones: new ones wait here for as long.
 */
class Settling {
  private readonly clients = new Set<Client>()
  private readonly waiting: (() => void)[] = []

  begin(client: Client): void {
    this.clients.add(client)
    client.conn.once('close', () => this.end(client))
  }

  end(client: Client): void {
    this.clients.delete(client)
    if (this.clients.size === 0) for (const go of this.waiting.splice(0)) go()
  }

  async over(): Promise<void> {
    while (this.clients.size > 0) await new Promise<void>(resolve => this.waiting.push(resolve))
  }
}
