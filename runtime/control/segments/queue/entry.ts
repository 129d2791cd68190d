import type { Fault } from '../../../contract/generated/openapi.v1.ts'
import type { Actor } from '../../ports.ts'

/** A segment that waits for its turn. `addedAt`: UTC ms, as people read it. */
export interface Entry {
  id: string
  /** Names its cues in the queue's timeline. */
  n: number
  segment: string
  name: string
  addedAt: number
  addedBy: string
}

/** One that has its place in the queue's timeline (ms from its beginning). */
export interface Placed extends Entry {
  from: number
  length: number
  /** Why the slate stands in for it. */
  problem?: string
}

/** What was on air before the queue, and is again after it. */
export interface Before {
  source: string
  isClip: boolean
  name: string
  /** It goes on where it would be by then. `zero`: UTC ms at which its position was 0. */
  timeline?: { id: string; zero: number }
}

/** What is on air of the queue. `zero`: as above, of its timeline. */
export interface Run {
  zero: number
  placed: Placed[]
  before: Before
  actor: Actor
  /** The entry that was told last to have begun. */
  told?: string
}

/** To be played at `at` (UTC ms), before all that wait. */
export interface Due {
  entry: Entry
  at: number
  actor: Actor
}

/** The queue as it is kept. */
export interface QueueBody {
  /** Nothing begins by itself. */
  held: boolean
  n: number
  waiting: Entry[]
  /** In order of time. */
  due?: Due[]
  /** Its timeline, and the program on which that ran last. */
  timeline?: string
  program?: string
  run?: Run
  /** Why it could not begin. */
  error?: Fault
}

export const EMPTY: QueueBody = { held: false, n: 0, waiting: [] }

export const endOf = ({ from, length }: Pick<Placed, 'from' | 'length'>): number => from + length
