import { exactness } from '../peers/exactness.ts'

/** An hour of cues. */
exactness(3_430, 4_500_000)
