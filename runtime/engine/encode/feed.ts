import type { Fraction } from '../../contract/generated/engine.v1.ts'
import type { RingLayout } from '../memory/ring.ts'

/** What the thread that feeds an encoder is given at its start, and what for each generation. */
export interface FeedInput {
  memory: WebAssembly.Memory
  ring: RingLayout
  rate: Fraction
  /** Int32Array: see FeedControl. */
  control: SharedArrayBuffer
}

export interface FeedJob {
  fd: number
  generation: number
  /** Time of the last picture that the generation before has given, as its tags have it; undefined without one. */
  after?: number
}

/** Words of the memory that both threads look at. */
export const FeedControl = {
  /** Generations up to this one are to end. Written by the owner. */
  END: 0,
  /** Frames lost so far. Written by the feeder. */
  DROPPED: 1,
  WORDS: 2,
} as const
