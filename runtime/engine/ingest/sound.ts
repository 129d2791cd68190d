import { type Ring, SAMPLE_RATE } from '../memory/ring.ts'

/** A difference up to this is left alone: cameras' clocks jitter, and each repair can be heard. Lip-sync stays within 40 ms. */
const TOLERANCE_US = 15_000

/**
 * Puts timed sound into a ring's circle so that index and time stay one straight line: a gap becomes silence, an overlap
 * is cut off, and only a jump that is longer than the circle moves the line.
 */
export class SoundWriter {
  private started = false
  private readonly ring: Ring
  private readonly circle: number

  constructor(ring: Ring) {
    this.ring = ring
    this.circle = ring.layout.audioFrames
  }

  /**
   * Makes room for sound that begins at `ptsUs`; answers how many of its first pairs are to be left out, because their
   * time is there already.
   */
  align(ptsUs: number): number {
    const endUs = this.ring.audioStart + (this.ring.audioHead * 1e6) / SAMPLE_RATE
    const gap = Math.round(((ptsUs - endUs) * SAMPLE_RATE) / 1e6)
    if (this.started && Math.abs(ptsUs - endUs) <= TOLERANCE_US) return 0
    if (this.started && Math.abs(gap) < this.circle) {
      if (gap > 0) this.silence(gap)
      return Math.max(0, -gap)
    }
    // Old sound must not be found under the new times.
    if (this.started) this.silence(this.circle)
    this.ring.audioStart = ptsUs - (this.ring.audioHead * 1e6) / SAMPLE_RATE
    this.started = true
    return 0
  }

  /** Where the next pairs go: an index into the circle, and how many fit before it comes round. */
  get room(): { at: number; pairs: number } {
    const at = this.ring.audioHead % this.circle
    return { at, pairs: this.circle - at }
  }

  /** Publishes pairs that were put into `room`. */
  publish(pairs: number): void {
    this.ring.publishAudio(pairs)
  }

  private silence(pairs: number): void {
    for (let left = pairs; left > 0; ) {
      const { at, pairs: fit } = this.room
      const some = Math.min(left, fit)
      this.ring.samples.fill(0, at * 2, (at + some) * 2)
      this.publish(some)
      left -= some
    }
  }
}
