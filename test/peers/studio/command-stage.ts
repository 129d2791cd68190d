import { createHash } from 'node:crypto'
import type { Camera, Preset, Program } from '../../../runtime/contract/generated/openapi.v1.ts'
import { ApiStage } from '../api-stage.ts'
import { RtmpPlatform } from '../nginx-rtmp.ts'
import { PtzCamera } from '../ptz-camera.ts'
import { until } from '../run.ts'
import { packageOf, segmentFiles, segmentOf } from '../segment-package.ts'
import type { FlowNode } from '../stage.ts'
import type { Broker } from './broker.ts'
import { PairedBox, trust } from './paired.ts'
import { ReferenceStudio } from './studio.ts'

const SIZE = { width: 640, height: 360 }
const FPS = 30
/** Where the preset `pier` looks. */
export const PIER = { pan: 0.25, tilt: 0.1, zoom: 0.2 }

/** A white bar at the upper edge, for as long as it plays. */
export const barOf = (id: string, scenes = ['main']) => ({
  ocl: '1.0',
  timeline: { id, version: 1, frameRate: FPS, resolution: SIZE },
  assets: [],
  scenes: scenes.map((scene, n) => ({
    ...{ id: scene, start: n * 600_000 },
    tracks: [
      {
        ...{ id: 'track', kind: 'bar' },
        cues: [
          {
            ...{ id: `${scene}-bar`, start: 0, duration: 600_000, layer: 0, unsafe: true },
            shape: { type: 'rectangle', color: '#ffffff' },
            properties: { position: { anchor: 'top-left', x: 0, y: 0 }, size: { width: 640, height: 40 } },
          },
        ],
      },
    ],
  })),
})

const CUES = [{ id: 'bar', start: 0, duration: 2_000, camera: 'slate', overlay: 'ocl/lower.json' }]
const TIMELINE = { id: 'its-own', name: 'Morning', loop: false, gap: 'hold', cues: CUES }

/** All that commands of Studio are about: a Studio with files, an appliance that belongs to it, a camera that turns, a platform. */
export class CommandStage extends ApiStage {
  readonly camera = new PtzCamera({ name: 'Harbour', address: '127.0.0.73', discoveryPort: 0, size: SIZE })
  readonly streamKey = 'pier-key-1'
  readonly platform = new RtmpPlatform([this.streamKey])
  /** Two seconds of a bar before the slate. */
  readonly segment = packageOf(
    segmentFiles(segmentOf({ duration: 2_000, timeline: TIMELINE, metadata: {} }), barOf('lower')),
  )
  studio!: ReferenceStudio<Broker>
  box!: PairedBox
  private readonly files = new Map<string, Buffer>()

  constructor() {
    super('studio')
  }

  override async begin(): Promise<void> {
    this.studio = await ReferenceStudio.start()
    trust(this.studio)
    this.studio.more = async ({ url = '' }, response) => {
      const content = this.files.get(url)
      if (content) response.writeHead(200, { 'content-length': content.length }).end(content)
      return content !== undefined
    }
    await Promise.all([super.begin(), this.camera.start(), this.platform.start()])
    await this.ask('PATCH', '/settings', { program: { ...SIZE, fps: FPS }, privateAssetHosts: ['localhost'] })
    this.box = new PairedBox(this, this.studio)
  }

  override async end(): Promise<void> {
    await super.end()
    await Promise.all([this.studio.stop(), this.camera.stop(), this.platform.remove()])
  }

  /** Something that Studio has for its appliances. */
  file(path: string, content: Buffer): { url: string; sha256: string } {
    this.files.set(path, content)
    return { url: this.studio.url + path, sha256: createHash('sha256').update(content).digest('hex') }
  }

  /** The camera, with its preset `pier`, from which it looks away afterwards. */
  async addCamera(): Promise<string> {
    const { url, username, password, address: host, port } = this.camera
    const given = { name: 'Harbour', url, username, password, onvif: { host, port }, mode: 'hot' }
    const { id } = (await this.ask<Camera>('POST', '/cameras', given)).body
    await until('the camera can be moved', async () => {
      const { status, ptz } = (await this.get<Camera>(`/cameras/${id}`)).state
      return status === 'online' && ptz?.position
    })
    this.camera.turn(PIER)
    await until('it looks at the pier', async () => {
      const made = await this.ask<Preset>('POST', `/cameras/${id}/presets`, { name: 'pier', shotId: 'shot-pier' })
      return made.status === 201
    })
    this.camera.turn({ pan: -0.2, tilt: -0.1, zoom: 0.3 })
    return id
  }

  async addDestination(): Promise<string> {
    const profile = { ...SIZE, fps: FPS, videoBitrate: 1_500, audioBitrate: 128, keyframeInterval: 1 }
    const body = { name: 'Platform', platform: 'rtmp', url: this.platform.url, streamKey: this.streamKey, profile }
    return (await this.ask<{ id: string }>('POST', '/destinations', body)).body.id
  }

  program(): Promise<Program> {
    return this.get<Program>('/program')
  }

  flows(): Promise<FlowNode[]> {
    return this.get<FlowNode[]>('//editor/flows')
  }

  /** As the editor's button does it. */
  async deploy(flows: FlowNode[]): Promise<void> {
    const headers = { origin: this.control.origin, 'node-red-deployment-type': 'full' }
    await this.ask('POST', '//editor/flows', flows, { headers })
  }
}
