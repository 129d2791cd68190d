import { type Ring, SAMPLE_RATE } from '../memory/ring.ts'

/** What a voice needs of a ring. */
type SoundOf = Pick<Ring, 'samples' | 'audioHead' | 'audioStart'> & { layout: { audioFrames: number } }

/** Every edge of the sound is this long (sample pairs, 10 ms): shorter ones click. */
export const RAMP = SAMPLE_RATE / 100
/** A gain that changes takes this long (sample pairs, 20 ms) where nothing else is said. */
export const FADE = SAMPLE_RATE / 50
/** Sound that runs away from its picture by more than this is set anew (sample pairs, 30 ms). */
const DRIFT = (SAMPLE_RATE * 30) / 1_000
/** The writer fills this part of the circle next (sample pairs). */
const GUARD = SAMPLE_RATE / 20

/** The sound of one source, read without gaps beside its picture; missing sound is silence, and every edge is ramped. */
export class Voice {
  /** Gain at the end of the last frame: a factor. */
  gain = 0
  /** Where the gain is going, by how much a pair, and for how many pairs yet: a ramp may be longer than a frame. */
  private target = 0
  private step = 0
  private ramping = 0
  private position: number | undefined
  /** The pairs of the source that there are in this frame. */
  private first = 0
  private end = 0
  private playing = false
  private risen = 0
  /**
   * What is left fades out for another `falling` pairs: the sound from pair `leaving` on, as far as there is any, and then
   * the last value that it had.
   */
  private falling = 0
  private leaving: number | undefined
  private heldLeft = 0
  private heldRight = 0
  /** The present value, edges included. */
  private left = 0
  private right = 0
  private readonly sound: SoundOf

  constructor(sound: SoundOf) {
    this.sound = sound
  }

  /**
   * Adds `pairs` sample pairs to `out` (interleaved, s16 scale). `sourceUs` is the source's own time at the first of them.
   * The gain goes linearly to `target`, and is there `ramp` pairs after the first frame that asked for it.
   */
  add(out: Float32Array, pairs: number, sourceUs: number, target: number, ramp: number): void {
    if (this.gain === 0 && target === 0) {
      this.rest()
      return
    }
    const start = this.locate(sourceUs)
    const { audioHead, layout } = this.sound
    this.end = audioHead
    this.first = Math.max(0, audioHead - layout.audioFrames + GUARD)
    this.aim(target, ramp)
    for (let n = 0; n < pairs; n++) {
      this.read(start + n)
      out[2 * n] += this.left * this.gain
      out[2 * n + 1] += this.right * this.gain
      if (this.ramping > 0) this.gain = --this.ramping > 0 ? this.gain + this.step : this.target
    }
    this.position = start + pairs
    if (this.gain === 0 && target === 0) this.rest()
  }

  /** Nobody asks a voice that has faded out for more: it begins anew whenever it is heard again. */
  private rest(): void {
    this.position = undefined
    this.playing = false
    this.falling = 0
    this.ramping = 0
  }

  private aim(target: number, ramp: number): void {
    if (target === this.target && (this.ramping > 0 || this.gain === target)) return
    this.target = target
    this.step = (target - this.gain) / ramp
    this.ramping = ramp
  }

  /** Carries on where the last frame ended, unless that is too far from the picture. */
  private locate(sourceUs: number): number {
    const ideal = Math.round(((sourceUs - this.sound.audioStart) * SAMPLE_RATE) / 1e6)
    if (this.position !== undefined && Math.abs(this.position - ideal) <= DRIFT) return this.position
    this.breakOff(this.position)
    // A gain that rises from nothing is edge enough.
    if (this.gain === 0) this.risen = RAMP
    return ideal
  }

  /** Brings left and right to `pair` of the source. */
  private read(pair: number): void {
    const { samples } = this.sound
    const at = this.indexOf(pair)
    if (at < 0) {
      this.breakOff()
      this.left = 0
      this.right = 0
    } else {
      this.playing = true
      const rise = this.risen < RAMP ? this.risen++ / RAMP : 1
      this.left = samples[2 * at] * rise
      this.right = samples[2 * at + 1] * rise
    }
    if (this.falling === 0) return
    const gone = this.leaving === undefined ? -1 : this.indexOf(this.leaving++)
    if (gone >= 0) {
      this.heldLeft = samples[2 * gone]
      this.heldRight = samples[2 * gone + 1]
    }
    const fall = this.falling-- / RAMP
    this.left += this.heldLeft * fall
    this.right += this.heldRight * fall
  }

  /** Where `pair` is in the circle; -1: there is no sound at that moment. */
  private indexOf(pair: number): number {
    return pair >= this.first && pair < this.end ? pair % this.sound.layout.audioFrames : -1
  }

  /** Leaves what plays: `on` is where it would go on, unless it is between two edges, where only its last value has no step. */
  private breakOff(on?: number): void {
    if (this.playing) {
      this.leaving = this.risen === RAMP && this.falling === 0 ? on : undefined
      this.heldLeft = this.left
      this.heldRight = this.right
      this.falling = RAMP
    }
    this.playing = false
    this.risen = 0
  }
}
