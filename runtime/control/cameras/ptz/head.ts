import { VistterError } from '../../../contract/errors.ts'
import type { Stillness } from '../../../contract/generated/engine.v1.ts'
import type { PtzState } from '../../../contract/generated/openapi.v1.ts'
import { type Clock, rfc3339, within } from '../../../lib/clock.ts'
import { arrival, superseded } from './arrival.ts'
import { apart, Connection } from './connection.ts'
import type { PtzCapabilities, PtzDriver, PtzPosition, PtzVelocity } from './driver.ts'
import { NEAR } from './evidence.ts'
import { type Controller, Lease } from './lease.ts'
import { Motion } from './motion.ts'

/** Where to go: by a token of the camera, else to a position. Both: the token leads to that position. */
export interface Target {
  token?: string | undefined
  position?: PtzPosition | undefined
  /** The preset that this is. */
  preset?: string
}

interface Way {
  from: PtzPosition | undefined
  since: number
  signal: AbortSignal
}

/** A clean stop of the appliance waits no longer for a camera. */
const LAST_WORD_MS = 1_000

interface Deps {
  driver: PtzDriver
  clock: Clock
  /** Whether its picture stands; empty where that is not known. */
  picture(): Promise<Stillness>
  changed(): void
  returned(): void
}

/** What can be moved of one camera: who moves it, where it is, and where it was sent. */
export class Head {
  private readonly connection: Connection
  private readonly lease = new Lease()
  private readonly motion: Motion
  private journey = new AbortController()
  private arrived: { preset: string; position: PtzPosition | undefined } | undefined
  /** The preset it goes to when it is back, and how. Anything else that it is told ends the wish. */
  private wish: { preset: string; fulfil: () => void } | undefined
  private readonly deps: Deps

  constructor(deps: Deps) {
    const { driver, clock, changed, returned } = deps
    this.deps = deps
    this.connection = new Connection({ driver, clock, changed, returned })
    const moved = {
      move: (velocity: PtzVelocity) => this.ask(camera => camera.move(velocity)),
      stop: () => this.ask(camera => camera.stop()),
    }
    // It stands in the state why it did not get through, and the camera stops by itself.
    this.motion = new Motion(moved, clock, () => changed())
  }

  follow(): Promise<void> {
    return this.connection.follow()
  }

  /** Nothing goes on moving that nobody steers any more. */
  async stop(): Promise<void> {
    this.begin()
    // Without an answer the camera stops by itself within a second.
    if (this.motion.active) await within(LAST_WORD_MS, 'no answer', this.motion.stop()).catch(() => {})
    this.connection.stop()
  }

  state(): PtzState {
    const { reachable, position, moving, error } = this.connection
    const { clock } = this.deps
    const held = this.lease.holder(clock.mono())
    return {
      reachable,
      moving,
      currentPreset: this.currentPreset,
      ...(position && { position }),
      ...(held && { heldBy: held.by.name, heldUntil: this.wallTime(held.until) }),
      ...(this.wish && { pending: this.wish.preset }),
      ...(error && { error: error.fault }),
    }
  }

  get reachable(): boolean {
    return this.connection.reachable
  }

  get capabilities(): PtzCapabilities {
    return this.deps.driver.capabilities
  }

  retry(): void {
    this.connection.retry()
  }

  ask<T>(work: (driver: PtzDriver) => Promise<T>): Promise<T> {
    return this.connection.ask(work)
  }

  async moveBy(by: Controller, velocity: PtzVelocity): Promise<void> {
    this.take(by)
    this.begin()
    await this.motion.move(velocity)
    this.connection.commanded()
  }

  async halt(by: Controller): Promise<void> {
    this.take(by)
    this.begin()
    await this.motion.stop()
    this.connection.commanded()
  }

  /** Answers as soon as the camera has begun; `arrival` settles as that of arrival() does. */
  async go(by: Controller, target: Target): Promise<{ arrival: Promise<PtzPosition | undefined> }> {
    this.take(by)
    const { signal } = this.begin()
    if (this.motion.active) await this.motion.stop()
    if (signal.aborted) throw superseded()
    const { token, position } = target
    const { position: from } = this.connection
    const since = this.deps.clock.mono()
    void this.picture() // what is seen from now on is compared with now
    await this.ask(driver => {
      if (token !== undefined) return driver.recall(token)
      if (position) return driver.goTo(position)
      throw new VistterError('PTZ_PRESET_MISSING', 'Neither the camera nor the appliance knows where it is.')
    })
    this.connection.commanded()
    const arriving = this.arrive(by, target, { from, since, signal })
    arriving.catch(() => {}) // whoever waits for it is told
    return { arrival: arriving }
  }

  /** To go to a preset when the camera is back. */
  later(preset: string, fulfil: () => void): void {
    this.begin()
    this.wish = { preset, fulfil }
    this.deps.changed()
  }

  /** The camera is back: what was wanted of it meanwhile is done. */
  fulfil(): void {
    const { wish } = this
    this.wish = undefined
    wish?.fulfil()
  }

  /** A preset is no more, or is another place now. */
  forget(preset: string): void {
    if (this.wish?.preset === preset) this.wish = undefined
    if (this.arrived?.preset === preset) this.arrived = undefined
  }

  /** It stands where it was just saved. */
  standsAt(preset: string, position: PtzPosition | undefined): void {
    this.arrived = { preset, position }
    // What is remembered of its place may be older than that.
    this.connection.heard(position, false)
  }

  private get currentPreset(): string | null {
    const { position, moving } = this.connection
    const { arrived } = this
    if (!arrived || moving) return null
    const left = position && arrived.position && apart(position, arrived.position) > 2 * NEAR
    return left ? null : arrived.preset
  }

  private async arrive(by: Controller, target: Target, way: Way): Promise<PtzPosition | undefined> {
    const { signal } = way
    const { clock, changed } = this.deps
    const position = await arrival({
      target: target.position,
      ...way,
      clock,
      ask: work => this.ask(work),
      picture: () => this.picture(),
      heard: (place, moving) => this.connection.heard(place, moving),
    })
    if (signal.aborted) throw superseded()
    this.lease.ask(by, clock.mono())
    // Whoever saved a preset at this place meanwhile stays right.
    if (target.preset !== undefined) this.arrived = { preset: target.preset, position }
    changed()
    return position
  }

  /** Nothing that the camera does depends on it, so it never fails. */
  private picture(): Promise<Stillness> {
    return this.deps.picture().catch(() => ({}))
  }

  private take(by: Controller): void {
    const { clock } = this.deps
    const answer = this.lease.ask(by, clock.mono())
    if (answer.granted) return
    const until = this.wallTime(answer.until)
    const seconds = Math.ceil((answer.until - clock.mono()) / 1_000)
    throw new VistterError('PTZ_HELD', `The camera is held by ${answer.by.name}, for ${seconds} s more.`, {
      heldBy: answer.by.name,
      heldUntil: until,
    })
  }

  /** Something new: what was under way before is over. */
  private begin(): AbortController {
    this.journey.abort()
    this.journey = new AbortController()
    this.arrived = undefined
    this.wish = undefined
    return this.journey
  }

  private wallTime(mono: number): string {
    const { clock } = this.deps
    return rfc3339(clock.now() + mono - clock.mono())
  }
}
