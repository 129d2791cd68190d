import { Ring, type RingLayout, SAMPLE_RATE } from '../memory/ring.ts'
import { Voice } from './voice.ts'

/** The bed as the mixer plays it: from which ring, and how loud (factors). */
export interface MixedBed {
  ring: RingLayout
  gain: number
  /** Times this while a source is heard. */
  duck: number
}

/** One bed after another, and the first and last one, fade for so long (ms). */
export const BED_FADE_MS = 500
const FADE = (SAMPLE_RATE * BED_FADE_MS) / 1_000
/** Another gain or mute takes 50 ms (sample pairs), making room for a source 0.2 s, coming back 1 s. */
const CHANGE = SAMPLE_RATE / 20
const DOWN = SAMPLE_RATE / 5
const UP = SAMPLE_RATE
/** A source counts as heard when it is louder than this (-40 dBFS), and for so long after it (sample pairs, 0.8 s). */
const HEARD = 32_768 / 100
const PAUSE = SAMPLE_RATE * 0.8

/** Music under everything: a voice that never ends, and for a moment the one that was there before it. */
export class Bed {
  private voices = new Map<number, Voice>()
  private bed: MixedBed | undefined
  private silent = false
  private quietFor = Number.POSITIVE_INFINITY
  private ducked = false
  /** How long the last change takes; a ramp that has begun goes on. */
  private ramp = CHANGE

  /** After this call no ring is touched but that of `bed` and those in `leaving`, which fade out. */
  set(memory: WebAssembly.Memory, bed: MixedBed | undefined, leaving: RingLayout[]): void {
    const rings = [...(bed ? [bed.ring] : []), ...leaving]
    this.voices = new Map(
      rings.map(ring => [ring.header, this.voices.get(ring.header) ?? new Voice(new Ring(memory, ring))]),
    )
    this.ramp = this.bed?.ring.header === bed?.ring.header ? CHANGE : FADE
    this.bed = bed
  }

  /** Adds its sound of one frame to that of the sources. `dueUs`: when the frame is due, which is the bed's own time. */
  add(mix: Float32Array, pairs: number, dueUs: number, silent: boolean): void {
    if (this.voices.size === 0) return
    if (silent !== this.silent) this.ramp = CHANGE
    this.silent = silent
    this.listen(mix, pairs)
    const { bed } = this
    for (const [header, voice] of this.voices) {
      const played = bed && header === bed.ring.header && !silent
      voice.add(mix, pairs, dueUs, played ? bed.gain * (this.ducked ? bed.duck : 1) : 0, this.ramp)
    }
  }

  /** Whether a source is heard in this frame, or was a moment ago. */
  private listen(mix: Float32Array, pairs: number): void {
    let heard = false
    for (let n = 0; n < pairs * 2 && !heard; n++) heard = Math.abs(mix[n]) > HEARD
    this.quietFor = heard ? 0 : this.quietFor + pairs
    const ducked = this.quietFor < PAUSE
    if (ducked !== this.ducked) this.ramp = ducked ? DOWN : UP
    this.ducked = ducked
  }
}
