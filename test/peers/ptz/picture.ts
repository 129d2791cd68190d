import type { Duplex } from 'node:stream'
import { systemClock } from '../../../runtime/lib/clock.ts'
import { RtspProcess } from '../rtsp-process.ts'
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
  private readonly options: PictureOptions
  private readonly process = new RtspProcess('ptz-camera.py')
  private timer: NodeJS.Timeout | undefined
  private shown = ''

  constructor(options: PictureOptions) {
    this.options = options
  }

  get port(): number {
    return this.process.port
  }

  async start(maxSessions: number): Promise<void> {
    const { size, scene: _s, at: _a, ...told } = this.options
    await this.process.start({ ...told, ...size, sub: SUB, fps: FPS, maxSessions }, frames => this.feed(frames))
  }

  async stop(): Promise<void> {
    clearInterval(this.timer)
    await this.process.stop()
  }

  /** One of the words that ptz-camera.py knows. */
  async command(words: string): Promise<void> {
    await this.process.command(words)
  }

  private feed(frames: Duplex): void {
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
}
