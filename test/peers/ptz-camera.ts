import { randomUUID } from 'node:crypto'
import { systemClock } from '../../runtime/lib/clock.ts'
import { Discovery } from './ptz/discovery.ts'
import type { Faults } from './ptz/faults.ts'
import { HOME, type Position, PtzHead } from './ptz/head.ts'
import { Login } from './ptz/login.ts'
import type { Camera } from './ptz/operations.ts'
import { CameraPicture } from './ptz/picture.ts'
import { Presets } from './ptz/presets.ts'
import { type Still, scene } from './ptz/scene.ts'
import { type Asked, CameraWeb } from './ptz/web.ts'

export interface PtzCameraOptions {
  name?: string
  /** Cameras side by side have loopback addresses of their own: 127.0.0.2. */
  address?: string
  /** The HTTP port; any free one where left out. */
  port?: number
  /** Where probes that are sent to the camera itself arrive; default 3702. */
  discoveryPort?: number
  /** An empty user name means a camera without a password. */
  username?: string
  password?: string
  size?: { width: number; height: number }
  /** What stands before it; where left out, a grid in which `viewOf` finds every place. */
  scene?: Still
  /** Without it nothing is streamed: enough for tests of ONVIF alone, and nothing of GStreamer is needed. */
  picture?: boolean
  /** A sensor's noise in every picture; off where left out, for it costs bits. */
  noise?: boolean
  /** The number of the picture at the top left, as a camera's clock; on where left out. */
  burntIn?: boolean
  /** RTSP sessions at once; any number where left out. */
  maxSessions?: number
  faults?: Faults
}

/**
 * A PTZ camera: an ONVIF device (Profile S) with WS-Discovery, a head that moves at finite speed, and a live RTSP picture of
 * a scene from which `viewOf` reads back where it looks. stop() takes it away, start() brings it back on the same ports.
 */
export class PtzCamera implements Camera {
  readonly name: string
  readonly serial = randomUUID()
  readonly username: string
  readonly password: string
  readonly address: string
  readonly size: { width: number; height: number }
  readonly scene: Still
  /** May be changed at any time. */
  readonly faults: Faults
  readonly presets: Presets
  head = new PtzHead()
  private readonly options: PtzCameraOptions
  private readonly web: CameraWeb
  private readonly discovery: Discovery
  private readonly picture: CameraPicture
  private httpPort: number
  private maxSessions: number

  constructor(options: PtzCameraOptions = {}) {
    this.options = options
    this.name = options.name ?? 'Virtual PTZ'
    this.username = options.username ?? 'viewer'
    this.password = options.password ?? 'p@ss/w#rd!'
    this.address = options.address ?? '127.0.0.1'
    this.size = options.size ?? { width: 640, height: 360 }
    this.scene = options.scene ?? scene()
    this.httpPort = options.port ?? 0
    this.maxSessions = options.maxSessions ?? 0
    this.faults = { ...options.faults }
    this.presets = new Presets(this.faults)
    this.web = new CameraWeb(this, new Login(this.username, this.password))
    this.discovery = new Discovery(this)
    const { size, scene: before, address, username, password } = this
    const { noise = false, burntIn = true } = options
    this.picture = new CameraPicture({
      scene: before,
      size,
      address,
      username,
      password,
      noise,
      burntIn,
      at: () => this.position,
    })
  }

  /** The ONVIF port; valid after the first start(). */
  get port(): number {
    return this.httpPort
  }

  get origin(): string {
    return `http://${this.address}:${this.httpPort}`
  }

  /** The main stream's address without credentials. */
  get url(): string {
    return this.streamUrl('main')
  }

  /** The same with credentials, for tools that take no others. */
  get urlWithCredentials(): string {
    return this.url.replace('//', `//${encodeURIComponent(this.username)}:${encodeURIComponent(this.password)}@`)
  }

  streamUrl(profile: string): string {
    return `rtsp://${this.address}:${this.picture.port}/${profile}`
  }

  /** Where the camera really looks now, whatever it says. */
  get position(): Position {
    return this.head.at(this.now())
  }

  get moving(): boolean {
    const { panTilt, zoom } = this.head.moving(this.now())
    return panTilt || zoom
  }

  /** The ONVIF requests that came, oldest first. */
  get asked(): readonly Asked[] {
    return this.web.asked
  }

  now(): number {
    return systemClock.mono()
  }

  clock(): number {
    return systemClock.now() + (this.faults.clockAheadMs ?? 0)
  }

  async start(): Promise<void> {
    if (this.options.picture !== false) await this.picture.start(this.maxSessions)
    this.httpPort = await this.web.start(this.address, this.httpPort)
    await this.discovery.start(this.address, this.options.discoveryPort)
  }

  async stop(): Promise<void> {
    await Promise.all([this.picture.stop(), this.web.stop(), this.discovery.stop()])
  }

  /** Off and on again: it looks home, and a cheap one has forgotten its presets. */
  async reboot({ wiped = false } = {}): Promise<void> {
    await this.stop()
    this.head = new PtzHead(HOME)
    if (wiped) this.presets.wipe()
    await this.start()
  }

  /** Somebody turns it by hand or by its own remote control: at once, without a word to anyone. */
  turn(to: Position): void {
    this.head = new PtzHead(to)
  }

  /** Sessions stay open and no more pictures are sent, or again. */
  freeze(): Promise<void> {
    return this.picture.command('freeze')
  }

  thaw(): Promise<void> {
    return this.picture.command('thaw')
  }

  /** Closes every RTSP session; new ones are welcome. */
  drop(): Promise<void> {
    return this.picture.command('drop')
  }

  /** RTSP sessions at once from now on; 0 is any number. */
  async limitSessions(count: number): Promise<void> {
    this.maxSessions = count
    if (this.options.picture !== false) await this.picture.command(`sessions ${count}`)
  }
}
