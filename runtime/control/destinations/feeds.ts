import { asVistterError, VistterError } from '../../contract/errors.ts'
import type { Arrival, DestinationState, Fault, FeedSource } from '../../contract/generated/openapi.v1.ts'
import { Backoff } from '../../lib/backoff.ts'
import { sleep } from '../../lib/clock.ts'
import type { NamedPreset, Recorder, Shelf } from '../ports.ts'
import { type DestinationBody, isOnItsWay, keyOf, type Mover, type Target, targetOf } from './destination.ts'

/** What a feed needs of the cameras that move. */
export interface Aim {
  /** Undefined: there is no such camera. */
  camera(id: string): string | undefined
  /** Undefined: the camera has no such preset. */
  preset(camera: string, id: string): NamedPreset | undefined
  /** The preset at which a camera verifiably stands. */
  standsAt(camera: string): string | undefined
  /** Whether viewers of a program see it. */
  onAir(camera: string): boolean
  /** Also where viewers see it. Throws where nothing was tried. */
  go(preset: NamedPreset, by: Mover): Promise<Arrival>
}

interface Deps {
  shelf: Shelf<DestinationBody>
  aim: Aim
  changed(): Promise<void>
  record: Recorder
}

interface Journey {
  target: Target
  /** The camera is on its way at this moment. */
  turning: boolean
  error?: Fault
  ending: AbortController
  woken: AbortController
}

const ITSELF: Mover = { kind: 'system', name: 'The appliance', insists: false }
const RETRY = { first: 2_000, max: 30_000, jitter: 0.2, healthyAfter: 60_000 }

/**
 * Destinations that carry a camera as it looks at one of its presets: it is brought there, and only when it verifiably stands
 * does anything go out. One journey for all that want the same; it is tried until it succeeds or nobody wants it any more.
 */
export class Feeds {
  private readonly journeys = new Map<string, Journey>()
  private readonly deps: Deps

  constructor(deps: Deps) {
    this.deps = deps
  }

  /** Cameras and presets that a feed names have to be there. */
  check(source: FeedSource | undefined): void {
    if (!source) return
    const { camera, preset } = source
    if (this.deps.aim.camera(camera) === undefined) throw unknown(`There is no camera ${camera}.`)
    if (preset !== undefined) this.preset({ camera, preset })
  }

  /** Throws where somebody else needs the camera to look elsewhere, or would see it move. */
  admit(id: string, body: DestinationBody): void {
    const target = targetOf(body)
    if (!target) return
    const { aim } = this.deps
    const rival = this.started().find(
      other => other.id !== id && other.target.camera === target.camera && other.target.preset !== target.preset,
    )
    if (rival) {
      const camera = aim.camera(target.camera) ?? target.camera
      const detail = `The camera ${camera} looks at ${this.nameOf(rival.target)} for ${rival.name}, and cannot look elsewhere at the same time.`
      throw new VistterError('PRESET_CONFLICT', detail, { destination: rival.id, preset: rival.target.preset })
    }
    if (this.seenMoving(target, body.mover, id)) throw onAir(aim.camera(target.camera))
  }

  /** Begins the journeys that are wanted, and gives up those that are not. */
  follow(): void {
    const wanted = new Map(this.onTheirWay().map(({ target }) => [keyOf(target), target]))
    for (const [key, journey] of this.journeys) {
      if (wanted.has(key)) continue
      this.journeys.delete(key)
      journey.ending.abort()
    }
    for (const [key, target] of wanted) if (!this.journeys.has(key)) this.begin(key, target)
  }

  stop(): void {
    for (const { ending } of this.journeys.values()) ending.abort()
    this.journeys.clear()
  }

  /** What keeps it from showing what it is to show; nothing when it does. */
  journey(body: DestinationBody): Pick<DestinationState, 'moving' | 'error'> {
    const target = targetOf(body)
    const journey = target && isOnItsWay(body) && this.journeys.get(keyOf(target))
    if (!target || !journey) return {}
    const { preset } = target
    const moving = { preset, name: this.nameOf(target) }
    return { moving, ...(journey.error && { error: journey.error }) }
  }

  /** Whether its viewers would see its camera turn now. */
  turns(body: DestinationBody): boolean {
    const target = targetOf(body)
    const journey = target && isOnItsWay(body) ? this.journeys.get(keyOf(target)) : undefined
    return (journey?.turning ?? false) && body.showing?.camera === target?.camera
  }

