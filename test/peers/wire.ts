import { connect, createServer, type Server, type Socket } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'

/** How often a slow reader reads (ms). */
const SIP_EVERY = 100

/**
 * The network between an output and its platform: a TCP proxy on loopback that can be cut, frozen or slowed while connections
 * run through it. It keeps its port, so what was cut can come back.
 */
export class Wire {
  private server: Server | undefined
  private port = 0
  private frozen = false
  private bytesPerSecond = Number.POSITIVE_INFINITY
  private readonly sockets = new Set<Socket>()
  private readonly target: URL

  /** `target` is an address with a port, such as an RTMP or HTTP server's. */
  constructor(target: string) {
    this.target = new URL(target)
  }

  /** The target's address, through this wire. */
  get url(): string {
    return `${this.target.protocol}//127.0.0.1:${this.port}${this.target.pathname}`
  }

  async start(): Promise<this> {
    const server = createServer({ pauseOnConnect: true }, outside => void this.carry(outside))
    this.server = server
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject).listen(this.port, '127.0.0.1', resolve)
    })
    const address = server.address()
    this.port = address && typeof address === 'object' ? address.port : 0
    return this
  }

  /** Every connection is reset; new ones are welcome. */
  reset(): void {
    for (const socket of this.sockets) socket.resetAndDestroy()
  }

  /** The network is gone: connections are reset, new ones refused. start() brings it back. */
  async cut(): Promise<void> {
    const server = this.server
    this.server = undefined
    if (!server) return
    const closed = new Promise(resolve => server.close(resolve))
    this.reset()
    await closed
  }

  /** A black hole: connections stand, new ones too, and nothing goes through any more. */
  freeze(): void {
    this.frozen = true
    for (const socket of this.sockets) socket.pause()
  }

  /** The far end reads no faster than this. */
  slow(kbits: number): void {
    this.bytesPerSecond = kbits * 125
  }

  stop(): Promise<void> {
    return this.cut()
  }

  private carry(outside: Socket): void {
    const inside = connect(Number(this.target.port), this.target.hostname)
    for (const [socket, other] of [
      [outside, inside],
      [inside, outside],
    ] as const) {
      this.sockets.add(socket)
      socket.on('error', () => {})
      socket.once('close', () => {
        this.sockets.delete(socket)
        other.destroy()
      })
    }
    inside.on('data', bytes => outside.write(bytes))
    outside.on('data', bytes => void this.pass(bytes, outside, inside))
    if (!this.frozen) outside.resume()
  }

  private async pass(bytes: Buffer, from: Socket, to: Socket): Promise<void> {
    to.write(bytes)
    if (!Number.isFinite(this.bytesPerSecond)) return
    from.pause()
    await pause(Math.max(SIP_EVERY, (bytes.length / this.bytesPerSecond) * 1_000))
    if (!this.frozen) from.resume()
  }
}
