/** What an output that adapts its bitrate was observed to do; bitrates in kbit/s, times in ms. */
export interface Observation {
  at: number
  /** Seconds of programme that wait to be sent. */
  queueSeconds: number
  /** What the uplink took of pictures over the last two seconds. */
  sent: number
}

export interface Bounds {
  most: number
  least: number
}

/** Where a controller stands. Plain data: the same observations always lead to the same steps. */
export interface Steering {
  target: number
  steppedAt: number
  steppedUp: boolean
  /** Since when nothing has waited; undefined while something does. */
  freeSince: number | undefined
  /** The target that turned out to be too much after a step up; undefined while none did. */
  tooMuch: number | undefined
  /** How long it must be free before that much is tried again. */
  patience: number
  /** The queue at the last observation but a few, to see whether it shrinks. */
  queues: number[]
}

/** Seconds in the queue at which the uplink counts as too slow, and below which as free. */
const CONGESTED = 0.6
const FREE = 0.3
/** Of what the uplink really takes: the rest is sound, overhead, and what makes the queue shrink. */
const SHARE_OF_SENT = 0.75
/** The least that a step down goes. */
const DOWN = 0.8
const UP = 1.2
/** A step shows its effect no sooner: the new encoder takes over at its next keyframe. */
const SETTLE_MS = 4_500
const PATIENCE_MS = 15_000
const MOST_PATIENCE_MS = 300_000
/** Observations to look back for a trend: two seconds. */
const TREND = 4

export const steeringAt = (target: number, at: number): Steering => ({
  target,
  steppedAt: at,
  steppedUp: false,
  freeSince: undefined,
  tooMuch: undefined,
  patience: PATIENCE_MS,
  queues: [],
})

/**
 * Down at once to what the uplink takes, up slowly when it has been free for a while. When a step up turns out to be too
 * much, the next one is tried later and later, so that an uplink at its limit is not tested every few seconds. Pure.
 */
export function steer(before: Steering, { at, queueSeconds, sent }: Observation, { most, least }: Bounds): Steering {
  const queues = [...before.queues, queueSeconds].slice(-TREND)
  const free = queueSeconds < FREE ? (before.freeSince ?? at) : undefined
  const now = { ...before, queues, freeSince: free }
  const settled = at - before.steppedAt >= SETTLE_MS
  const shrinks = queueSeconds < (queues[0] ?? 0) - 0.05
  if (queueSeconds > CONGESTED && settled && !shrinks && before.target > least) {
    const target = clamp(Math.min(sent * SHARE_OF_SENT, before.target * DOWN), least, most)
    const failed = before.steppedUp && {
      tooMuch: before.target,
      patience: Math.min(before.patience * 2, MOST_PATIENCE_MS),
    }
    return { ...now, target, ...failed, steppedAt: at, steppedUp: false, freeSince: undefined, queues: [] }
  }
  const next = clamp(before.target * UP, least, most)
  const risky = before.tooMuch !== undefined && next >= before.tooMuch
  const wait = risky ? before.patience : PATIENCE_MS
  if (free !== undefined && at - Math.max(free, before.steppedAt) >= wait && before.target < most) {
    const proven = before.tooMuch !== undefined && before.target >= before.tooMuch
    const fresh = proven && { tooMuch: undefined, patience: PATIENCE_MS }
    return { ...now, target: next, ...fresh, steppedAt: at, steppedUp: true, freeSince: at }
  }
  return now
}

const clamp = (value: number, least: number, most: number): number =>
  Math.round(Math.min(Math.max(value, Math.min(least, most)), most))
