import type { Ring } from '../memory/ring.ts'
import { type Levels, Loudness } from './loudness.ts'
import { FADE, type Voice } from './voice.ts'

/** A voice in this frame: where it goes, and where its source's own time (µs) stands. */
export interface Part {
  voice: Voice
  sourceUs: number
  /** Gain that it shall have: a factor. */
  target: number
}

/** Mixes the voices of a frame and writes the same block of sound into every bus. */
export class Sound {
  private readonly mix: Float32Array
  private readonly block: Int16Array
  private readonly loudness = new Loudness()

  /** `maxPairs`: the longest frame of the program in sample pairs. */
  constructor(maxPairs: number) {
    this.mix = new Float32Array(maxPairs * 2)
    this.block = new Int16Array(maxPairs * 2)
  }

  /** Makes the sound of one frame. `slow`: gains take the whole frame (a transition), else 20 ms (a cut, another gain). */
  render(parts: Part[], pairs: number, slow: boolean): void {
    this.mix.fill(0, 0, pairs * 2)
    const ramp = slow ? Math.max(pairs, FADE) : FADE
    for (const { voice, sourceUs, target } of parts) voice.add(this.mix, pairs, sourceUs, target, ramp)
    for (let n = 0; n < pairs * 2; n++) this.block[n] = Math.max(-32_768, Math.min(32_767, Math.round(this.mix[n])))
    this.loudness.add(this.block, pairs)
  }

  /** How loud it is; begins a new peak. */
  levels(): Levels {
    return this.loudness.read()
  }

  silence(pairs: number): void {
    this.block.fill(0, 0, pairs * 2)
    this.loudness.add(this.block, pairs)
  }

  /** Publishes the block in a bus. */
  write(ring: Ring, pairs: number): void {
    const circle = ring.layout.audioFrames
    let at = ring.audioHead % circle
    for (let n = 0; n < pairs; n++) {
      ring.samples[2 * at] = this.block[2 * n]
      ring.samples[2 * at + 1] = this.block[2 * n + 1]
      if (++at === circle) at = 0
    }
    ring.publishAudio(pairs)
  }
}
