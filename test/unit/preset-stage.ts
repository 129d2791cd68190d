import type { Arrival, Preset } from '../../runtime/contract/generated/openapi.v1.ts'
import { OnvifDriver } from '../../runtime/control/cameras/onvif/driver.ts'
import type { PresetBody } from '../../runtime/control/cameras/presets/preset.ts'
import { Presets } from '../../runtime/control/cameras/presets/presets.ts'
import { Heads } from '../../runtime/control/cameras/ptz/heads.ts'
import type { Actor, NewEvent } from '../../runtime/control/ports.ts'
import { systemClock } from '../../runtime/lib/clock.ts'
import { PtzCamera } from '../peers/ptz-camera.ts'
import { until } from '../peers/run.ts'
import { memoryShelf } from '../peers/shelf.ts'

export const camera = new PtzCamera({ picture: false, discoveryPort: 0, address: '127.0.0.47' })
export const ALTAR = { pan: 0.2, tilt: -0.1, zoom: 0.1 }
export const HOME = { pan: 0, tilt: 0, zoom: 0 }
const anna: Actor = { kind: 'user', name: 'anna', role: 'operator' }

/** Presets of two cameras, of which one is there, with a head that moves, and one is never reached. */
export class PresetStage {
  heads!: Heads
  presets!: Presets
  readonly events: NewEvent[] = []
  readonly pictures: string[] = []
  /** Where the camera stood when it went away, as far as that is known when it is back. */
  readonly stood: (string | undefined)[] = []
  onAir = false
  /** How much the picture is like the one that was kept. */
  alike: number | undefined
  /** How much of its 5 s a journey is made to have had (ms). */
  ahead = 0
  private readonly clock = { now: () => systemClock.now(), mono: () => systemClock.mono() + this.ahead }

  constructor() {
    for (const fault of Object.keys(camera.faults)) delete camera.faults[fault as keyof typeof camera.faults]
    camera.presets.wipe()
    camera.turn(HOME)
  }

  async begin(shelf = memoryShelf<PresetBody>()): Promise<void> {
    const { clock } = this
    const { address: host, port, username, password } = camera
    const login = { host, port, username, password }
    this.heads = new Heads({
      cameras: () => [
        { id: 'cam', name: 'Nave', target: login },
        { id: 'away', name: 'Away', target: { ...login, host: '127.0.0.48', port: 9 } },
      ],
      driverFor: target => new OnvifDriver(target, systemClock),
      flowDriver: () => {
        throw new Error('no flow')
      },
      clock,
      picture: async () => ({}),
      onAir: () => this.onAir,
      touched: () => {},
      returned: id => {
        this.stood.push(this.presets.standsAt(id)?.name)
        return this.presets.returned(id)
      },
      record: event => this.events.push(event),
    })
    this.presets = new Presets({
      shelf,
      heads: this.heads,
      clock,
      cameras: () => ['cam', 'away'].map(id => ({ id, name: id })),
      pictures: {
        take: async (_, preset) => this.pictures.push(preset) > 0,
        likeness: async () => this.alike,
        remove: async preset => void this.pictures.splice(this.pictures.indexOf(preset), 1),
      },
      onAir: () => this.onAir,
      settings: () => ({ checkPresets: true, timezone: 'UTC' }),
      touched: () => {},
      record: event => this.events.push(event),
    })
    this.heads.sync()
    await until('the camera is reached', () => this.heads.head('cam').reachable)
  }

  end(): Promise<void> {
    return this.heads.stop()
  }

  async call<Answer>(name: string, body: object = {}, pid = '', id = 'cam', query = {}): Promise<Answer> {
    const operate = this.presets.operations()[name]
    if (!operate) throw new Error(`there is no operation ${name}`)
    return (await operate({ params: { id, pid }, query, body, actor: anna })) as Answer
  }

  save(name: string, shotId?: string): Promise<Preset> {
    return this.call('addPreset', { name, ...(shotId && { shotId }) })
  }

  goTo(pid: string, body = {}): Promise<Arrival> {
    return this.call('goToPreset', body, pid)
  }

  list(search?: string): Promise<Preset[]> {
    return this.call('listPresets', {}, '', 'cam', { search })
  }

  types(): string[] {
    return this.events.map(({ type }) => type)
  }
}
