import { asVistterError, type ErrorCode, VistterError } from '../../../contract/errors.ts'
import { Backoff } from '../../../lib/backoff.ts'
import { type Clock, sleep } from '../../../lib/clock.ts'
import type { PtzDriver, PtzPosition } from './driver.ts'

/** How often a camera that stands is asked where it looks, and one that moves (ms). */
const STANDING_MS = 5_000
const MOVING_MS = 250
/** A camera takes a moment to begin: so long after a command it is looked at as one that moves (ms). */
const BEGINS_MS = 2_000
/** Nearer than this, two places are one. */
const STILL = 0.001

const RETRY = { first: 1_000, max: 30_000, jitter: 0.2, healthyAfter: 60_000 }

/** What a camera without a connection says; everything else comes from one that is there. */
const LOST: ErrorCode[] = ['PTZ_UNREACHABLE', 'PTZ_TIMEOUT', 'PTZ_AUTH', 'PTZ_NOT_ONVIF', 'PTZ_NO_FLOW']

const isLost = (thrown: unknown): boolean => thrown instanceof VistterError && LOST.includes(thrown.code)

interface Deps {
  driver: PtzDriver
  clock: Clock
  /** What is known of it has changed. */
  changed(): void
  /** It is there, for the first time or again. */
  returned(): void
  random?: () => number
}

/** The connection to one camera: made when needed, kept, made anew; and what the camera said last. */
export class Connection {
  position: PtzPosition | undefined
  moving = false
  reachable = false
  error: VistterError | undefined
  private connecting: Promise<void> | undefined
  private readonly ending = new AbortController()
  private woken = new AbortController()
  private commandedAt = -Infinity
  private readonly backoff: Backoff
  private readonly deps: Deps

  constructor(deps: Deps) {
    this.deps = deps
    this.backoff = new Backoff(RETRY, deps.random)
  }

  /** Follows the camera until stop(). */
  async follow(): Promise<void> {
    while (!this.ending.signal.aborted) {
      const wait = this.reachable ? await this.look() : await this.connect()
      this.woken = new AbortController()
      await sleep(wait, AbortSignal.any([this.woken.signal, this.ending.signal]))
    }
  }

  stop(): void {
    this.ending.abort()
  }

  /** Asks the camera for something. Without a connection it fails at once, with why the last try did. */
  async ask<T>(work: (driver: PtzDriver) => Promise<T>): Promise<T> {
    if (!this.reachable) await this.connecting
    if (!this.reachable) throw this.error ?? new VistterError('PTZ_UNREACHABLE', 'The camera has not been reached yet.')
    try {
      return await work(this.deps.driver)
    } catch (thrown) {
      if (isLost(thrown)) this.lost(thrown)
      throw asVistterError(thrown)
    }
  }

  /** Something was told to move: look now, and often. */
  commanded(): void {
    this.commandedAt = this.deps.clock.mono()
    this.woken.abort()
  }

  /** What stood between it and us may be gone: look now, however often that was in vain. */
  retry(): void {
    this.backoff.reset()
    this.woken.abort()
  }

  /** What somebody else has just heard from it. */
  heard(position: PtzPosition | undefined, moving: boolean): void {
    const changed = moving !== this.moving || !isSamePlace(position, this.position)
    this.position = position
    this.moving = moving
    if (changed) this.deps.changed()
  }

  private async connect(): Promise<number> {
    const { driver } = this.deps
    this.connecting = driver.connect(this.ending.signal).then(
      () => this.found(),
      thrown => this.lost(thrown),
    )
    await this.connecting
    return this.reachable ? 0 : this.pause()
  }

  /** Some cameras lock out whoever is wrong three times in a row: those are given time. */
  private pause(): number {
    return this.error?.code === 'PTZ_AUTH' ? RETRY.max : this.backoff.next(0)
  }

  private found(): void {
    this.reachable = true
    this.error = undefined
    this.backoff.reset()
    this.deps.changed()
    this.deps.returned()
  }

  private lost(thrown: unknown): void {
    this.reachable = false
    this.moving = false
    this.position = undefined
    this.error = asVistterError(thrown)
    this.woken.abort()
    this.deps.changed()
  }

  /** Answers after how long to look again. */
  private async look(): Promise<number> {
    const before = this.position
    try {
      const position = await this.ask(placeOf)
      const moving = await this.ask(driver => driver.moving())
      this.error = undefined
      this.heard(position, moving ?? (before !== undefined && !isSamePlace(before, position)))
    } catch (thrown) {
      // Nonsense once in a while is no reason to give a camera up.
      this.error = asVistterError(thrown)
    }
    if (!this.reachable) return this.pause()
    const busy = this.moving || this.deps.clock.mono() - this.commandedAt < BEGINS_MS
    return busy ? MOVING_MS : STANDING_MS
  }
}

/** Undefined: the camera does not say. */
export async function placeOf(driver: PtzDriver): Promise<PtzPosition | undefined> {
  try {
    return await driver.position()
  } catch (thrown) {
    if (thrown instanceof VistterError && thrown.code === 'PTZ_UNSUPPORTED') return undefined
    throw thrown
  }
}

const isSamePlace = (one: PtzPosition | undefined, other: PtzPosition | undefined): boolean =>
  one === other || (one !== undefined && other !== undefined && apart(one, other) <= STILL)

/** How far two places are apart, in the axis where they are furthest. */
export const apart = (one: PtzPosition, other: PtzPosition): number =>
  Math.max(Math.abs(one.pan - other.pan), Math.abs(one.tilt - other.tilt), Math.abs(one.zoom - other.zoom))
