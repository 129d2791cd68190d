import { connect, createServer, type Server, type Socket } from 'node:net'
import koffi from 'koffi'

const SOL_SOCKET = 1
const SO_RCVBUF = 8
/** What the proxy's side of the line holds: little, so that a slow line is felt at once by whoever sends. */
const RECEIVE_BUFFER = 32_768
const EVERY_MS = 10

const libc = koffi.load('libc.so.6')
const setsockopt = libc.func('int setsockopt(int fd, int level, int name, const int *value, uint32_t length)')

/** A line to a server whose upward rate can be narrowed and widened while connections stand: a TCP proxy. */
export class Throttle {
  private readonly server: Server
  private readonly sockets = new Set<Socket>()
  private kbits = 1_000_000
  private last = performance.now()
  /** Bytes that may pass now; at most what 64 ms bring. */
  private budget = 0
  private readonly target: { port: number; host: string }

  constructor(target: { port: number; host?: string }) {
    this.target = { host: '127.0.0.1', ...target }
    this.server = createServer({ pauseOnConnect: true }, socket => this.join(socket))
  }

  /** Answers its port. */
  async start(): Promise<number> {
    await new Promise<void>((resolve, reject) =>
      this.server.once('error', reject).listen(0, '127.0.0.1', () => resolve()),
    )
    const address = this.server.address()
    if (!address || typeof address === 'string') throw new Error('no port')
    return address.port
  }

  /** From now on all connections together get no more than this through upwards. */
  limit(kbits: number): void {
    this.kbits = kbits
  }

  async stop(): Promise<void> {
    const closed = new Promise(resolve => this.server.close(resolve))
    for (const socket of this.sockets) socket.destroy()
    await closed
  }

  private join(down: Socket): void {
    const { _handle: handle } = down as Socket & { _handle?: { fd?: number } }
    if (handle?.fd !== undefined) setsockopt(handle.fd, SOL_SOCKET, SO_RCVBUF, [RECEIVE_BUFFER], 4)
    const up = connect(this.target)
    up.setNoDelay(true)
    const timer = setInterval(() => this.carry(down, up), EVERY_MS)
    for (const [socket, other] of [[down, up] as const, [up, down] as const]) {
      this.sockets.add(socket)
      socket.on('error', () => {})
      socket.on('close', () => {
        clearInterval(timer)
        this.sockets.delete(socket)
        other.destroy()
      })
    }
    up.pipe(down)
    // Readable in portions: what is not read stays with the sender.
    down.on('readable', () => {})
    down.on('end', () => up.end())
  }

  private carry(down: Socket, up: Socket): void {
    const now = performance.now()
    this.budget = Math.min(this.budget + ((now - this.last) * this.kbits) / 8, Math.max(this.kbits * 8, 4_096))
    this.last = now
    for (;;) {
      const most = Math.min(this.budget, down.readableLength)
      if (most < 1) return
      const chunk: Buffer | null = down.read(Math.floor(most))
      if (!chunk) return
      this.budget -= chunk.length
      up.write(chunk)
    }
  }
}
