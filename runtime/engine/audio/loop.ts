import { closeSync, readSync } from 'node:fs'
import type { Clock } from '../../lib/clock.ts'
import type { Arena } from '../memory/arena.ts'
import { allocRing, Ring, type RingLayout, releaseRing, SAMPLE_RATE } from '../memory/ring.ts'
import type { Pcm } from './decode.ts'

const FILL_EVERY_MS = 250
/** The ring is kept full for so long ahead: what the main thread may be busy with meanwhile. */
const AHEAD_MS = 2_000
const CIRCLE = 4 * SAMPLE_RATE
const PAIR = 4

/** Samples in a file as endless sound in a ring, whose own time is the monotonic clock: one end joins the other on the sample. */
export class Loop {
  readonly layout: RingLayout
  private readonly ring: Ring
  private readonly arena: Arena
  private readonly clock: Clock
  private readonly pcm: Pcm
  private readonly begun: number
  private readonly timer: NodeJS.Timeout
  /** The pair of the file that comes next. */
  private position = 0

  /** Owns `pcm` from here on. */
  constructor(pcm: Pcm, arena: Arena, clock: Clock) {
    this.pcm = pcm
    this.arena = arena
    this.clock = clock
    // A ring has pictures; this one's is as small as there is.
    this.layout = allocRing(arena, { width: 2, height: 2, slots: 1, audioFrames: CIRCLE })
    this.ring = new Ring(arena.memory, this.layout)
    this.begun = clock.mono()
    this.ring.audioStart = this.begun * 1_000
    this.fill()
    this.timer = setInterval(() => this.fill(), FILL_EVERY_MS)
  }

  /** When no mixer touches its ring any more. */
  stop(): void {
    clearInterval(this.timer)
    closeSync(this.pcm.fd)
    releaseRing(this.arena, this.layout)
  }

  private fill(): void {
    const { ring, pcm } = this
    const wanted = Math.round(((this.clock.mono() - this.begun + AHEAD_MS) * SAMPLE_RATE) / 1_000)
    const missed = wanted - ring.audioHead - CIRCLE
    if (missed > 0) this.advance(missed)
    while (ring.audioHead < wanted) {
      const at = ring.audioHead % CIRCLE
      const some = Math.min(wanted - ring.audioHead, CIRCLE - at, pcm.pairs - this.position)
      readSync(pcm.fd, ring.bytes, this.layout.audio + at * PAIR, some * PAIR, this.position * PAIR)
      this.advance(some)
    }
  }

  private advance(pairs: number): void {
    this.position = (this.position + pairs) % this.pcm.pairs
    this.ring.publishAudio(pairs)
  }
}
