import type { FillerItem, TimelineState } from '../../../contract/generated/openapi.v1.ts'
import { rfc3339 } from '../../../lib/clock.ts'
import type { Rank } from '../ranks.ts'
import type { SoundChoice } from '../sound.ts'
import type { Noted } from './diary.ts'
import type { Edition } from './edition.ts'
import { nextPicture, roundOf, type ScoredCue } from './score.ts'

/** A timeline that runs, as it is kept: what a restart of control goes on from. Times in UTC ms. */
export interface Run {
  /** Absent off air. */
  program?: string
  actor: string
  /** As people read it: nothing is counted by it. */
  startedAt: number
  /** When the position was 0; journeys of timing `arrival`, holds, extensions and jumps move it. */
  zero: number
  /** Position up to which everything has been dealt with. */
  handled?: number
  /** Position that is being joined, or whose camera is on its way. */
  joining?: number
  /** Overlays that it plays. */
  overlays: string[]
  /** How its program sounded when it was started: what is left of that where no cue has had its say. */
  sound?: SoundChoice
  held?: Hold
}

/** The position stands still. Times in UTC ms. */
export interface Hold {
  since: number
  by: string
  /** Of whoever holds it. */
  rank?: Rank
  why?: string
  /** Absent: until somebody releases it. */
  until?: number
}

/** What runs. It may be changed meanwhile. */
export interface Running extends Noted {
  gap: 'hold' | 'slate' | 'filler'
  filler?: FillerItem[]
  timing: 'clock' | 'arrival'
  offAir: boolean
}

/** As it is kept. */
export type TimelineBody = Omit<Running, 'id'> & Partial<Edition>

/** What a schedule has to know of a timeline. */
export interface Course {
  name: string
  /** Undefined: it is a tour, or no wire leads from it to one. */
  program: string | undefined
  loop: boolean
  /** ms */
  length: number
}

/** Whose picture is on air, or about to be; `at`: its first frame, UTC ms. */
export interface Picture {
  cue: ScoredCue
  position: number
  moving: boolean
  at?: number
}

export const positionAt = ({ zero, held }: Run, now: number): number => (held?.since ?? now) - zero

/** It goes on at another position, from the moment `at` on; nothing holds it any more. Pure. */
export function jumped({ held: _, ...run }: Run, position: number, at: number): Run {
  return { ...run, zero: at - position, handled: position, joining: position }
}

/** What is under way gets longer. Pure. */
export const extended = (run: Run, ms: number): Run => ({ ...run, zero: run.zero + ms })

/** Goes on from where it stood still. Pure. */
export function released({ held, ...run }: Run, now: number): Run {
  return held ? { ...run, zero: run.zero + now - held.since } : run
}

/** When its first picture is due (UTC ms); undefined: it is under way. */
export const beginsAt = ({ zero, joining, handled }: Run): number | undefined =>
  joining !== undefined && handled === undefined ? zero + joining : undefined

/** It was started for later. */
const isWaiting = (run: Run, now: number): boolean => now < (beginsAt(run) ?? Number.NEGATIVE_INFINITY)

/** When position 0 was, or will have been once it goes on; undefined: only whoever holds it knows. */
function zeroOf({ zero, held }: Pick<Run, 'zero' | 'held'>): number | undefined {
  if (!held) return zero
  return held.until === undefined ? undefined : zero + held.until - held.since
}

/** When what is under way from a position on ends (UTC ms); undefined: only whoever holds it knows. */
export function endsAt(run: Pick<Run, 'zero' | 'held'>, since: number, { duration }: ScoredCue): number | undefined {
  const zero = zeroOf(run)
  return zero === undefined ? undefined : zero + since + duration
}

/** As people see it. `off`: by how much (ms) their clock is ahead of that of the times given. Pure. */
export function stateOf(
  timeline: Running,
  counted: Run,
  shown: Picture | undefined,
  { now: by, off }: { now: number; off: number },
): TimelineState {
  const [run, now] = [toldRun(counted, off), by + off]
  const picture = shown && { ...shown, ...(shown.at !== undefined && { at: shown.at + off }) }
  const { program, startedAt, actor, held, handled, joining } = run
  const zero = zeroOf(run)
  const next = zero === undefined ? undefined : nextPicture(timeline, handled ?? Number.NEGATIVE_INFINITY)
  return {
    status: isWaiting(run, now) ? 'waiting' : 'running',
    ...(program !== undefined && { program }),
    ...{ startedAt: rfc3339(startedAt), startedBy: actor },
    // Held it would be another one with each look, and say nothing that `held` does not.
    ...(!held && { zeroAt: rfc3339(run.zero) }),
    round: roundOf(timeline, Math.max(0, handled ?? joining ?? 0)),
    ...(picture && { cue: shownCue(picture, run) }),
    ...(next && zero !== undefined && { next: { id: next.cue.id, at: rfc3339(zero + next.since) } }),
    ...(held && { held: { ...shownHold(held), position: positionAt(run, now) } }),
  }
}

const toldRun = ({ zero, held, ...run }: Run, off: number): Run => ({
  ...{ ...run, zero: zero + off },
  ...(held && {
    held: { ...held, since: held.since + off, ...(held.until !== undefined && { until: held.until + off }) },
  }),
})

function shownCue({ cue, position, moving, at }: Picture, run: Run): NonNullable<TimelineState['cue']> {
  const until = endsAt(run, position, cue)
  const since = at === undefined ? {} : { since: rfc3339(at), ...(until !== undefined && { until: rfc3339(until) }) }
  return { id: cue.id, moving, ...since }
}

const shownHold = ({ since, by, why, until }: Hold) => ({
  ...{ since: rfc3339(since), by },
  ...(why !== undefined && { why }),
  ...(until !== undefined && { until: rfc3339(until) }),
})
