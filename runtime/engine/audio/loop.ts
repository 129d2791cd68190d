import { close, read } from 'node:fs'
import { promisify } from 'node:util'
import type { Clock } from '../../lib/clock.ts'
import type { Arena } from '../memory/arena.ts'
import { allocRing, Ring, type RingLayout, releaseRing, SAMPLE_RATE } from '../memory/ring.ts'
import type { Pcm } from './decode.ts'

const FILL_EVERY_MS = 250
/** The ring is kept full for so long ahead: what the main thread or the disk may be busy with meanwhile. */
const AHEAD_MS = 2_000
const CIRCLE = 4 * SAMPLE_RATE
const PAIR = 4

const readInto = promisify(read)

/** Samples in a file as endless sound in a ring, whose own time is the monotonic clock: one end joins the other on the sample. */
export class Loop {
  readonly layout: RingLayout
  private readonly ring: Ring
  private readonly arena: Arena
  private readonly clock: Clock
  private readonly pcm: Pcm
  private readonly begun: number
  private timer: NodeJS.Timeout | undefined
  private filling = false
  private stopped = false
  /** The pair of the file that comes next. */
  private position = 0

  /**
   * Owns `pcm` from here on. Resolves when the ring is full; rejects, having given everything back, where it cannot be.
   * `failed` is called at most once, when the file cannot be read any more: what is in the ring is its last sound.
   */
  static async begin(pcm: Pcm, arena: Arena, clock: Clock, failed: (error: Error) => void): Promise<Loop> {
    let loop: Loop | undefined
    try {
      loop = new Loop(pcm, arena, clock)
      await loop.fill()
    } catch (error) {
      if (loop) loop.stop()
      else close(pcm.fd, () => {})
      throw error
    }
    loop.keep(failed)
    return loop
  }

  private constructor(pcm: Pcm, arena: Arena, clock: Clock) {
    this.pcm = pcm
    this.arena = arena
    this.clock = clock
    // A ring has pictures; this one's is as small as there is.
    this.layout = allocRing(arena, { width: 2, height: 2, slots: 1, audioFrames: CIRCLE })
    this.ring = new Ring(arena.memory, this.layout)
    this.begun = clock.mono()
    this.ring.audioStart = this.begun * 1_000
  }

  /** When no mixer touches its ring any more. What is just being read still goes there, so the ring goes after it. */
  stop(): void {
    clearInterval(this.timer)
    this.stopped = true
    if (!this.filling) this.release()
  }

  private keep(failed: (error: Error) => void): void {
    this.timer = setInterval(() => {
      this.fill().catch((error: Error) => {
        clearInterval(this.timer)
        if (!this.stopped) failed(error)
      })
    }, FILL_EVERY_MS)
  }

  private release(): void {
    close(this.pcm.fd, () => {})
    releaseRing(this.arena, this.layout)
  }

  /** The disk may take its time, but not that of this thread. */
  private async fill(): Promise<void> {
    if (this.filling) return
    this.filling = true
    try {
      await this.catchUp()
    } finally {
      this.filling = false
      if (this.stopped) this.release()
    }
  }

  private async catchUp(): Promise<void> {
    const { ring, pcm } = this
    const wanted = Math.round(((this.clock.mono() - this.begun + AHEAD_MS) * SAMPLE_RATE) / 1_000)
    const missed = wanted - ring.audioHead - CIRCLE
    if (missed > 0) this.advance(missed)
    while (ring.audioHead < wanted && !this.stopped) {
      const at = ring.audioHead % CIRCLE
      const some = Math.min(wanted - ring.audioHead, CIRCLE - at, pcm.pairs - this.position)
      const to = this.layout.audio + at * PAIR
      const { bytesRead } = await readInto(pcm.fd, ring.bytes, to, some * PAIR, this.position * PAIR)
      if (bytesRead < some * PAIR) throw new Error('its samples end too early')
      this.advance(some)
    }
  }

  private advance(pairs: number): void {
    this.position = (this.position + pairs) % this.pcm.pairs
    this.ring.publishAudio(pairs)
  }
}
