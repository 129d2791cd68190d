import { type Clock, rfc3339 } from '../../../lib/clock.ts'
import type { Recorder } from '../../ports.ts'

interface Deps {
  clock: Clock
  /** When the appliance was there last (UTC ms); undefined: never before. */
  lookedAt(): number | undefined
  /** It was found right since the machine was switched on: whoever sets it back now means it. */
  settled?: boolean
  /** Somebody has set the clock. */
  stepped(): void
  record: Recorder
}

/** No appliance is older (1 January 2025). A box whose battery is empty wakes up in 1970. */
const FLOOR = 1_735_689_600_000
/** What a clock may lose without being doubted (ms). */
const SLACK = 120_000
/** What is no drift any more (ms). */
const STEP = 1_000
/** So long the network's time is waited for (ms): one that was not connected then goes by what the clock says. */
const PATIENCE = 60_000
const EVERY = 500

/**
 * Whether what the clock says can be the time. A box without a battery wakes up at the time when it was switched off, or in
 * 1970, and is set by the network soon after; until then it must not start yesterday's show.
 */
export class WallClock {
  private timer: NodeJS.Timeout | undefined
  private readonly waiting = new Set<() => void>()
  private readonly born: number
  private readonly last: number | undefined
  private ahead: number
  private trusted: boolean
  private readonly deps: Deps

  constructor(deps: Deps) {
    const { clock } = deps
    this.deps = deps
    this.born = clock.mono()
    this.ahead = clock.now() - clock.mono()
    this.last = deps.lookedAt()
    const since = deps.settled ? 0 : (this.last ?? 0)
    this.trusted = clock.now() >= Math.max(FLOOR, since - SLACK)
  }

  start(): void {
    if (!this.trusted) this.doubt()
    this.timer = setInterval(() => this.look(), EVERY)
  }

  stop(): void {
    clearInterval(this.timer)
  }

  /** Schedules go by it. */
  get isTrusted(): boolean {
    return this.trusted
  }

  /** `then` runs once it is trusted, or nobody has set it for a minute: at once, where that is so. */
  settled(then: () => void): void {
    if (this.trusted) then()
    else this.waiting.add(then)
  }

  private look(): void {
    const { clock, stepped } = this.deps
    const ahead = clock.now() - clock.mono()
    const isSet = Math.abs(ahead - this.ahead) > STEP
    this.ahead = ahead
    const late = clock.mono() - this.born >= PATIENCE
    if (!this.trusted) this.trusted = clock.now() >= FLOOR && (isSet || late)
    if (this.trusted || late) this.settle()
    if (isSet) stepped()
  }

  private settle(): void {
    const all = [...this.waiting]
    this.waiting.clear()
    for (const then of all) then()
  }

  private doubt(): void {
    const { clock, record } = this.deps
    const before = this.last === undefined ? '' : `, and it ran at ${rfc3339(this.last)} already`
    const message = `The clock of this box says ${rfc3339(clock.now())}${before}: shows wait until the network has set it, a minute at the most.`
    record({ type: 'clock.doubtful', severity: 'warning', message, data: { now: rfc3339(clock.now()) } })
  }
}
