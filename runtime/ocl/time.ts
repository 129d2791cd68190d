/** A moment of a document: ms from what it is relative to, or from the timeline's start where it is absolute. */
export interface Moment {
  ms: number
  absolute: boolean
}

/** No document needs more; sums of such numbers stay exact. About three years. */
const LONGEST = 100_000_000_000

const RELATIVE = /^t\+(\d{1,11}(?:\.\d{1,6})?)(ms|s|f)$/
const PLAIN = /^(\d{1,11}(?:\.\d{1,6})?)(ms|s|f)$/
const CLOCK = /^(\d{2,4}):([0-5]\d):([0-5]\d)(?:\.(\d{1,3}))?$/

/**
 * Reads "t+1500ms", "t+2s", "t+45f" (frames, `rate` of them a second), "00:01:23.500" or a number of ms (0 to 10^11).
 * Undefined: it is none of these.
 */
export function parseTime(value: unknown, rate?: number): Moment | undefined {
  if (typeof value === 'number') return relative(bounded(value))
  if (typeof value !== 'string') return undefined
  const clock = clockMs(value)
  return clock === undefined ? relative(unitMs(value, RELATIVE, rate)) : { ms: clock, absolute: true }
}

/**
 * Reads "500ms", "5s", "45f" (frames, `rate` of them a second), "00:00:05.000" or a number of ms (0 to 10^11) as ms.
 * Undefined: it is none of these.
 */
export function parseDuration(value: unknown, rate?: number): number | undefined {
  if (typeof value === 'number') return bounded(value)
  if (typeof value !== 'string') return undefined
  return clockMs(value) ?? unitMs(value, PLAIN, rate)
}

/** Reads 60, "60" or "60000/1001" as frames per second, 1 to 240. Undefined: it is none of these. */
export function parseFrameRate(value: unknown): number | undefined {
  if (typeof value !== 'number' && typeof value !== 'string') return undefined
  const [num, den = '1'] = String(value).split('/')
  const rate = typeof value === 'number' ? value : Number(num) / Number(den)
  return rate >= 1 && rate <= 240 ? rate : undefined
}

const relative = (ms: number | undefined): Moment | undefined =>
  ms === undefined ? undefined : { ms, absolute: false }

const bounded = (ms: number): number | undefined => (ms >= 0 && ms <= LONGEST ? ms : undefined)

function unitMs(text: string, form: RegExp, rate: number | undefined): number | undefined {
  const match = form.exec(text)
  if (!match) return undefined
  if (match[2] === 'f') return frameMs(match[1], rate)
  // Rounded to ns: 1.001 * 1000 is not 1001 in binary fractions, and a cue must not begin a frame early for it.
  const ms = Number(match[1]) * (match[2] === 's' ? 1_000 : 1)
  return bounded(Math.round(ms * 1e6) / 1e6)
}

/** Rounded down to ns: a frame's own moment must never lie a hair before the cue that is due with it. */
function frameMs(count: string, rate: number | undefined): number | undefined {
  const frames = Number(count)
  if (rate === undefined || !Number.isInteger(frames) || count.length > 9) return undefined
  return bounded(Math.floor((frames / rate) * 1e9 + 1e-3) / 1e6)
}

function clockMs(text: string): number | undefined {
  const match = CLOCK.exec(text)
  if (!match) return undefined
  const [, hours, minutes, seconds, fraction = ''] = match
  return ((Number(hours) * 60 + Number(minutes)) * 60 + Number(seconds)) * 1_000 + Number(fraction.padEnd(3, '0'))
}
