import { chmodSync, rmSync } from 'node:fs'
import { connect as connectSocket, createServer, type Server, type Socket } from 'node:net'
import {
  createMessageConnection,
  type MessageConnection,
  SocketMessageReader,
  SocketMessageWriter,
} from 'vscode-jsonrpc/node'
import { Backoff } from './backoff.ts'
import { sleep } from './clock.ts'

export type Rpc = MessageConnection

/** A JSON-RPC 2.0 server on a Unix socket: one connection object per client, given to `accept` before it starts to listen. */
export class RpcServer {
  private server: Server | undefined
  private readonly clients = new Set<Rpc>()
  private readonly path: string
  private readonly accept: (rpc: Rpc) => void

  constructor(path: string, accept: (rpc: Rpc) => void) {
    this.path = path
    this.accept = accept
  }

  async start(): Promise<void> {
    rmSync(this.path, { force: true })
    this.server = createServer(socket => {
      const rpc = converse(socket)
      this.clients.add(rpc)
      rpc.onClose(() => this.clients.delete(rpc))
      this.accept(rpc)
      rpc.listen()
    })
    await new Promise<void>((resolve, reject) => {
      this.server?.once('error', reject).listen(this.path, resolve)
    })
    chmodSync(this.path, 0o600)
  }

  /** Tells every client; a client that is just leaving is not an error. */
  broadcast(method: string, params: unknown): void {
    for (const rpc of this.clients) rpc.sendNotification(method, params).catch(() => {})
  }

  async stop(): Promise<void> {
    for (const rpc of this.clients) rpc.end()
    this.clients.clear()
    await new Promise<void>(resolve => (this.server ? this.server.close(() => resolve()) : resolve()))
    this.server = undefined
  }
}

/** Keeps one connection to a server alive for ever: it reconnects at once when lost, then with short backoff. */
export class RpcClient {
  private current: Rpc | undefined
  private readonly stopping = new AbortController()
  private readonly path: string
  private readonly hooks: { opened: (rpc: Rpc) => void | Promise<void>; closed?: () => void }

  /** `opened` registers handlers and may send requests; it runs anew for every connection. */
  constructor(path: string, hooks: { opened: (rpc: Rpc) => void | Promise<void>; closed?: () => void }) {
    this.path = path
    this.hooks = hooks
  }

  get connected(): boolean {
    return this.current !== undefined
  }

  start(): void {
    void this.run()
  }

  /** Rejects at once when there is no connection: what to do without one is the caller's decision. */
  async request<T>(method: string, params?: unknown): Promise<T> {
    if (!this.current) throw new Error(`not connected to ${this.path}`)
    return this.current.sendRequest<T>(method, params)
  }

  notify(method: string, params?: unknown): void {
    this.current?.sendNotification(method, params).catch(() => {})
  }

  stop(): void {
    this.stopping.abort()
    this.current?.end()
  }

  private async run(): Promise<void> {
    const backoff = new Backoff({ first: 50, max: 500, jitter: 0.2, healthyAfter: 0 })
    while (!this.stopping.signal.aborted) {
      const socket = await open(this.path)
      if (!socket) {
        await sleep(backoff.next(-1), this.stopping.signal)
        continue
      }
      backoff.reset()
      const rpc = converse(socket)
      const closed = new Promise<void>(resolve => rpc.onClose(resolve))
      this.current = rpc
      rpc.listen()
      await Promise.resolve(this.hooks.opened(rpc)).catch(() => rpc.end())
      await closed
      this.current = undefined
      this.hooks.closed?.()
    }
  }
}

/**
 * End of a connection is an ordinary event here, so stream errors (EPIPE of a killed peer) end it quietly. Whoever still
 * waits for an answer learns at once that none will come: by itself the library would let it wait for ever.
 */
function converse(socket: Socket): Rpc {
  const rpc = createMessageConnection(new SocketMessageReader(socket), new SocketMessageWriter(socket))
  rpc.onError(() => rpc.end())
  rpc.onClose(() => rpc.dispose())
  return rpc
}

function open(path: string): Promise<Socket | undefined> {
  return new Promise(resolve => {
    const socket = connectSocket(path)
    socket.once('connect', () => resolve(socket))
    socket.once('error', () => resolve(undefined))
  })
}
