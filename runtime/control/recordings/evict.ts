/** What the decision needs to know of a recording. */
export interface Weighed {
  id: string
  bytes: number
  startedAt: number
  /** Absent while it runs. */
  endedAt?: number
  /** It is also somewhere else. */
  uploaded?: boolean
}

export interface Limits {
  quotaBytes: number
  /** Infinity keeps for ever. */
  keepMs: number
}

/**
 * Which recordings go: those that are too old, then those that are also somewhere else, then the others, each time the
 * oldest first and until the rest fits the quota. One that runs never goes. Pure.
 */
export function evict(recordings: readonly Weighed[], { quotaBytes, keepMs }: Limits, now: number): string[] {
  const done = recordings
    .filter(({ endedAt }) => endedAt !== undefined)
    .sort((a, b) => Number(b.uploaded ?? false) - Number(a.uploaded ?? false) || a.startedAt - b.startedAt)
  let total = recordings.reduce((sum, { bytes }) => sum + bytes, 0)
  const gone: string[] = []
  for (const { id, bytes, endedAt = now } of done) {
    if (total <= quotaBytes && now - endedAt <= keepMs) continue
    gone.push(id)
    total -= bytes
  }
  return gone
}

/**
 * A recording that never ends would one day be the whole quota, and nothing could make room. So it goes on as another one
 * once it is this share of it.
 */
const SHARE = 0.25

/** Which running recordings are to go on as a new one. Pure. */
export const grown = (recordings: readonly Weighed[], { quotaBytes }: Limits): string[] =>
  recordings.flatMap(({ id, bytes, endedAt }) => (endedAt === undefined && bytes > quotaBytes * SHARE ? [id] : []))
