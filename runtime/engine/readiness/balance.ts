/** How busy the machine is: the share of all its processors (0 to 1) that the show takes, and whether frames suffer. */
export interface Sample {
  load: number
  /** Frames came late, or one was repeated or left out. */
  late: boolean
}

/** A camera whose readiness follows the room that there is. Times are monotonic ms. */
export interface AutoCamera {
  id: string
  /** On air, next, a fallback, or looked at: it keeps decoding. */
  used: boolean
  lastUsed: number
  asleep: boolean
  /** What it takes, or took, to decode it: as a share like the load. */
  cost: number
}

export interface Turn {
  id: string
  to: 'standby' | 'hot'
  why: 'load' | 'late' | 'room'
}

/** What is remembered from one look to the next. */
export interface Balance {
  /** Since when there was too little room, and since when enough. */
  tightSince?: number
  roomySince?: number
  wokeAt: number
  /** How long there must be room: longer each time when a camera that woke up had to go back to sleep. */
  patience: number
}

/** Above HIGH for so long a camera goes to standby; when one fits below LOW for so long it comes back. */
export const HIGH = 0.8
export const LOW = 0.65
export const TIGHT_FOR_MS = 5_000
export const ROOMY_FOR_MS = 10_000
const LONGEST_PATIENCE_MS = 600_000
/** A camera that must sleep again so soon after one woke up: that one should not have. */
const TOO_SOON_MS = 60_000

export const RESTED: Balance = { wokeAt: Number.NEGATIVE_INFINITY, patience: ROOMY_FOR_MS }

/** One look, at most one turn: cameras go in the order in which they were used last, and come back in the reverse. Pure. */
export function balance(
  before: Balance,
  now: number,
  { load, late }: Sample,
  cameras: readonly AutoCamera[],
): { next: Balance; turn?: Turn } {
  const tight = late || load > HIGH
  const fitting = late ? [] : cameras.filter(({ asleep, used, cost }) => asleep && !used && load + cost < LOW)
  const tightSince = tight ? (before.tightSince ?? now) : undefined
  const roomySince = fitting.length > 0 ? (before.roomySince ?? now) : undefined
  const { wokeAt, patience } = before
  const since = { ...(tightSince !== undefined && { tightSince }), ...(roomySince !== undefined && { roomySince }) }

  if (tightSince !== undefined && now - tightSince >= TIGHT_FOR_MS) {
    const oldest = byUse(cameras.filter(({ asleep, used }) => !asleep && !used)).at(0)
    if (!oldest) return { next: { ...since, wokeAt, patience } }
    const again = now - wokeAt < TOO_SOON_MS
    const longer = again ? Math.min(LONGEST_PATIENCE_MS, 2 * patience) : ROOMY_FOR_MS
    return {
      next: { wokeAt, patience: longer },
      turn: { id: oldest.id, to: 'standby', why: load > HIGH ? 'load' : 'late' },
    }
  }
  if (roomySince !== undefined && now - roomySince >= patience) {
    const newest = byUse(fitting).at(-1)
    if (newest) return { next: { wokeAt: now, patience }, turn: { id: newest.id, to: 'hot', why: 'room' } }
  }
  return { next: { ...since, wokeAt, patience } }
}

const byUse = (cameras: readonly AutoCamera[]): AutoCamera[] =>
  cameras.toSorted((a, b) => a.lastUsed - b.lastUsed || (a.id < b.id ? -1 : 1))
