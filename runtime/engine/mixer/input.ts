import type { Part } from '../audio/sound.ts'
import { Voice } from '../audio/voice.ts'
import { Ring, type RingLayout } from '../memory/ring.ts'
import type { Vital } from './choose.ts'
import { STEADY_MS } from './choose.ts'
import { Playout } from './playout.ts'

/** A source as the mixer reads it. */
export interface MixerSource {
  id: string
  ring: RingLayout
  /** It has one picture for ever, and is alive as soon as it has it. */
  still: boolean
  /** It counts as not alive, whatever arrives: its picture is known to be useless. */
  withheld?: boolean
  /** A moving picture is on its way. */
  warming?: boolean
  /** Its sound goes on air with its picture. */
  audio: boolean
  /** Of its sound, a factor; 1 where left out. */
  gain?: number
}

/** One source: when it last lived, which of its frames is due, and its sound. */
export class Input implements Vital {
  readonly id: string
  readonly ring: Ring
  readonly playout: Playout
  /** Its sound in the present frame. */
  readonly part: Part
  /** Gain of its sound when the present transition began. */
  gainBefore = 0
  still: boolean
  withheld: boolean
  warming: boolean
  audio: boolean
  gain: number
  alive = false
  steady = false
  /** The life of the same source in an earlier ring: a new session must not look like a loss before the threshold. */
  private readonly inherited: number | undefined

  constructor(memory: WebAssembly.Memory, source: MixerSource, before?: Vital) {
    this.id = source.id
    this.ring = new Ring(memory, source.ring)
    this.playout = new Playout(this.ring)
    this.part = { voice: new Voice(this.ring), sourceUs: 0, target: 0 }
    this.still = source.still
    this.withheld = source.withheld ?? false
    this.warming = source.warming ?? false
    this.audio = source.audio
    this.gain = source.gain ?? 1
    this.inherited = before?.lastArrival
  }

  get lastArrival(): number | undefined {
    return this.playout.lastArrival ?? this.inherited
  }

  /** Looks at what arrived. `now`: monotonic ms; without a new frame for `thresholdMs` it is not alive. */
  observe(now: number, thresholdMs: number): void {
    this.playout.observe(thresholdMs)
    const { lastArrival } = this
    const { flowingSince } = this.playout
    this.alive = !this.withheld && lastArrival !== undefined && (this.still || now - lastArrival < thresholdMs)
    this.steady =
      this.alive &&
      (this.still ||
        (flowingSince !== undefined && lastArrival !== undefined && lastArrival - flowingSince >= STEADY_MS))
  }

  /** Sets its part in the sound of the frame at `now`; false when it has none. `share`: of the new picture, 0..1. */
  sounds(now: number, onAir: boolean, share: number): boolean {
    const { voice } = this.part
    if (this.playout.lastArrival === undefined) return false
    if (voice.gain === 0 && !(onAir && this.audio)) return false
    this.part.sourceUs = (now - this.playout.lagMs) * 1_000
    this.part.target = this.gainBefore + ((onAir && this.audio ? this.gain : 0) - this.gainBefore) * share
    return true
  }
}
