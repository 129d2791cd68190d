import { type Clock, sleep } from '../../lib/clock.ts'
import type { NamedPreset } from '../ports.ts'

/** How long before its moment a take is decided about (ms): what is on air then may be another thing than now. */
const DECIDED_BEFORE = 300
const LOOK = 50

/** A take on its way: it waits for its moment, then it is the one of its program. */
export interface Ticket {
  program: string
  /** UTC ms. */
  at: number
  /** Absent: it sends no camera anywhere. */
  preset?: NamedPreset | undefined
  readonly ending: AbortController
}

/** The takes of all programs that are not over yet: one at a time is carried out in each, and a newer one ends it at its own moment. */
export class ShotQueue {
  private readonly waiting = new Set<Ticket>()
  private readonly running = new Map<string, Ticket>()
  private readonly clock: Clock

  constructor(clock: Clock) {
    this.clock = clock
  }

  /** Ends those that wait for the same moment or a later one: the newest decision about a moment holds. */
  join(program: string, at = 0, preset?: NamedPreset): Ticket {
    const ticket = { program, at, preset, ending: new AbortController() }
    for (const other of this.waiting)
      if (other.program === program && at <= other.at) {
        other.ending.abort()
        this.waiting.delete(other)
      }
    this.waiting.add(ticket)
    return ticket
  }

  /** Until shortly before its moment. */
  async moment({ at, ending }: Ticket): Promise<void> {
    const left = at - this.clock.now() - DECIDED_BEFORE
    if (left > 0) await sleep(left, ending.signal)
  }

  /** Likewise, as long as another one is carried out. */
  async others({ program, at, ending: { signal } }: Ticket): Promise<void> {
    const left = () => at - this.clock.now() - DECIDED_BEFORE
    while (this.running.has(program) && !signal.aborted && left() > 0) await sleep(Math.min(LOOK, left()), signal)
  }

  /** Its moment has come: the one before it is over. */
  begin(ticket: Ticket): void {
    this.waiting.delete(ticket)
    this.running.get(ticket.program)?.ending.abort()
    this.running.set(ticket.program, ticket)
  }

  isCurrent(ticket: Ticket): boolean {
    return this.running.get(ticket.program) === ticket
  }

  leave(ticket: Ticket): void {
    this.waiting.delete(ticket)
    if (this.isCurrent(ticket)) this.running.delete(ticket.program)
  }

  /** Whether a camera is on its way somewhere else. */
  needsElsewhere({ id, camera }: NamedPreset): boolean {
    const all = [...this.waiting, ...this.running.values()]
    return all.some(({ preset }) => preset?.camera === camera && preset.id !== id)
  }

  stop(): void {
    for (const { ending } of [...this.waiting, ...this.running.values()]) ending.abort()
    this.waiting.clear()
    this.running.clear()
  }
}
