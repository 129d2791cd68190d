import { sleep } from '../../../lib/clock.ts'

/** Whoever jumps away waits for no camera. `work` does not fail. */
export async function unlessLeft(work: Promise<void>, leg: AbortSignal): Promise<void> {
  const left = new AbortController()
  await Promise.race([work, sleep(Number.POSITIVE_INFINITY, AbortSignal.any([leg, left.signal]))])
  left.abort()
}
