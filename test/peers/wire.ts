import { connect, createServer, type Server, type Socket } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import { freePort } from './run.ts'

/** How often a slow reader reads (ms). */
const SIP_EVERY = 100
/** What TCP carries in one packet over most networks (bytes), and how long beyond the round trip it waits before it sends one again (ms; Linux). */
const SEGMENT = 1_460
const RETRANSMIT = 200

/**
 * The network between an output and its platform, or a box and its Studio: a TCP proxy on loopback that can be cut, frozen, slowed
 * or put far away while connections run through it. It keeps its port, so what was cut can come back.
 */
export class Wire {
  private server: Server | undefined
  private port = 0
  private frozen = false
  private bytesPerSecond = Number.POSITIVE_INFINITY
  private roundTripMs = 0
  private loss = 0
  private random = Math.random
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
    this.port ||= await freePort()
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject).listen(this.port, '127.0.0.1', resolve)
    })
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

  /** What stood goes on, where its ends have not given up meanwhile. */
  thaw(): void {
    this.frozen = false
    for (const socket of this.sockets) socket.resume()
  }

  /**
   * The far end is so far away (ms there and back), and so many (0 to 1) of the packets are lost. Loss is what TCP makes of it: a packet comes a
   * round trip and a retransmission later, and holds up all that is behind it. (The kernel's own netem is not to be had everywhere; what
   * this leaves out is that TCP sends more slowly after a loss.)
   */
  far(roundTripMs: number, loss: number, random = Math.random): void {
    this.roundTripMs = roundTripMs
    this.loss = loss
    this.random = random
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
    const [down, up] = [this.way(outside), this.way(inside)]
    inside.on('data', down)
    outside.on('data', bytes => void this.pass(bytes, outside, up))
    if (!this.frozen) outside.resume()
  }

  /** Nothing overtakes what was lost. */
  private way(to: Socket): (bytes: Buffer) => void {
    const under: { bytes: Buffer; at: number }[] = []
    let last = 0
    const arrive = () => {
      while (under[0] && under[0].at <= performance.now()) {
        const [piece] = under.splice(0, 1)
        if (piece && to.writable) to.write(piece.bytes)
      }
      if (under[0]) setTimeout(arrive, Math.max(1, under[0].at - performance.now()))
    }
    return bytes => {
      const { roundTripMs, loss } = this
      const isLost = this.random() < 1 - (1 - loss) ** Math.ceil(bytes.length / SEGMENT)
      last = Math.max(last, performance.now() + roundTripMs / 2 + (isLost ? roundTripMs + RETRANSMIT : 0))
      under.push({ bytes, at: last })
      if (under.length === 1) arrive()
    }
  }

  private async pass(bytes: Buffer, from: Socket, up: (bytes: Buffer) => void): Promise<void> {
    up(bytes)
    if (!Number.isFinite(this.bytesPerSecond)) return
    from.pause()
    await pause(Math.max(SIP_EVERY, (bytes.length / this.bytesPerSecond) * 1_000))
    if (!this.frozen) from.resume()
  }
}
