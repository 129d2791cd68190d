import type { Rpc } from '../../lib/rpc.ts'

/** An endless loop is told within 1.5 s: it must be gone and Node-RED back within 5 s, and the start takes most of that. */
const PING_EVERY = 250
const MISSED_WHEN_RUNNING = 5
/** Loading hundreds of node files blocks the loop on a slow box, without being a hang. */
const MISSED_WHEN_STARTING = 24

/**
 * Asks a connection for signs of life. It counts its own ticks instead of a time span: when this process was held up
 * itself (a paused machine, a busy one), it has ticked less, too, and accuses nobody.
 */
export class Liveness {
  private timer: NodeJS.Timeout | undefined
  private missed = 0
  private waiting = false
  private started = false
  private readonly hung: () => void

  constructor(hung: () => void) {
    this.hung = hung
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
  }

  private tick(rpc: Rpc): void {
    if (this.waiting) {
      this.missed++
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
}
