import { blackContent, stillContent, testContent } from './content.ts'
import { RtspProcess } from './rtsp-process.ts'

export interface RtspCameraOptions {
  size?: 'full' | 'small'
  /** Pictures a second; default 30. */
  fps?: number
  audio?: boolean
  /** Prepares what show() needs: a still and a black picture, both with an encoder that goes on working. */
  others?: boolean
  /** More viewers than this at once are turned away; any number where left out. */
  maxSessions?: number
  /** An empty user name means a camera without a password. */
  username?: string
  password?: string
}

/**
 * A camera that this project did not write: GStreamer's RTSP server with H.264 + AAC test content (see content.ts), digest login.
 * stop() takes the whole camera away (connection refused), start() brings it back on the same port, showing picture 0 first.
 */
export class RtspCamera {
  readonly username: string
  readonly password: string
  private readonly process = new RtspProcess('rtsp-camera.py')
  private readonly options: RtspCameraOptions

  constructor(options: RtspCameraOptions = {}) {
    this.options = options
    this.username = options.username ?? 'viewer'
    this.password = options.password ?? 'p@ss/w#rd!'
  }

  /** The address without credentials; valid after the first start(). */
  get url(): string {
    return `rtsp://127.0.0.1:${this.process.port}/cam`
  }

  /** The address with credentials, for tools that take no others. */
  get urlWithCredentials(): string {
    return this.url.replace('//', `//${encodeURIComponent(this.username)}:${encodeURIComponent(this.password)}@`)
  }

  async start(): Promise<void> {
    if (this.process.running) return
    const { size = 'full', fps, audio = true, others = false, maxSessions = 0 } = this.options
    const content = await testContent(size, fps)
    const [still, black] = others ? await Promise.all([stillContent(size), blackContent(size)]) : []
    const settings = {
      ...content,
      audio: audio ? content.audio : null,
      others: still && black ? { still: still.video, black: black.video } : {},
      path: '/cam',
      maxSessions,
    }
    const { username, password } = this
    await this.process.start({ ...settings, username, password })
  }

  stop(): Promise<void> {
    return this.process.stop()
  }

  /** Sessions stay open and nothing more is sent. */
  async freeze(what: 'all' | 'audio' = 'all'): Promise<void> {
    await this.process.command(what === 'all' ? 'freeze' : 'freeze-audio')
  }

  /** Sending goes on at the present moment: timestamps jump over the gap. */
  async thaw(): Promise<void> {
    await this.process.command('thaw')
  }

  /** From the next keyframe on: `repeat` sends that keyframe again and again, as an encoder that hangs does. */
  async show(what: 'video' | 'still' | 'black' | 'repeat'): Promise<void> {
    await this.process.command(what === 'repeat' ? what : `show ${what}`)
  }

  /** When the present session's picture 0 was sent (UTC ms); each picture follows it at its rate. */
  async clock(): Promise<number> {
    return (JSON.parse(await this.process.command('clock')) as { began: number }).began * 1_000
  }

  /** Closes every session; new ones are welcome. */
  async drop(): Promise<void> {
    await this.process.command('drop')
  }

  /** The whole device hangs: sockets stay open and nobody answers. */
  hang(): void {
    this.process.signal('SIGSTOP')
  }

  resume(): void {
    this.process.signal('SIGCONT')
  }
}
