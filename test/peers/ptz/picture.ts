import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface, type Interface } from 'node:readline'
import { Duplex } from 'node:stream'
import { spawnOwned } from '../../../runtime/lib/child.ts'
import { systemClock, within } from '../../../runtime/lib/clock.ts'
import type { Position } from './head.ts'
import { SUB } from './media-service.ts'
import type { Still } from './scene.ts'
import { render, windowOf } from './view.ts'

export interface PictureOptions {
  scene: Still
  size: { width: number; height: number }
  address: string
  username: string
  password: string
  noise: boolean
  burntIn: boolean
  /** Where the camera looks now. */
  at(): Position
}

const FPS = 30

/**
 * The camera's eye: a GStreamer RTSP server (ptz-camera.py), which gets a new picture whenever the camera has moved and
 * sends the last one 30 times a second.
 */
export class CameraPicture {
  port = 0
  private readonly options: PictureOptions
  private process: ChildProcess | undefined
  private lines: Interface | undefined
  private timer: NodeJS.Timeout | undefined
  private shown = ''

  constructor(options: PictureOptions) {
    this.options = options
  }

  async start(maxSessions: number): Promise<void> {
    const { size, scene: _s, at: _a, ...told } = this.options
    // Debian's own Python: its GObject bindings are not seen by another one that comes first on PATH.
    const child = spawnOwned('/usr/bin/python3', [join(import.meta.dirname, '..', 'ptz-camera.py')], {
      stdio: ['pipe', 'pipe', 'inherit', 'pipe'],
    })
    const frames = child.stdio[3]
    if (!child.stdout || !(frames instanceof Duplex)) throw new Error('no pipes')
    this.process = child
    this.lines = createInterface(child.stdout)
    for (const pipe of [frames, child.stdin]) pipe?.on('error', () => {})
    this.shown = ''
    this.look(frames)
    // While somebody watches, each picture that is sent asks for the next: two clocks would drop and double some.
    let asked = 0
    frames.on('data', () => {
      asked = systemClock.mono()
      this.look(frames)
    })
    this.timer = setInterval(() => {
      if (systemClock.mono() - asked > 3_000 / FPS) this.look(frames)
    }, 1_000 / FPS)
    this.tell(JSON.stringify({ ...told, ...size, sub: SUB, fps: FPS, port: this.port, maxSessions }))
    this.port = (JSON.parse(await this.answer('the camera')) as { port: number }).port
  }

  async stop(): Promise<void> {
    const child = this.process
    if (!child) return
    this.process = undefined
    clearInterval(this.timer)
    this.lines?.close()
    const ended = once(child, 'exit')
    child.kill('SIGKILL')
    if (child.exitCode === null && child.signalCode === null) await ended
  }

  /** One of the words that ptz-camera.py knows. */
  async command(words: string): Promise<void> {
    this.tell(words)
    await this.answer(words)
  }

  /** Sends the picture of where the camera looks now, unless it is there already or the one before is still on its way. */
  private look(frames: Duplex): void {
    const at = this.options.at()
    const now = `${at.pan} ${at.tilt} ${at.zoom}`
    if (now === this.shown || frames.writableNeedDrain || frames.destroyed) return
    this.shown = now
    const { scene, size } = this.options
    frames.write(render(scene, windowOf(at), size.width, size.height))
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
