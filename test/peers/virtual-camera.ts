import { createServer, type Server } from 'node:net'
import { systemClock } from '../../runtime/lib/clock.ts'
import type { Content } from './content.ts'
import { type Login, RtspSession } from './rtsp-session.ts'
import { readStreams } from './streams.ts'

/**
 * A network camera in a few hundred lines, for the demo, which needs nothing of GStreamer with it: RTSP over TCP, digest
 * login, H.264 and AAC from prepared content, looping by the clock like a scene that goes on whether someone looks or not.
 */
export class VirtualCamera {
  private readonly content: Content
  private readonly login: Login
  private readonly sessions = new Set<RtspSession>()
  private server: Server | undefined
  private port = 0

  constructor(content: Content, login: Login) {
    this.content = content
    this.login = login
  }

  /** The address without credentials; valid after start(). */
  get url(): string {
    return `rtsp://127.0.0.1:${this.port}/stream1`
  }

  async start(): Promise<void> {
    if (this.server) return
    const streams = readStreams(this.content)
    const epoch = systemClock.mono()
    const server = createServer(socket => {
      const session = new RtspSession(socket, streams, this.login, epoch)
      this.sessions.add(session)
      socket.once('close', () => this.sessions.delete(session))
      session.start()
    })
    this.server = server
    await new Promise<void>((resolve, reject) => server.once('error', reject).listen(this.port, '127.0.0.1', resolve))
    const address = server.address()
    if (address && typeof address === 'object') this.port = address.port
  }

  async stop(): Promise<void> {
    const server = this.server
    this.server = undefined
    for (const session of this.sessions) session.stop()
    if (server) await new Promise(resolve => server.close(resolve))
  }
}
