import type { SourceState, Stillness } from '../../contract/generated/engine.v1.ts'
import type { WiredDriver } from '../../contract/generated/wiring.v1.ts'
import type { Clock } from '../../lib/clock.ts'
import type { Actor, NamedPreset, Operations, Recorder, Shelf, Turning } from '../ports.ts'
import { type CameraBody, Cameras } from './cameras.ts'
import { FlowDriver } from './flow/driver.ts'
import { Onboarding } from './onboarding.ts'
import { OnvifDriver } from './onvif/driver.ts'
import type { PresetBody } from './presets/preset.ts'
import { Presets } from './presets/presets.ts'
import { Thumbnails } from './presets/thumbnails.ts'
import { controllerOf, Heads } from './ptz/heads.ts'

interface Deps {
  shelves: { cameras: Shelf<CameraBody>; presets: Shelf<PresetBody> }
  /** Of the presets' pictures, and where the engine gives them. */
  pictures: { folder: string; socket: string }
  engine: {
    probe: ConstructorParameters<typeof Cameras>[0]['probe']
    stillness(camera: string): Promise<Stillness>
    sourceState(camera: string): SourceState | undefined
  }
  flow: { drivers(): readonly WiredDriver[]; drive: ConstructorParameters<typeof FlowDriver>[1] }
  settings: ConstructorParameters<typeof Presets>[0]['settings']
  /** Whether viewers see this camera. */
  seen(camera: string): boolean
  /** A camera that was away is there again; it is still known where it stood before. */
  returned(camera: string): void
  clock: Clock
  changed(): Promise<void>
  touched(): void
  record: Recorder
}

/** The cameras, what moves them, and where they have been taught to look. */
export class CameraWork {
  readonly cameras: Cameras
  readonly heads: Heads
  readonly presets: Presets
  readonly pictures: Thumbnails
  private readonly onboarding: Onboarding

  constructor(deps: Deps) {
    const { shelves, engine, flow, clock, record, touched } = deps
    this.cameras = new Cameras({
      shelf: shelves.cameras,
      clock,
      probe: target => engine.probe(target),
      stateOf: id => engine.sourceState(id),
      ptzOf: id => this.presets.ptzOf(id),
      changed: async () => {
        this.heads.sync()
        await this.presets.tidy()
        await deps.changed()
      },
      record,
    })
    this.heads = new Heads({
      cameras: () => this.cameras.moved(flow.drivers()),
      driverFor: target => new OnvifDriver(target, clock),
      flowDriver: wired => new FlowDriver(wired, ask => flow.drive(ask)),
      clock,
      picture: id => engine.stillness(id),
      onAir: deps.seen,
      touched,
      returned: async id => {
        deps.returned(id)
        await this.presets.returned(id)
      },
      record,
    })
    this.pictures = new Thumbnails(deps.pictures.folder, deps.pictures.socket)
    this.presets = new Presets({
      shelf: shelves.presets,
      heads: this.heads,
      clock,
      cameras: () => this.cameras.names(),
      pictures: this.pictures,
      onAir: deps.seen,
      settings: deps.settings,
      touched,
      record,
    })
    this.onboarding = new Onboarding(clock)
  }

  start(): void {
    this.heads.sync()
    this.cameras.start()
    this.presets.start()
  }

  async stop(): Promise<void> {
    this.presets.stop()
    this.cameras.stop()
    await this.heads.stop()
  }

  operations(): Operations {
    const { cameras, heads, presets, onboarding } = this
    return Object.assign({}, ...[cameras, heads, presets, onboarding].map(part => part.operations()))
  }

  /** For shows. */
  get turning(): Turning {
    const { presets } = this
    return {
      preset: (camera, wanted) => presets.named(camera, wanted),
      standsAt: camera => presets.standsAt(camera),
      go: (preset, by) => presets.go(preset, by, { override: false }),
    }
  }
  /** For destinations that carry a camera's own feed: a camera is turned for them also where viewers see it. */
  get aim() {
    const { cameras, presets } = this
    return {
      camera: (id: string) => cameras.names().find(camera => camera.id === id)?.name,
      preset: (camera: string, id: string) => presets.named(camera, id),
      standsAt: (camera: string) => presets.standsAt(camera)?.id,
      go: (preset: NamedPreset, by: Pick<Actor, 'kind' | 'name'>) =>
        presets.go(preset, controllerOf(by), { override: true, later: false }),
    }
  }
}
