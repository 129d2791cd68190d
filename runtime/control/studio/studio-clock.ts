import type { Heartbeat } from '../../contract/generated/studio.v1.ts'
import type { Clock } from '../../lib/clock.ts'

/** As many heartbeats are looked at: enough for a quiet moment of the line, few enough to follow a clock that drifts. */
const LOOKED_AT = 8
/** Answered heartbeats that Studio may still tell about. */
const ANSWERED = 64

/**
 * Studio's time, told by its heartbeats, on a clock that does not step. Each one that comes in says the least by which Studio's
 * clock is ahead (it cannot have come before it was sent); each answer that Studio heard says the most. The truth lies between,
 * and over a line with the same way there and back in the middle.
 */
export class StudioClock {
  private least: number[] = []
  private most: number[] = []
  private readonly answers = new Map<string, number>()
  private readonly clock: Clock

  constructor(clock: Clock) {
    this.clock = clock
  }

  /** A heartbeat came in at `mono`. */
  heard({ studioTime, heard }: Heartbeat['data'], mono = this.clock.mono()): void {
    const answered = heard && this.answers.get(heard.command)
    if (heard && answered !== undefined) this.most = latest(this.most, Date.parse(heard.at) - answered)
    this.least = latest(this.least, Date.parse(studioTime) - mono)
    // Studio's own clock was set: what was known before says nothing any more.
    if (this.bounds.least > this.bounds.most) {
      this.least = this.least.slice(-1)
      this.most = this.most.slice(-1)
      if (this.bounds.least > this.bounds.most) this.most = []
    }
  }

  /** The ack `received` of a heartbeat left at `mono`. */
  answered(id: string, mono = this.clock.mono()): void {
    this.answers.set(id, mono)
    for (const old of [...this.answers.keys()].slice(0, -ANSWERED)) this.answers.delete(old)
  }

  get known(): boolean {
    return this.least.length > 0
  }

  /** By how much `now` may be wrong at most (ms). */
  get uncertainty(): number {
    return (this.bounds.most - this.bounds.least) / 2
  }

  /** UTC ms by Studio's clock, whole ones as the store has them; by this box's own as long as nothing else is known. */
  now(): number {
    return this.known ? Math.round(this.clock.mono() + this.ahead) : this.clock.now()
  }

  /** A moment of Studio's, in UTC ms of this box's clock. */
  here(studio: number): number {
    return studio - this.now() + this.clock.now()
  }

  private get ahead(): number {
    const { least, most } = this.bounds
    return most === Infinity ? least : (least + most) / 2
  }

  private get bounds(): { least: number; most: number } {
    return { least: Math.max(...this.least), most: Math.min(...this.most) }
  }
}

const latest = (row: number[], value: number): number[] => [...row, value].slice(-LOOKED_AT)
