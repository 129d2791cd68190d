import { setImmediate } from 'node:timers/promises'
import type { Clock } from './clock.ts'

/** What it takes at a time of the thread that also carries out cues (ms). */
const SLICE = 4

/** Long work in small parts: the show goes on meanwhile. */
export async function inSlices<T>(work: Generator<void, T, void>, clock: Clock): Promise<T> {
  let until = clock.mono() + SLICE
  for (;;) {
    const step = work.next()
    if (step.done) return step.value
    if (clock.mono() < until) continue
    await setImmediate()
    until = clock.mono() + SLICE
  }
}
