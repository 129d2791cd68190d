import { createServer, type Server } from 'node:http'
import { connect, type Socket } from 'node:net'
import { pipeline } from 'node:stream'

/** An HTTP proxy on loopback that opens tunnels (CONNECT) for whoever shows this login. */
export class ConnectProxy {
  /** Where tunnels went, in order; refused ones are not among them. */
  readonly tunnels: string[] = []
  refused = 0
  /** Lets nobody through to these ports, whatever the login. */
  readonly closed = new Set<string>()
  private server: Server | undefined
  private readonly sockets = new Set<Socket>()
  private readonly login: string

  constructor(username: string, password: string) {
    this.login = `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`
  }

  /** Answers its address. */
  async start(): Promise<string> {
    const server = createServer((_, response) => response.writeHead(405).end())
    server.on('connection', (socket: Socket) => {
      this.sockets.add(socket)
      socket.once('close', () => this.sockets.delete(socket))
    })
    server.on('connect', (request, outside: Socket) => {
      outside.on('error', () => {})
      if (request.headers['proxy-authorization'] !== this.login) {
        this.refused++
        outside.end('HTTP/1.1 407 Proxy Authentication Required\r\n\r\n')
        return
      }
      const { hostname, port } = new URL(`http://${request.url}`)
      if (this.closed.has(port)) return void outside.end('HTTP/1.1 403 Forbidden\r\n\r\n')
      const inside = connect(Number(port), hostname, () => {
        this.tunnels.push(String(request.url))
        outside.write('HTTP/1.1 200 Connection established\r\n\r\n')
        pipeline(outside, inside, outside, () => {})
      })
      inside.on('error', () => outside.end('HTTP/1.1 502 Bad Gateway\r\n\r\n'))
    })
    this.server = server
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
    const address = server.address()
    return `http://127.0.0.1:${address && typeof address === 'object' ? address.port : 0}`
  }

  async stop(): Promise<void> {
    for (const socket of this.sockets) socket.destroy()
    await new Promise(resolve => (this.server ? this.server.close(resolve) : resolve(undefined)))
  }
}
