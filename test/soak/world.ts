import { ApplianceProcess } from '../peers/appliance.ts'
import { RtmpPlatform } from '../peers/nginx-rtmp.ts'
import { RtspCamera } from '../peers/rtsp-camera.ts'
import { until } from '../peers/run.ts'
import type { CameraView, DestinationView, FlowNode, ProgramView } from '../peers/stage.ts'

export const KEY = 'goodkey'
/** Light work, so that what is missing was lost by the product and not by a busy machine. */
const PROFILE = {
  ...{ width: 640, height: 360, fps: 30, keyframeInterval: 1 },
  ...{ videoBitrate: 1000, audioBitrate: 96, preset: 'ultrafast' },
}
/** Launcher, engine, renderer, control, flow host. */
const OWN_PROCESSES = 5
/** Whatever happened, everything is well again after this long (ms). */
const HEALED_WITHIN = 60_000

/** Two cameras, the product, three platforms: a show that goes on while everything around it fails. */
export class World {
  readonly appliance = new ApplianceProcess()
  readonly cameras = [0, 1].map(() => new RtspCamera({ size: 'small' }))
  readonly platforms = [0, 1, 2].map(() => new RtmpPlatform([KEY]))
  cameraIds: string[] = []
  destinationIds: string[] = []

  get api() {
    return this.appliance.api
  }

  async start(): Promise<void> {
    await Promise.all([...this.cameras, ...this.platforms, this.appliance].map(peer => peer.start()))
    await this.appliance.setUp()
    await this.api.patch('/settings', { program: { width: 640, height: 360, fps: 30 } })
    for (const [n, { url, username, password }] of this.cameras.entries()) {
      const camera = { name: `Camera ${n}`, url, username, password, audio: 'on' }
      this.cameraIds.push((await this.api.post<CameraView>('/cameras', camera)).id)
    }
    for (const [n, { url }] of this.platforms.entries()) {
      const destination = { name: `Platform ${n}`, platform: 'rtmp', url, streamKey: KEY, profile: PROFILE }
      const { id } = await this.api.post<DestinationView>('/destinations', destination)
      this.destinationIds.push(id)
      // The flow host may still be on its way: what is not wired cannot be started.
      await until('it starts', () => this.api.post(`/destinations/${id}/start`), { timeoutMs: HEALED_WITHIN })
    }
    await this.healed()
  }

  /** Resolves when cameras are online, destinations live, and exactly the processes run that should. */
  async healed(): Promise<void> {
    const well = async () => {
      const cameras = await this.api.get<CameraView[]>('/cameras')
      const destinations = await this.api.get<DestinationView[]>('/destinations')
      const ill = [...cameras, ...destinations].filter(({ state }) => !['online', 'live'].includes(state.status))
      if (ill.length > 0) throw new Error(ill.map(({ id, state }) => `${id} ${state.status}`).join(', '))
      await this.flows()
      const ffmpegs = this.appliance.ffmpegs().length
      if (ffmpegs !== 3) throw new Error(`${ffmpegs} FFmpegs instead of 2 cameras' and an encoder's`)
      const others = this.appliance.processes().length - ffmpegs
      if (others !== OWN_PROCESSES) throw new Error(`${others} processes of its own instead of ${OWN_PROCESSES}`)
      return true
    }
    await until('everything is well again', well, { timeoutMs: HEALED_WITHIN, everyMs: 250 })
  }

  program(): Promise<ProgramView> {
    return this.api.get<ProgramView>('/program')
  }

  async flows(): Promise<FlowNode[]> {
    return this.editor<FlowNode[]>('GET')
  }

  async deploy(flows: FlowNode[]): Promise<void> {
    await this.editor('POST', flows)
  }

  /** Ends the streams, so that recordings are whole; their files, by platform. */
  async recordings(): Promise<string[][]> {
    for (const id of this.destinationIds) await this.api.post(`/destinations/${id}/stop`)
    await until('recordings are closed', () => this.platforms.every(({ publishes }) => publishes.every(p => p.ended)))
    return this.platforms.map(platform => platform.recordings())
  }

  async end(): Promise<void> {
    try {
      await this.appliance.remove()
    } finally {
      await Promise.all([...this.cameras.map(c => c.stop()), ...this.platforms.map(p => p.remove())])
    }
  }

  private async editor<T>(method: string, body?: unknown): Promise<T> {
    const answer = await this.api.call<T>(method, '/editor/flows', body, true)
    if (answer.status >= 300) throw new Error(`${method} /editor/flows: ${answer.status}`)
    return answer.body
  }
}
