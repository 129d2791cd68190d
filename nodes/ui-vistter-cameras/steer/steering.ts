import type { PtzRequest } from '../../../runtime/contract/generated/openapi.v1.ts'
import { isSame, STANDS, together, type Velocity } from './velocity.ts'

/** What somebody steers with; several at once add up. */
export type Hand = 'stick' | 'keys' | 'gamepad' | 'wheel' | 'zoom'

/** A move lasts 450 ms in the appliance: two renewals may be late before it ends (ms). */
const RENEW_MS = 150
/** A stick that is dragged tells sixty places a second: more than a camera can follow (ms). */
const PACE_MS = 50
/** A slow camera answers late: renewals do not wait for it, and do not pile up either. */
const MOST_ON_THE_WAY = 3

interface Deps {
  send(request: PtzRequest): Promise<unknown>
  /** It was refused, or nobody answered: what is held is let go. */
  failed(thrown: unknown): void
  /** Whether viewers may see it move. */
  override(): boolean
}

/**
 * Moves a camera for as long as a hand holds it: what is held is sent again and again, and a stop when it is let go. When
 * the page dies instead, nothing is renewed, and the appliance stops the camera within half a second.
 */
export class Steering {
  /** The share of the camera's full speed that a full push is. */
  speed = 0.5
  private readonly hands = new Map<Hand, Velocity>()
  /** Refused: what is still held counts for nothing until it was let go. */
  private readonly refused = new Set<Hand>()
  private moves: { velocity: Velocity; at: number } | undefined
  private onTheWay = 0
  private timer: ReturnType<typeof setTimeout> | undefined
  private readonly deps: Deps

  constructor(deps: Deps) {
    this.deps = deps
  }

  /** A hand that asks for no speed has let go. */
  hold(hand: Hand, velocity: Velocity): void {
    if (isSame(velocity, STANDS)) {
      this.refused.delete(hand)
      if (this.hands.delete(hand)) this.follow()
    } else if (!this.refused.has(hand)) {
      this.hands.set(hand, velocity)
      this.follow()
    }
  }

  letGo(): void {
    this.hands.clear()
    this.refused.clear()
    this.follow()
  }

  private follow(): void {
    clearTimeout(this.timer)
    const wanted = together(this.hands.values(), this.speed)
    if (isSame(wanted, STANDS)) this.stop()
    else this.move(wanted)
  }

  private move(velocity: Velocity): void {
    const { moves } = this
    const since = moves ? performance.now() - moves.at : Number.POSITIVE_INFINITY
    const wait = (moves && isSame(moves.velocity, velocity) ? RENEW_MS : PACE_MS) - since
    if (wait <= 0 && this.onTheWay < MOST_ON_THE_WAY) {
      this.moves = { velocity, at: performance.now() }
      const override = this.deps.override()
      this.send({ move: velocity, ...(override && { override }) })
    }
    this.timer = setTimeout(() => this.follow(), wait > 0 ? wait : RENEW_MS)
  }

  private stop(): void {
    if (!this.moves) return
    this.moves = undefined
    const overtaken = this.onTheWay > 0
    this.send({ stop: true })
    // A move that is still on its way may come after the stop.
    if (overtaken) this.timer = setTimeout(() => !this.moves && this.send({ stop: true }), RENEW_MS)
  }

  private send(request: PtzRequest): void {
    this.onTheWay++
    this.deps
      .send(request)
      .catch(thrown => this.fail(thrown))
      .finally(() => {
        this.onTheWay--
      })
  }

  private fail(thrown: unknown): void {
    for (const hand of this.hands.keys()) this.refused.add(hand)
    this.hands.clear()
    this.moves = undefined
    clearTimeout(this.timer)
    this.deps.failed(thrown)
  }
}
