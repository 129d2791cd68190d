import { type ApplianceOptions, ApplianceProcess } from './appliance.ts'
import { RtmpPlatform } from './nginx-rtmp.ts'
import { RtspCamera, type RtspCameraOptions } from './rtsp-camera.ts'
import { until } from './run.ts'

export const KEY = 'goodkey'

/** What tests read of a destination, camera and program; the whole shapes are in the OpenAPI document. */
export interface DestinationView {
  id: string
  started: boolean
  state: { status: string; error?: { code: string; detail: string; hint: string } | null }
}
export interface CameraView {
  id: string
  state: {
    status: string
    video: { codec: string; width: number; height: number; fps: number } | null
    error?: { code: string }
  }
}
export interface ProgramView {
  source: string
  sourceName: string
  fallback: unknown
  overlays: { id: string; layers: number }[]
  frames: { produced: number; dropped: number; repeated: number }
}

export interface FlowNode {
  id: string
  type: string
  wires?: string[][]
  [property: string]: unknown
}

export const SMALL = { width: 1280, height: 720, fps: 30, videoBitrate: 3000, audioBitrate: 128, keyframeInterval: 1 }

/** A camera, a platform and the appliance between them, set up and signed in: what most stories begin with. */
export class Stage {
  readonly appliance: ApplianceProcess
  readonly platform = new RtmpPlatform([KEY])
  readonly camera: RtspCamera
  cameraId = ''
  destinationId = ''

  constructor(options: RtspCameraOptions = {}, appliance: ApplianceOptions = {}) {
    this.appliance = new ApplianceProcess(appliance)
    this.camera = new RtspCamera(options)
  }

  get api() {
    return this.appliance.api
  }

  /** Peers and appliance run; the program has `program`'s format. Nothing is added yet. */
  async start(program = { width: 1280, height: 720, fps: 30 }): Promise<void> {
    await Promise.all([this.camera.start(), this.platform.start(), this.appliance.start()])
    await this.appliance.setUp()
    await this.api.patch('/settings', { program })
  }

  async addCamera(camera = this.camera, name = 'Pier'): Promise<string> {
    const { url, username, password } = camera
    // Its readiness must not depend on how busy the machine of the tests is.
    const body = { name, url, username, password, audio: 'on', mode: 'hot' }
    return (await this.api.post<CameraView>('/cameras', body)).id
  }

  /** Camera on air, destination live: from here on every frame counts. */
  async onAir(profile: typeof SMALL & { preset?: string } = SMALL): Promise<void> {
    this.cameraId = await this.addCamera()
    await this.onAirWith(profile)
  }

  /** Likewise with the camera that `cameraId` is. */
  async onAirWith(profile: typeof SMALL & { preset?: string }): Promise<void> {
    const { url } = this.platform
    const destination = { name: 'Platform', platform: 'rtmp', url, streamKey: KEY, profile }
    this.destinationId = (await this.api.post<DestinationView>('/destinations', destination)).id
    await this.sourceIs(this.cameraId)
    await this.api.post(`/destinations/${this.destinationId}/start`)
    await this.destinationIs('live')
  }

  program(): Promise<ProgramView> {
    return this.api.get<ProgramView>('/program')
  }

  async sourceIs(source: string, timeoutMs = 20_000): Promise<void> {
    await until(`${source} is on air`, async () => (await this.program()).source === source, { timeoutMs })
  }

  destination(id = this.destinationId): Promise<DestinationView> {
    return this.api.get<DestinationView>(`/destinations/${id}`)
  }

  async destinationIs(status: string, timeoutMs = 20_000): Promise<DestinationView> {
    const ask = async () => {
      const destination = await this.destination()
      return destination.state.status === status && destination
    }
    return until(`destination is ${status}`, ask, { timeoutMs })
  }

  flows(): Promise<FlowNode[]> {
    return this.editor<FlowNode[]>('GET')
  }

  /** A full deploy, as the editor's button does it. */
  async deploy(flows: FlowNode[]): Promise<void> {
    await this.editor('POST', flows)
  }

  /** Lets the show run for so many frames: time as the program counts it. */
  async produce(frames: number): Promise<void> {
    const before = (await this.program()).frames.produced
    const enough = async () => (await this.program()).frames.produced >= before + frames
    await until(`${frames} more frames`, enough, { timeoutMs: frames * 100 + 10_000 })
  }

  /** Stops the destination and answers the recording(s) that the platform made. */
  async recordings(): Promise<string[]> {
    await this.api.post(`/destinations/${this.destinationId}/stop`)
    await until('the platform closed the recording', () => this.platform.publishes.every(publish => publish.ended))
    return this.platform.recordings()
  }

  async end(): Promise<void> {
    try {
      await this.appliance.remove()
    } finally {
      await Promise.all([this.camera.stop(), this.platform.remove()])
    }
  }

  private async editor<T>(method: string, body?: unknown): Promise<T> {
    const answer = await this.api.call<T>(method, '/editor/flows', body, true)
    if (answer.status >= 300)
      throw new Error(`${method} /editor/flows: ${answer.status} ${JSON.stringify(answer.body)}`)
    return answer.body
  }
}
