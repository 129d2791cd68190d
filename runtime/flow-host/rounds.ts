import type { Declaration } from '../contract/flow.ts'
import type { Wiring } from '../contract/generated/wiring.v1.ts'
import { losesNothing, sameWiring, wiringOf } from './wiring.ts'

/** All in ms. */
export interface Settling {
  /** A round with nothing new for this long is complete, if it lost nothing. */
  quiet: number
  /** What was there before and is not declared again within this time is gone: time for a delay node on the wire. */
  patience: number
}

/**
 * One round per deploy: nodes declare anew, and what they say replaces the last wiring once it has settled. Until then the
 * last one holds, so a deploy is never seen half done; and equal wirings are told once.
 */
export class Rounds {
  private round = 0
  private declared: Declaration[] = []
  private open = false
  private settled: Wiring | undefined
  private timers: { quiet?: NodeJS.Timeout; patience?: NodeJS.Timeout } = {}
  private readonly settling: Settling
  private readonly tell: (wiring: Wiring) => void

  constructor(tell: (wiring: Wiring) => void, settling: Settling = { quiet: 150, patience: 1_000 }) {
    this.tell = tell
    this.settling = settling
  }

  get current(): number {
    return this.round
  }

  /** The last settled wiring; undefined until the first round has settled. */
  get wiring(): Wiring | undefined {
    return this.settled
  }

  begin(): number {
    this.hold()
    this.round++
    this.declared = []
    this.open = true
    this.timers.patience = setTimeout(() => this.settle(), this.settling.patience)
    this.settleWhenQuiet()
    return this.round
  }

  /** What a node of an earlier round still says no longer counts. */
  declare(declaration: Declaration): void {
    if (declaration.round !== this.round) return
    this.declared.push(declaration)
    this.settleWhenQuiet()
  }

  /** Flows are being stopped: the last wiring holds until a round that begins afterwards has settled. */
  hold(): void {
    clearTimeout(this.timers.quiet)
    clearTimeout(this.timers.patience)
    this.timers = {}
    this.open = false
  }

  private settleWhenQuiet(): void {
    clearTimeout(this.timers.quiet)
    this.timers.quiet = setTimeout(() => {
      const next = wiringOf(this.declared)
      // In an open round a loss may still be a wire that is slow; afterwards only late additions come.
      if (!this.open || (this.settled && losesNothing(this.settled, next))) this.settle()
    }, this.settling.quiet)
  }

  private settle(): void {
    this.hold()
    const next = wiringOf(this.declared)
    if (sameWiring(next, this.settled)) return
    this.settled = next
    this.tell(next)
  }
}
