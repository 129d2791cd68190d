import type { Ring, RingLayout } from '../memory/ring.ts'
import { Bed, type MixedBed } from './bed.ts'
import { Leveller } from './leveller.ts'
import { type Levels, Loudness } from './loudness.ts'
import { FADE, type Voice } from './voice.ts'

/** A voice in this frame: where it goes, and where its source's own time (µs) stands. */
export interface Part {
  voice: Voice
  sourceUs: number
  /** Gain that it shall have: a factor. */
  target: number
}

/** What a program's sound shall be besides that of its sources. */
export interface Mix {
  mute: boolean
  bed?: MixedBed
  /** Rings of beds that fade out. */
  leaving: RingLayout[]
  /** LUFS; absent: as it comes. */
  loudness?: number
}

/** Of the frame whose sound is made. */
interface Moment {
  /** Gains take the whole frame (a transition), else 20 ms (a cut, another gain). */
  slow: boolean
  /** When it is due, monotonic µs. */
  dueUs: number
  /** Nothing is to be heard, not even the bed. */
  silent: boolean
}

/** Mixes the voices of a frame and writes the same block of sound into every bus. */
export class Sound {
  muted = false
  private readonly mix: Float32Array
  private readonly block: Int16Array
  private readonly loudness = new Loudness()
  private readonly bed = new Bed()
  private readonly leveller = new Leveller()
  private readonly memory: WebAssembly.Memory

  /** `maxPairs`: the longest frame of the program in sample pairs. */
  constructor(memory: WebAssembly.Memory, maxPairs: number) {
    this.memory = memory
    this.mix = new Float32Array(maxPairs * 2)
    this.block = new Int16Array(maxPairs * 2)
  }

  /** After this call no ring of a bed is touched that is not named in it. */
  set({ mute, bed, leaving, loudness }: Mix): void {
    this.muted = mute
    this.bed.set(this.memory, bed, leaving)
    this.leveller.target = loudness
  }

  /** Makes the sound of one frame. */
  render(parts: Part[], pairs: number, { slow, dueUs, silent }: Moment): void {
    this.mix.fill(0, 0, pairs * 2)
    const ramp = slow ? Math.max(pairs, FADE) : FADE
    for (const { voice, sourceUs, target } of parts) voice.add(this.mix, pairs, sourceUs, target, ramp)
    this.bed.add(this.mix, pairs, dueUs, silent)
    this.leveller.level(this.mix, pairs)
    for (let n = 0; n < pairs * 2; n++) this.block[n] = Math.max(-32_768, Math.min(32_767, Math.round(this.mix[n])))
    this.loudness.add(this.block, pairs)
  }

  /** How loud it is; begins a new peak. */
  levels(): Levels {
    return this.loudness.read()
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
