import type { Fraction } from '../../contract/generated/engine.v1.ts'
import { SAMPLE_RATE } from '../memory/ring.ts'

/**
 * The time line of a program: frame n begins at n * den / num seconds, exactly. Products are taken of the reduced fraction,
 * so they stay below 2^53 for centuries, and nothing ever accumulates a rounding error.
 */
export class FrameTimes {
  private readonly ms: [number, number]
  private readonly us: [number, number]
  private readonly samples: [number, number]

  constructor({ num, den }: Fraction) {
    this.ms = reduced(den * 1_000, num)
    this.us = reduced(den * 1_000_000, num)
    this.samples = reduced(den * SAMPLE_RATE, num)
  }

  /** Program time of frame n in ms (fractional). */
  msOf(n: number): number {
    return (n * this.ms[0]) / this.ms[1]
  }

  /** Program time of frame n in whole µs. */
  usOf(n: number): number {
    return Math.round((n * this.us[0]) / this.us[1])
  }

  /** Sample pairs before frame n: frame n's own sound is samplesBefore(n) up to samplesBefore(n + 1). */
  samplesBefore(n: number): number {
    return Math.floor((n * this.samples[0]) / this.samples[1])
  }

  /** The first frame at or after program time `ms`. */
  frameAt(ms: number): number {
    const guess = Math.floor((ms * this.ms[1]) / this.ms[0])
    return this.msOf(guess) >= ms ? guess : guess + 1
  }

  /** Frames in a duration: the nearest number. */
  framesIn(ms: number): number {
    return Math.round((ms * this.ms[1]) / this.ms[0])
  }
}

function reduced(a: number, b: number): [number, number] {
  const divisor = gcd(a, b)
  return [a / divisor, b / divisor]
}

const gcd = (a: number, b: number): number => (b === 0 ? a : gcd(b, a % b))

/** When frame 0 was, by the monotonic clock and by that of the show, which is so much ahead of it: setting the machine's clock moves no cue. */
export interface Anchor {
  mono: number
  wall: number
}
