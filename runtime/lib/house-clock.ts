import type { Clock } from './clock.ts'

/** From `from` on (UTC ms by this clock) the wall clock is so much ahead of it (ms). */
interface Step {
  from: number
  off: number
}

/** What must outlive a process, for the next one to count as it did. */
export interface KeptHouse {
  /** Of which life of the machine `ahead` is: its monotonic clock begins anew with each. */
  boot: string
  /** By how much (ms) it is ahead of the monotonic clock. */
  ahead: number
  /** The wall clock was known to be right when `ahead` was taken. */
  settled: boolean
  steps: Step[]
}

/** Both clocks are read in ms, one after the other: so little is no step. */
const HAIR = 2
/** What drifts for months is set again and again: of the steps that are too many the least give way. */
const MOST = 100

/** Without the step in which the wall clock was set by the least: what people were told moves by no more than that. The last says how it is now. */
function withoutLeast(steps: readonly Step[]): Step[] {
  const by = steps.slice(0, -1).map(({ off }, n) => Math.abs(off - (steps[n - 1]?.off ?? 0)))
  return steps.toSpliced(by.indexOf(Math.min(...by)), 1)
}

const lastOf = (steps: readonly Step[]): number => steps.at(-1)?.off ?? 0

/**
 * The time by which shows are counted: the wall clock's when it was taken, and never set since. So setting the machine's
 * clock moves no cue; it is only told by other numbers to people, and `of` and `told` translate. Every process that counts
 * by the same `ahead` counts alike, whenever it was started.
 */
export class HouseClock implements Clock {
  private state: KeptHouse
  private readonly earlier: Step[]
  private readonly clock: Clock

  constructor(clock: Clock, kept?: KeptHouse, boot = '') {
    this.clock = clock
    const { steps = [] } = kept ?? {}
    this.earlier = steps
    // In another life of the machine it goes on where it was beside the wall clock: what is kept was counted by it.
    const anew = { boot, ahead: this.wallAhead() - lastOf(steps), settled: false, steps }
    this.state = kept && boot !== '' && kept.boot === boot ? kept : anew
  }

  now(): number {
    return this.state.ahead + this.clock.mono()
  }

  mono(): number {
    return this.clock.mono()
  }

  /** By how much (ms) it is ahead of the monotonic clock. */
  get ahead(): number {
    return this.state.ahead
  }

  get kept(): KeptHouse {
    this.look()
    return this.state
  }

  /** The wall clock was known to be right in this life of the machine. */
  get settled(): boolean {
    return this.state.settled
  }

  /** By how much the wall clock is ahead of it now (ms). */
  get off(): number {
    this.look()
    return lastOf(this.state.steps)
  }

  /** A moment of the wall clock, as people and other systems say it, by this one. */
  of(wall: number): number {
    return wall - this.off
  }

  /** A moment of this clock, as the wall clock had or will have it: what was told once stays so, however it is set later. */
  told(at: number): number {
    this.look()
    return at + (this.state.steps.findLast(({ from }) => from <= at)?.off ?? 0)
  }

  /** The wall clock is right now. `free`: nothing was begun by this clock in this life of the machine. */
  settle(free: boolean): void {
    if (this.state.settled) return
    if (free) this.state = { ...this.state, steps: this.earlier, ahead: this.wallAhead() - lastOf(this.earlier) }
    this.state = { ...this.state, settled: true }
  }

  /** It is the wall clock again. Only where nothing is counted by it: what is would move. */
  follow(): void {
    this.state = { ...this.state, ahead: this.wallAhead(), steps: [] }
  }

  private look(): void {
    const { steps } = this.state
    const off = this.clock.now() - this.now()
    if (Math.abs(off - lastOf(steps)) < HAIR) return
    const all = [...steps, { from: this.now(), off: Math.round(off) }]
    this.state = { ...this.state, steps: all.length > MOST ? withoutLeast(all) : all }
  }

  private wallAhead(): number {
    return Math.round(this.clock.now() - this.clock.mono())
  }
}
