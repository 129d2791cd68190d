import { VistterError } from '../../../contract/errors.ts'
import type { Stillness } from '../../../contract/generated/engine.v1.ts'
import type { PtzRequest, PtzState } from '../../../contract/generated/openapi.v1.ts'
import type { WiredDriver } from '../../../contract/generated/wiring.v1.ts'
import type { Clock } from '../../../lib/clock.ts'
import { type Actor, type Operations, operation, type Recorder } from '../../ports.ts'
import type { OnvifDriverTarget } from '../onvif/driver.ts'
import type { PtzDriver } from './driver.ts'
import { Head } from './head.ts'
import type { Controller } from './lease.ts'

/** A camera that can be moved: over ONVIF, with its password in clear, or by the flow. */
export type MovedCamera = { id: string; name: string } & ({ target: OnvifDriverTarget } | { flow: WiredDriver })

interface Deps {
  cameras(): MovedCamera[]
  driverFor(target: OnvifDriverTarget): PtzDriver
  flowDriver(wired: WiredDriver): PtzDriver
  clock: Clock
  /** Whether the picture of a camera stands; empty where that is not known. */
  picture(camera: string): Promise<Stillness>
  /** Whether viewers see this camera now. */
  onAir(camera: string): boolean
  /** The state of a camera may have changed. */
  touched(): void
  /** A camera is there, for the first time or again. */
  returned(camera: string): Promise<void>
  record: Recorder
}

/** The cameras that can be moved, each with one connection. */
export class Heads {
  private readonly heads = new Map<string, { key: string; head: Head }>()
  private readonly deps: Deps

  constructor(deps: Deps) {
    this.deps = deps
  }

  /** Follows what is stored: a camera with another address or login is another one. */
  sync(): void {
    const wanted = new Map(this.deps.cameras().map(camera => [camera.id, camera]))
    for (const [id, { key, head }] of this.heads) {
      const camera = wanted.get(id)
      if (camera && keyOf(camera) === key) continue
      this.heads.delete(id)
      void head.stop() // bounded, and never fails
    }
    for (const camera of wanted.values()) if (!this.heads.has(camera.id)) this.add(camera)
  }

  /** The flow runs again: what it moves is looked for at once. */
  flowReturned(): void {
    for (const camera of this.deps.cameras()) if ('flow' in camera) this.find(camera.id)?.retry()
  }

  async stop(): Promise<void> {
    const ending = [...this.heads.values()].map(({ head }) => head.stop())
    this.heads.clear()
    await Promise.all(ending)
  }

  find(camera: string): Head | undefined {
    return this.heads.get(camera)?.head
  }

  /** Throws where the camera cannot be moved. */
  head(camera: string): Head {
    const head = this.find(camera)
    if (head) return head
    throw new VistterError(
      'PTZ_UNSUPPORTED',
      'This camera has no `onvif`, no flow moves it, or it is switched off: it cannot be moved.',
    )
  }

  operations(): Operations {
    return {
      movePtz: operation<PtzRequest>(({ params, body, actor }) => this.steer(params.id ?? '', body, actor)),
    }
  }

  /** Throws PTZ_ON_AIR unless viewers see another picture, or may see this one move. */
  admit(camera: string, by: Controller, override: boolean): void {
    if (by.rank === 'cue' || !this.deps.onAir(camera)) return
    if (!override) throw new VistterError('PTZ_ON_AIR', 'The camera is on air: viewers would see it move.')
    const holder = this.find(camera)?.state().heldBy
    // Once for each time that somebody takes it, not for each push of the stick.
    if (holder === by.name) return
    const message = `${by.name} moves a camera that is on air.`
    this.deps.record({ type: 'ptz.on-air', severity: 'warning', message, actor: by.name, data: { camera } })
  }

  private async steer(camera: string, request: PtzRequest, actor: Actor): Promise<PtzState> {
    const head = this.head(camera)
    const by = controllerOf(actor)
    const { move, to, stop, override = false } = request
    if ([move, to, stop].filter(Boolean).length !== 1)
      throw new VistterError('BAD_REQUEST', 'Give one of `move`, `to` and `stop`.')
    if (stop) await head.halt(by)
    else this.admit(camera, by, override)
    if (move) await head.moveBy(by, { pan: move.pan ?? 0, tilt: move.tilt ?? 0, zoom: move.zoom ?? 0 })
    if (to) await head.go(by, { position: to })
    this.deps.touched()
    return head.state()
  }

  private add(camera: MovedCamera): void {
    const { driverFor, flowDriver, clock, touched, returned } = this.deps
    const head = new Head({
      driver: 'flow' in camera ? flowDriver(camera.flow) : driverFor(camera.target),
      clock,
      picture: () => this.deps.picture(camera.id),
      changed: touched,
      returned: () => void returned(camera.id).catch(() => {}), // it is compared again when it is back the next time
    })
    this.heads.set(camera.id, { key: keyOf(camera), head })
    void head.follow() // ends with stop(), and never fails
  }
}

const keyOf = (camera: MovedCamera): string => JSON.stringify('flow' in camera ? camera.flow : camera.target)

/** A cue of the flow goes before people, and people before nothing else that there is. */
export const controllerOf = ({ kind, name }: Pick<Actor, 'kind' | 'name'>): Controller => ({
  name,
  rank: kind === 'flow' ? 'cue' : 'operator',
})
