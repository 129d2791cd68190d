import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface, type Interface } from 'node:readline'
import { spawnOwned } from '../../runtime/lib/child.ts'
import { within } from '../../runtime/lib/clock.ts'
import { blackContent, stillContent, testContent } from './content.ts'

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
  private port = 0
  private process: ChildProcess | undefined
  private lines: Interface | undefined
  private readonly options: RtspCameraOptions

  constructor(options: RtspCameraOptions = {}) {
    this.options = options
    this.username = options.username ?? 'viewer'
    this.password = options.password ?? 'p@ss/w#rd!'
  }

  /** The address without credentials; valid after the first start(). */
  get url(): string {
    return `rtsp://127.0.0.1:${this.port}/cam`
  }

  /** The address with credentials, for tools that take no others. */
  get urlWithCredentials(): string {
    return this.url.replace('//', `//${encodeURIComponent(this.username)}:${encodeURIComponent(this.password)}@`)
  }

  async start(): Promise<void> {
    if (this.process) return
    const { size = 'full', fps, audio = true, others = false, maxSessions = 0 } = this.options
    const content = await testContent(size, fps)
    const [still, black] = others ? await Promise.all([stillContent(size), blackContent(size)]) : []
    // Debian's own Python: its GObject bindings are not seen by another one that comes first on PATH.
    const child = spawnOwned('/usr/bin/python3', [join(import.meta.dirname, 'rtsp-camera.py')], {
      stdio: ['pipe', 'pipe', 'inherit'],
    })
    if (!child.stdout) throw new Error('no standard output')
    this.process = child
    this.lines = createInterface(child.stdout)
    const settings = {
      ...content,
      audio: audio ? content.audio : null,
      others: still && black ? { still: still.video, black: black.video } : {},
      port: this.port,
      path: '/cam',
      maxSessions,
    }
    this.tell(JSON.stringify({ ...settings, username: this.username, password: this.password }))
    this.port = (JSON.parse(await this.answer('the camera')) as { port: number }).port
  }

  async stop(): Promise<void> {
    const child = this.process
    if (!child) return
    this.process = undefined
    this.lines?.close()
    const ended = once(child, 'exit')
    child.kill('SIGKILL')
    if (child.exitCode === null && child.signalCode === null) await ended
  }

  /** Sessions stay open and nothing more is sent. */
  async freeze(what: 'all' | 'audio' = 'all'): Promise<void> {
    await this.command(what === 'all' ? 'freeze' : 'freeze-audio')
  }

  /** Sending goes on at the present moment: timestamps jump over the gap. */
  async thaw(): Promise<void> {
    await this.command('thaw')
  }

  /** From the next keyframe on: `repeat` sends that keyframe again and again, as an encoder that hangs does. */
  async show(what: 'video' | 'still' | 'black' | 'repeat'): Promise<void> {
    await this.command(what === 'repeat' ? what : `show ${what}`)
  }

  /** When the present session's picture 0 was sent (UTC ms); each picture follows it at its rate. */
  async clock(): Promise<number> {
    return (JSON.parse(await this.command('clock')) as { began: number }).began * 1_000
  }

  /** Closes every session; new ones are welcome. */
  async drop(): Promise<void> {
    await this.command('drop')
  }

  /** The whole device hangs: sockets stay open and nobody answers. */
  hang(): void {
    this.process?.kill('SIGSTOP')
  }

  resume(): void {
    this.process?.kill('SIGCONT')
  }

  private command(word: string): Promise<string> {
    this.tell(word)
    return this.answer(word)
  }

  private tell(line: string): void {
    if (!this.process?.stdin?.write(`${line}\n`)) throw new Error('the camera is not running')
  }

  private async answer(to: string): Promise<string> {
    if (!this.process || !this.lines) throw new Error('the camera is not running')
    const enough = new AbortController()
    const line = once(this.lines, 'line', { signal: enough.signal })
    const gone = once(this.process, 'exit', { signal: enough.signal })
    // Whichever loses is given up below, and its abort is nobody's news.
    for (const event of [line, gone]) event.catch(() => {})
    try {
      const ended = gone.then(() => Promise.reject(new Error('the camera ended')))
      const [text] = await within(15_000, `no answer to ${to}`, Promise.race([line, ended]))
      return String(text)
    } finally {
      enough.abort()
    }
  }
}
