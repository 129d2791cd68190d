import { SAMPLE_RATE } from '../memory/ring.ts'

/** Sound levels: peak in dBFS since the last reading, loudness in LUFS over 0.4 s, 3 s and (gated) all of it. */
export interface Levels {
  peak: number
  momentary: number
  shortTerm: number
  integrated: number
}

/** Quieter than this counts as silence (LUFS, dBFS): the absolute gate of BS.1770. */
export const SILENCE = -70

/** The gates of BS.1770 as energies: absolute, and relative to the mean of what passed the absolute one. */
const ABSOLUTE_GATE = 10 ** ((SILENCE + 0.691) / 10)
const RELATIVE_GATE = 0.1

/** Loudness is measured in blocks of 0.4 s, a new one each 0.1 s. */
const BLOCK_S = 0.4
const SHORT_TERM_S = 3
const BLOCKS_PER_S = 10
/** Steps of the histogram, in LU: the integrated loudness of weeks in a few hundred numbers. */
const STEP = 0.1
const BINS = Math.round((10 - SILENCE) / STEP)

/** A biquad: b0, b1, b2, a1, a2. The two of BS.1770-4 for 48 kHz: the head as a shelf, then the high pass. */
type Coefficients = readonly [number, number, number, number, number]
const SHELF: Coefficients = [1.53512485958697, -2.69169618940638, 1.19839281085285, -1.69065929318241, 0.73248077421585]
const HIGH_PASS: Coefficients = [1, -2, 1, -1.99004745483398, 0.99007225036621]

class Biquad {
  private z1 = 0
  private z2 = 0
  private readonly c: Coefficients

  constructor(c: Coefficients) {
    this.c = c
  }

  step(x: number): number {
    // By index: an iterator for each of the samples is 10 MB of garbage a second.
    const { c } = this
    const y = c[0] * x + this.z1
    this.z1 = c[1] * x - c[3] * y + this.z2
    this.z2 = c[2] * x - c[4] * y
    // Digital silence would otherwise end in denormal numbers, which are slow.
    if (Math.abs(this.z1) < 1e-25) this.z1 = 0
    if (Math.abs(this.z2) < 1e-25) this.z2 = 0
    return y
  }
}

/** Loudness of stereo at 48 kHz by ITU-R BS.1770-4. */
export class Loudness {
  private readonly filters = [0, 1].map(() => [new Biquad(SHELF), new Biquad(HIGH_PASS)] as const)
  /** Pairs in a hop, hops in a block, hops in the short term. */
  private readonly hopPairs: number
  private readonly momentary: number
  private readonly shortTerm: number
  /** Energies of the last 3 s of hops, newest last, and of the blocks that end with them. */
  private readonly hops: number[] = []
  private readonly blocks: number[] = []
  private energy = 0
  private filled = 0
  private top = 0
  /** How many blocks fell into each step of loudness, and their energy. */
  private readonly counts = new Float64Array(BINS)
  private readonly energies = new Float64Array(BINS)

  /** `blocksPerSecond` is 10 by the recommendation; with more of them it matters less where in a block a short sound begins. */
  constructor(blocksPerSecond = BLOCKS_PER_S) {
    this.hopPairs = SAMPLE_RATE / blocksPerSecond
    this.momentary = BLOCK_S * blocksPerSecond
    this.shortTerm = SHORT_TERM_S * blocksPerSecond
  }

  /** Takes `pairs` sample pairs, interleaved, s16 or on its scale. */
  add(samples: Int16Array | Float32Array, pairs: number): void {
    for (let n = 0; n < pairs; n++) {
      for (let side = 0; side < 2; side++) {
        const sample = samples[2 * n + side] / 32_768
        const level = Math.abs(sample)
        if (level > this.top) this.top = level
        const filters = this.filters[side]
        const weighted = filters[1].step(filters[0].step(sample))
        this.energy += weighted * weighted
      }
      if (++this.filled === this.hopPairs) this.hop()
    }
  }

  /** The levels now; begins a new peak. */
  read(): Levels {
    const peak = this.top > 0 ? 20 * Math.log10(this.top) : SILENCE
    this.top = 0
    return {
      peak: tenth(peak),
      momentary: tenth(lufs(this.mean(this.momentary))),
      shortTerm: tenth(lufs(this.mean(this.shortTerm))),
      integrated: tenth(lufs(this.integrated())),
    }
  }

  /** Loudness of the last 3 s without their pauses, as if they were all there is; SILENCE while there is one. */
  get present(): number {
    const gate = this.blockMean(ABSOLUTE_GATE) * RELATIVE_GATE
    const newest = this.blocks.at(-1) ?? 0
    return gate === 0 || newest < gate ? SILENCE : lufs(this.blockMean(gate))
  }

  private hop(): void {
    this.hops.push(this.energy / this.hopPairs)
    if (this.hops.length > this.shortTerm) this.hops.shift()
    this.energy = 0
    this.filled = 0
    if (this.hops.length < this.momentary) return
    const block = this.mean(this.momentary)
    this.blocks.push(block)
    if (this.blocks.length > this.shortTerm - this.momentary + 1) this.blocks.shift()
    const bin = Math.min(BINS - 1, Math.floor((lufs(block) - SILENCE) / STEP))
    if (block <= 0 || bin < 0) return
    this.counts[bin]++
    this.energies[bin] += block
  }

  /** Mean energy of the last blocks that have at least `least`; 0 where there is none. */
  private blockMean(least: number): number {
    let count = 0
    let sum = 0
    for (const energy of this.blocks) {
      if (energy < least) continue
      count++
      sum += energy
    }
    return count > 0 ? sum / count : 0
  }

  private mean(hops: number): number {
    let sum = 0
    for (let n = Math.max(0, this.hops.length - hops); n < this.hops.length; n++) sum += this.hops[n]
    return sum / hops
  }

  /** The mean of all blocks that are no more than 10 LU below the mean of all that are no silence. */
  private integrated(): number {
    const gate = lufs(this.meanFrom(0)) - 10
    return this.meanFrom(Math.max(0, Math.ceil((gate - SILENCE) / STEP)))
  }

  private meanFrom(first: number): number {
    let count = 0
    let energy = 0
    for (let bin = first; bin < BINS; bin++) {
      count += this.counts[bin]
      energy += this.energies[bin]
    }
    return count > 0 ? energy / count : 0
  }
}

const lufs = (energy: number): number => (energy > 0 ? Math.max(SILENCE, -0.691 + 10 * Math.log10(energy)) : SILENCE)
const tenth = (value: number): number => Math.round(Math.max(SILENCE, value) * 10) / 10
