import { SAMPLE_RATE } from '../memory/ring.ts'

/** Nothing comes out above it: -1.5 dBFS on the scale of s16, so that the curve through the samples stays below -1. */
export const CEILING = 32_767 * 10 ** (-1.5 / 20)
/** It sees peaks coming for so long (sample pairs, 5 ms): the gain is down when they are there. */
const LOOK = SAMPLE_RATE / 200
/** What is left to rise falls to a third in 100 ms. */
const RELEASE = 1 - Math.exp(-1 / (SAMPLE_RATE / 10))

/** The curve half way between the middle two of eight samples: a sinc under a cosine window. */
const HALF = Float64Array.from({ length: 8 }, (_, n) => {
  const x = n - 3.5
  return (Math.sin(Math.PI * x) / (Math.PI * x)) * Math.cos((Math.PI * x) / 9)
})
/** Below half of the ceiling no curve between two samples reaches it. */
const NEAR = CEILING / 2

/** Finds peaks on the samples of one side, and half way between them, four samples later. */
class Peaks {
  private readonly values = new Float64Array(8)
  private at = 0
  /** For so many samples yet, one of the eight is loud. */
  private near = 0

  step(value: number): number {
    const level = Math.abs(value)
    this.values[this.at] = value
    this.at = (this.at + 1) & 7
    if (level > NEAR) this.near = 8
    if (this.near === 0) return level
    this.near--
    let between = 0
    for (let n = 0; n < 8; n++) between += HALF[n] * this.values[(this.at + n) & 7]
    return Math.max(level, Math.abs(between))
  }
}

/**
 * Keeps stereo below the ceiling, also between the samples (where a converter or a codec finds peaks), by a gain that
 * moves smoothly: the least gain within the look-ahead, averaged over it. Delays the sound by the look-ahead.
 */
export class Limiter {
  /** The sound of the look-ahead. */
  private readonly delayed = new Float32Array(2 * LOOK)
  /** Gains that the last LOOK pairs ask for which no later one undercuts, oldest first: the window's least is the first. */
  private readonly wanted = new Float64Array(LOOK)
  private readonly wantedAt = new Float64Array(LOOK)
  private first = 0
  private count = 0
  /** The last LOOK gains, and their sum. */
  private readonly gains = new Float64Array(LOOK).fill(1)
  private sum = LOOK
  private gain = 1
  private pair = 0
  private readonly sides = [new Peaks(), new Peaks()] as const

  /** Takes one pair and answers the pair of LOOK - 1 before it in `out`. */
  step(left: number, right: number, out: { left: number; right: number }): void {
    const peak = Math.max(this.sides[0].step(left), this.sides[1].step(right))
    this.remember(peak > CEILING ? CEILING / peak : 1)
    const least = this.wanted[this.first]
    this.gain = Math.min(least, this.gain + (1 - this.gain) * RELEASE)
    const slot = this.pair % LOOK
    this.sum += this.gain - this.gains[slot]
    this.gains[slot] = this.gain
    this.delayed[2 * slot] = left
    this.delayed[2 * slot + 1] = right
    this.pair++
    const oldest = this.pair % LOOK
    const gain = this.sum / LOOK
    out.left = this.delayed[2 * oldest] * gain
    out.right = this.delayed[2 * oldest + 1] * gain
  }

  private remember(gain: number): void {
    if (this.count > 0 && this.wantedAt[this.first] <= this.pair - LOOK) {
      this.first = (this.first + 1) % LOOK
      this.count--
    }
    while (this.count > 0 && this.wanted[(this.first + this.count - 1) % LOOK] >= gain) this.count--
    const last = (this.first + this.count++) % LOOK
    this.wanted[last] = gain
    this.wantedAt[last] = this.pair
  }
}
