import type { Fraction } from '../../contract/generated/engine.v1.ts'

/** How far a whole ratio may be off to count as one: 59.94 to 30 is every second frame. */
const WHOLE_RATIO_TOLERANCE = 0.01

/**
 * The rate an encoder runs at: the program's own when the profile asks for as much or more, an exact share of it where
 * that is meant (30 of 59.94 is 29.97), else what the profile says.
 */
export function encoderRate(program: Fraction, fps: number): Fraction {
  const ratio = program.num / program.den / fps
  const whole = Math.max(1, Math.round(ratio))
  if (ratio <= 1 || Math.abs(ratio / whole - 1) < WHOLE_RATIO_TOLERANCE) {
    return { num: program.num, den: program.den * whole }
  }
  const scale = Number.isInteger(fps) ? 1 : 1_000
  return { num: Math.round(fps * scale), den: scale }
}

/** Chooses program frames for a rate: each goes to the point of the rate's grid at or just before it, the first one wins. */
export class Cadence {
  private last = -1
  private readonly rate: Fraction

  constructor(rate: Fraction) {
    this.rate = rate
  }

  /** The time (µs) at which a program frame of time `ptsUs` is shown, or undefined when it is left out. */
  take(ptsUs: number): number | undefined {
    const point = this.pointOf(ptsUs)
    if (point <= this.last) return undefined
    this.last = point
    return this.timeOf(point)
  }

  /** The time (µs) on the grid of a program frame of time `ptsUs`, whether it is taken or not. */
  gridTime(ptsUs: number): number {
    return this.timeOf(this.pointOf(ptsUs))
  }

  private pointOf(ptsUs: number): number {
    const { num, den } = this.rate
    // The hundredth absorbs the rounding of times that are no whole µs.
    return Math.floor((ptsUs * num) / (den * 1e6) + 0.01)
  }

  private timeOf(point: number): number {
    return (point * this.rate.den * 1e6) / this.rate.num
  }
}
