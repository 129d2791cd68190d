/**
 * Time as an argument: everything that waits or stamps asks a Clock, so tests can advance it.
 * `now` is wall time (UTC ms) for what people and other systems read; `mono` never steps (ms, fractional) and measures spans.
 */
export interface Clock {
  now(): number
  mono(): number
}

export const systemClock: Clock = {
  now: () => Date.now(),
  mono: monotonicMs,
}

/** CLOCK_MONOTONIC in ms: the same number in every thread and process, unlike performance.now(), whose zero is the thread's start. */
export function monotonicMs(): number {
  const [seconds, nanoseconds] = process.hrtime()
  return seconds * 1_000 + nanoseconds / 1e6
}

/** Node's longest timer (ms). */
const LONGEST = 2 ** 31 - 1

/** Resolves after `ms`; an aborted signal resolves it at once, because a stop must never wait for a pause to end. */
export async function sleep(ms: number, signal?: AbortSignal): Promise<void> {
  for (let left = ms; left > LONGEST && !signal?.aborted; left -= LONGEST) await pause(LONGEST, signal)
  return pause(ms > LONGEST ? ms % LONGEST : Math.max(0, ms), signal)
}

function pause(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise(resolve => {
    if (signal?.aborted) return resolve()
    const done = () => {
      clearTimeout(timer)
      signal?.removeEventListener('abort', done)
      resolve()
    }
    const timer = setTimeout(done, ms)
    signal?.addEventListener('abort', done)
  })
}

/** Rejects with `message` when the promise has not settled within `ms`: every wait in this house is bounded. */
export function within<T>(ms: number, message: string, promise: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(message)), ms)
  })
  return Promise.race([promise, late]).finally(() => clearTimeout(timer))
}

/** RFC 3339 in UTC with milliseconds: the only form in which a time leaves the appliance. */
export const rfc3339 = (ms: number): string => new Date(ms).toISOString()