  /** It may look elsewhere than when it went away: a camera that restarts looks home. */
  returned(camera: string): void {
    const { aim } = this.deps
    for (const journey of this.journeys.values()) if (journey.target.camera === camera) journey.woken.abort()
    const there = this.started().find(
      ({ target }) => target.camera === camera && aim.standsAt(camera) === target.preset,
    )
    const preset = there && aim.preset(camera, there.target.preset)
    if (!preset || this.journeys.has(keyOf(there.target))) return
    // Who keeps it from getting there is told by the activity log of the cameras, and seen in the picture.
    void aim.go(preset, there.mover).catch(() => {})
  }

  private begin(key: string, target: Target): void {
    const journey: Journey = { target, turning: false, ending: new AbortController(), woken: new AbortController() }
    this.journeys.set(key, journey)
    void this.travel(journey).finally(() => {
      if (this.journeys.get(key) === journey) this.journeys.delete(key)
    })
  }

  private async travel(journey: Journey): Promise<void> {
    const { changed } = this.deps
    const { signal } = journey.ending
    const backoff = new Backoff(RETRY)
    while (!signal.aborted) {
      journey.woken = new AbortController()
      const error = await this.tried(journey)
      if (signal.aborted) return
      if (!error) return this.arrived(journey.target)
      if (error.code !== journey.error?.code) this.tell(journey.target, error)
      journey.error = error
      await changed()
      await sleep(backoff.next(0), AbortSignal.any([signal, journey.woken.signal]))
    }
  }

  /** Undefined: it stands there. */
  private async tried(journey: Journey): Promise<Fault | undefined> {
    const { camera, preset } = journey.target
    const { aim, changed } = this.deps
    try {
      const named = this.preset({ camera, preset })
      const waiting = this.onTheirWay().filter(({ target }) => keyOf(target) === keyOf({ camera, preset }))
      const mover = waiting.find(one => one.mover.insists)?.mover ?? waiting[0]?.mover ?? ITSELF
      if (this.seenMoving({ camera, preset }, mover)) throw onAir(aim.camera(camera))
      journey.turning = true
      // Whoever sees it sees its last picture before it begins.
      if (waiting.some(({ body }) => this.turns(body))) await changed()
      const { error } = await aim.go(named, mover)
      return error
    } catch (thrown) {
      return asVistterError(thrown).fault
    } finally {
      journey.turning = false
    }
  }

  private async arrived(target: Target): Promise<void> {
    const { shelf, changed, record } = this.deps
    const { camera, preset } = target
    for (const { id, name } of this.onTheirWay().filter(one => keyOf(one.target) === keyOf(target))) {
      const writing = shelf.write(id, present => {
        if (!present) throw unknown(`There is no destination ${id}.`)
        const { body } = present
        const now = targetOf(body)
        return { body: now && keyOf(now) === keyOf(target) ? { ...body, showing: { camera, preset } } : body }
      })
      await writing.catch(() => {}) // deleted on the way
      const message = `The camera stands at ${this.nameOf(target)}: ${name} shows it.`
      record({ type: 'destination.aimed', severity: 'info', message, data: { destination: id, camera, preset } })
    }
    await changed()
  }

  private tell(target: Target, { code, detail }: Fault): void {
    for (const { id, name } of this.onTheirWay().filter(one => keyOf(one.target) === keyOf(target))) {
      const message = `${name} waits for its camera: ${detail}`
      this.deps.record({
        type: 'destination.waits',
        severity: 'warning',
        message,
        data: { destination: id, ...target, code },
      })
    }
  }

  /** Whether viewers of something else would see it go there. */
  private seenMoving({ camera, preset }: Target, mover = ITSELF, but?: string): boolean {
    const { aim, shelf } = this.deps
    if (mover.insists || aim.standsAt(camera) === preset) return false
    const asItStands = shelf.list().some(({ id, body: { started, source } }) => {
      return id !== but && started && source?.camera === camera && source.preset === undefined
    })
    return asItStands || aim.onAir(camera)
  }

  private preset({ camera, preset }: Target): NamedPreset {
    const { aim } = this.deps
    const found = aim.preset(camera, preset)
    if (found) return found
    throw unknown(`The camera ${aim.camera(camera) ?? camera} has no preset ${preset}.`)
  }

  private nameOf({ camera, preset }: Target): string {
    return this.deps.aim.preset(camera, preset)?.name ?? preset
  }

  private started() {
    return this.deps.shelf.list().flatMap(({ id, body }) => {
      const target = targetOf(body)
      const { name, mover = ITSELF } = body
      return body.started && target ? [{ id, name, target, mover, body }] : []
    })
  }

  private onTheirWay() {
    return this.started().filter(({ body }) => isOnItsWay(body))
  }
}

const unknown = (detail: string) => new VistterError('UNKNOWN_REFERENCE', detail)

const onAir = (camera: string | undefined) =>
  new VistterError('PTZ_ON_AIR', `The camera ${camera} is on air: viewers would see it move.`)
