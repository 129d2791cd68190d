import { type ErrorCode, VistterError } from '../../../contract/errors.ts'
import type { Arrival } from '../../../contract/generated/openapi.v1.ts'
import type { Clock } from '../../../lib/clock.ts'
import type { Recorder } from '../../ports.ts'
import type { PtzPosition } from '../ptz/driver.ts'
import type { Head, Target } from '../ptz/head.ts'
import type { Heads } from '../ptz/heads.ts'
import type { Controller } from '../ptz/lease.ts'
import { keepOnCamera } from './capture.ts'
import { markLost } from './compare.ts'
import { ALIKE } from './likeness.ts'
import { afterJourney, type StoredPreset } from './preset.ts'
import type { PresetShelf } from './shelf.ts'

interface Deps {
  shelf: PresetShelf
  heads: Heads
  clock: Clock
  pictures: { likeness(camera: string, preset: string): Promise<number | undefined> }
  record: Recorder
}

/** `override`: also when viewers see it; `later`: when it is back, where it does not answer now. */
export interface How {
  override: boolean
  later?: boolean
}

type Verified = Pick<Arrival, 'verified' | 'likeness'>

/** After these, the other way to the same place is tried. */
const OTHER_WAY: ErrorCode[] = ['PTZ_REFUSED', 'PTZ_UNSUPPORTED', 'PTZ_PRESET_MISSING', 'PTZ_BAD_ANSWER']

/** Going to presets: there when the camera verifiably is, later when it does not answer now. */
export class Journeys {
  /** Presets whose picture did not look like them when it was compared last. */
  private readonly unlike = new Set<string>()
  private readonly deps: Deps

  constructor(deps: Deps) {
    this.deps = deps
  }

  /** Throws only where nothing was tried: PTZ_HELD, PTZ_ON_AIR, PTZ_UNSUPPORTED. Without `later` a camera that is away stays where it is. */
  async go(preset: StoredPreset, by: Controller, { override, later = true }: How): Promise<Arrival> {
    const { heads, shelf, clock } = this.deps
    const { camera } = preset.body
    const head = heads.head(camera)
    heads.admit(camera, by, override)
    const begun = clock.mono()
    const took = () => Math.round(clock.mono() - begun)
    try {
      const position = await this.travel(head, preset, by)
      const ms = took()
      await shelf.change(preset.id, body => afterJourney(body, ms, clock.now())).catch(() => {}) // deleted on the way
      return { arrived: true, ms, ...(await this.verify(preset, position)) }
    } catch (thrown) {
      if (!(thrown instanceof VistterError) || thrown.code === 'PTZ_HELD') throw thrown
      const pending = later && !head.reachable && thrown.code !== 'PTZ_UNSUPPORTED'
      if (pending) head.later(preset.id, () => void this.goAfterwards(preset.id, by, override))
      return { arrived: false, ms: took(), error: thrown.fault, ...(pending && { pending }) }
    }
  }

  private async travel(head: Head, preset: StoredPreset, by: Controller): Promise<PtzPosition | undefined> {
    // What it can do is known only once it is there.
    await head.ask(async () => {})
    const ways = this.ways(head, preset)
    for (const [n, way] of ways.entries()) {
      try {
        const position = await (await head.go(by, { ...way, preset: preset.id })).arrival
        if (preset.body.lost && way.token === undefined) await this.keepAnew(head, preset)
        return position
      } catch (thrown) {
        const code = thrown instanceof VistterError ? thrown.code : undefined
        if (code === 'PTZ_PRESET_MISSING') await markLost(preset, true, this.deps.shelf)
        if (!code || !OTHER_WAY.includes(code) || n === ways.length - 1) throw thrown
      }
    }
    return undefined
  }

  /** It stands; whether it stands where it should, its place tells, or else its picture beside the one that was kept. */
  private async verify({ id, body }: StoredPreset, position: PtzPosition | undefined): Promise<Verified> {
    if (position && body.position) return { verified: 'position' }
    const found = await this.deps.pictures.likeness(body.camera, id)
    if (found === undefined) return {}
    const likeness = Math.round(found * 100) / 100
    if (likeness >= ALIKE) {
      this.unlike.delete(id)
      return { verified: 'picture', likeness }
    }
    if (!this.unlike.has(id)) {
      const seen = `The camera stands, but its picture is not much like that of the preset ${body.name} (${likeness} of 1)`
      const message = `${seen}: look whether it is there, or save it again in this light.`
      this.deps.record({
        type: 'preset.unlike',
        severity: 'warning',
        message,
        data: { camera: body.camera, preset: id, likeness },
      })
    }
    this.unlike.add(id)
    return { likeness }
  }

  /** By position first: it is right also where somebody has changed what the camera keeps. */
  private ways(head: Head, { body: { name, position, own, lost } }: StoredPreset): Target[] {
    const byPosition = position && head.capabilities.absolute ? [{ position }] : []
    const byToken = own && !lost ? [{ position, token: own.token }] : []
    const ways = [...byPosition, ...byToken]
    if (ways.length > 0) return ways
    throw new VistterError('PTZ_PRESET_MISSING', `The camera has lost its preset ${name}.`)
  }

  /** It stands there now: the one moment at which the camera can keep it again. */
  private async keepAnew(head: Head, { id, body }: StoredPreset): Promise<void> {
    const own = await keepOnCamera(head, body.name).catch(() => undefined) // its position is enough
    if (own) await this.deps.shelf.change(id, ({ lost: _, ...rest }) => ({ ...rest, own }))
  }

  private async goAfterwards(id: string, by: Controller, override: boolean): Promise<void> {
    const { shelf, record } = this.deps
    const preset = shelf.find(id)
    if (!preset) return
    const { name, camera } = preset.body
    const data = { camera, preset: id }
    try {
      const { arrived, ms, error, pending } = await this.go(preset, by, { override })
      if (pending) return
      if (!arrived) throw new Error(error?.detail)
      const message = `The camera is back, and went to the preset ${name}.`
      record({ type: 'preset.arrived', severity: 'info', message, actor: by.name, data: { ...data, ms } })
    } catch (thrown) {
      const why = thrown instanceof Error ? thrown.message : ''
      const message = `The camera is back, and did not go to the preset ${name}: ${why}`
      record({ type: 'preset.failed', severity: 'warning', message, actor: by.name, data })
    }
  }
}
