import type { ProgramControl } from '../../contract/generated/openapi.v1.ts'
import type { Actor } from '../ports.ts'

export type Rank = ProgramControl['rank']

/** From the lowest to the highest. */
const RANKS = ['schedule', 'studio', 'operator', 'emergency'] as const satisfies readonly Rank[]

/** The flow and the schedules are what runs by itself; whoever holds a token acts for people here. */
const RANK_OF: Record<Actor['kind'], Rank> = {
  system: 'schedule',
  flow: 'schedule',
  studio: 'studio',
  token: 'operator',
  user: 'operator',
}

export const rankOf = ({ kind }: Pick<Actor, 'kind'>): Rank => RANK_OF[kind]

/** What somebody wants to do: `steer` a timeline that runs, set an `override`, set one of an `emergency`, `release` one. */
export const ACTIONS = ['take', 'start', 'stop', 'steer', 'override', 'emergency', 'release'] as const
export type Action = (typeof ACTIONS)[number]

/** What gives somebody control. A timeline in its course does not: it is what control is taken from. */
export const GROUNDS = ['emergency', 'override', 'overlays', 'hold', 'take'] as const
export type Ground = (typeof GROUNDS)[number]

/** Somebody has control. Times in UTC ms. */
export interface Claim {
  ground: Ground
  /** Of whoever made it. */
  rank: Rank
  by: string
  /** What gives it, in words: `the override slate`. */
  what: string
  why?: string | undefined
  since: number
  until?: number | undefined
  /** How it ends, in words. */
  ends: string
}

/**
 * What a lower rank is refused meanwhile. An emergency is open to everybody, at any time; overlays that are paused take the
 * picture from nobody, and who takes or holds a picture does not rule over overrides that are there already.
 */
const BARS: Record<Ground, readonly Action[]> = {
  emergency: ['take', 'start', 'stop', 'steer', 'override', 'release'],
  override: ['take', 'start', 'stop', 'steer', 'override', 'release'],
  overlays: ['override', 'release'],
  hold: ['take', 'start', 'stop', 'steer', 'override'],
  take: ['take', 'start', 'stop', 'steer', 'override'],
}

/** Who may act beneath a claim: people on the spot beneath every emergency, because they are who ends it. */
const needed = ({ ground, rank }: Pick<Claim, 'ground' | 'rank'>): Rank => (ground === 'emergency' ? 'operator' : rank)

/** The policy: emergency > operator > Studio > schedule. Pure. */
export function mayAct(who: Pick<Actor, 'kind' | 'name'>, action: Action, claim: Claim): boolean {
  if (!BARS[claim.ground].includes(action)) return true
  const rank = rankOf(who)
  if (rank === claim.rank && who.name === claim.by) return true
  return RANKS.indexOf(rank) >= RANKS.indexOf(needed(claim))
}

/** The rank that a claim is shown with. */
export const shownRank = ({ ground, rank }: Claim): Rank => (ground === 'emergency' ? 'emergency' : rank)

/** The highest first; of one rank the oldest. Pure. */
export const byRank = (claims: readonly Claim[]): Claim[] =>
  claims.toSorted((a, b) => RANKS.indexOf(shownRank(b)) - RANKS.indexOf(shownRank(a)) || a.since - b.since)
