import { readFileSync } from 'node:fs'
import type { Rpc } from '../../lib/rpc.ts'

/** An endless loop is told within 1.5 s: it must be gone and Node-RED back within 5 s, and the start takes most of that (ticks). */
const PING_EVERY = 250
const MISSED_WHEN_RUNNING = 5
/** Loading hundreds of node files blocks the loop on a slow box, without being a hang. */
const MISSED_WHEN_STARTING = 24
/** What a tick counts in which the process hardly ran: it may be blocked, or the machine so busy that it got no turn. */
const LEAST = 0.2

/**
 * Asks a connection for signs of life. It counts its own ticks instead of a time span: when this process was held up
 * itself (a paused machine, a busy one), it has ticked less, too, and accuses nobody. And a tick counts by how much of it
 * the process ran: an endless loop runs all the time, while one that gets no turn would be killed at every start.
 */
export class Liveness {
  private timer: NodeJS.Timeout | undefined
  private missed = 0
  private waiting = false
  private started = false
  private ranMs: number | undefined
  private readonly hung: () => void
  private readonly ran: () => number | undefined

  /** `ran`: for how long (ms) the process has run on a processor; undefined where the system does not tell. */
  constructor(hung: () => void, ran: () => number | undefined) {
    this.hung = hung
    this.ran = ran
  }

  /** From now on the shorter patience counts. */
  ready(): void {
    this.started = true
  }

  watch(rpc: Rpc): void {
    this.stop()
    this.timer = setInterval(() => this.tick(rpc), PING_EVERY)
  }

  stop(): void {
    clearInterval(this.timer)
    this.missed = 0
    this.waiting = false
    this.started = false
    this.ranMs = undefined
  }

  private tick(rpc: Rpc): void {
    const share = this.share()
    if (this.waiting) {
      this.missed += share
      if (this.missed < (this.started ? MISSED_WHEN_RUNNING : MISSED_WHEN_STARTING)) return
      this.stop()
      this.hung()
      return
    }
    this.waiting = true
    const answered = () => {
      this.waiting = false
      this.missed = 0
    }
    // A lost connection is the supervisor's affair: the process has ended, or is about to.
    rpc.sendRequest('ping').then(answered, answered)
  }

  /** How much of the last tick the process ran, 0.2 to 1. */
  private share(): number {
    const before = this.ranMs
    this.ranMs = this.ran()
    if (before === undefined || this.ranMs === undefined) return 1
    return Math.min(1, Math.max(LEAST, (this.ranMs - before) / PING_EVERY))
  }
}

/** For how long (ms) the main thread of a process has run (proc(5), schedstat). */
export function ranFor(pid: number | undefined): number | undefined {
  try {
    return Number(readFileSync(`/proc/${pid}/schedstat`, 'utf8').split(' ')[0]) / 1e6
  } catch {
    return undefined
  }
}
