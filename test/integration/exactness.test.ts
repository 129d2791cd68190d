import { exactness } from '../peers/exactness.ts'

/** The hour is in test/long. */
exactness(32, 120_000)
