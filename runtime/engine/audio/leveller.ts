import { SAMPLE_RATE } from '../memory/ring.ts'
import { factor } from './decibel.ts'
import { Limiter } from './limiter.ts'
import { Loudness } from './loudness.ts'
import { FADE } from './voice.ts'

/** Quieter than this (LUFS) is taken for a pause, not for something to be made louder. */
const GATE = -50
/** The gain stays within these (dB): what would need more is noise, or a fault that should be heard. */
const MOST = 30
const LEAST = -30
/** Far from its aim (dB) the gain goes there quickly, else slowly (s to a third of what is left). */
const FAR = 1
const QUICK_S = 0.4
const SLOW_S = 0.8
/** Four times as many as the recommendation's: with ten, short sounds came out up to 1.5 LU apart by where they fell in a block. */
const BLOCKS_PER_S = 40

/**
 * Keeps a program at one loudness: a slow gain follows the last three seconds without their pauses (BS.1770), and a limiter
 * takes what it would drive over the top. Switched on and off it is faded, because it delays the sound by 5 ms.
 */
export class Leveller {
  /** LUFS; undefined: off. */
  target: number | undefined
  /** Present gain, dB. */
  gain = 0
  private before = 1
  /** Share of the levelled sound, 0..1. */
  private share = 0
  private meter = new Loudness(BLOCKS_PER_S)
  private limiter = new Limiter()
  private readonly pair = { left: 0, right: 0 }

  /** Levels `pairs` sample pairs, interleaved on the scale of s16, in their place. */
  level(mix: Float32Array, pairs: number): void {
    if (this.target === undefined && this.share === 0) return
    this.meter.add(mix, pairs)
    if (this.target !== undefined) this.follow(this.target, pairs / SAMPLE_RATE)
    const after = factor(this.gain)
    const step = (after - this.before) / pairs
    const towards = (this.target === undefined ? -1 : 1) / FADE
    for (let n = 0; n < pairs; n++) {
      const gain = this.before + step * n
      this.limiter.step(mix[2 * n] * gain, mix[2 * n + 1] * gain, this.pair)
      this.share = Math.max(0, Math.min(1, this.share + towards))
      mix[2 * n] += (this.pair.left - mix[2 * n]) * this.share
      mix[2 * n + 1] += (this.pair.right - mix[2 * n + 1]) * this.share
    }
    this.before = after
    if (this.share === 0) this.forget()
  }

  private follow(target: number, seconds: number): void {
    const heard = this.meter.present
    if (heard < GATE) return
    const left = Math.max(LEAST, Math.min(MOST, target - heard)) - this.gain
    this.gain += left * (1 - Math.exp(-seconds / (Math.abs(left) > FAR ? QUICK_S : SLOW_S)))
  }

  private forget(): void {
    this.gain = 0
    this.before = 1
    this.meter = new Loudness(BLOCKS_PER_S)
    this.limiter = new Limiter()
  }
}
