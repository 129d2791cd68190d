import { VistterError } from '../../contract/errors.ts'
import type { ReachedTimes } from '../../contract/generated/engine.v1.ts'
import type { OclDocument } from '../../contract/generated/ocl.v1.ts'
import type { OverlaySummary, PlayRequest } from '../../contract/generated/openapi.v1.ts'
import { rfc3339 } from '../../lib/clock.ts'
import { timelineOf } from '../../ocl/compile.ts'
import type { ShowTime } from '../ports.ts'

/** What the news takes to the mixer: a play that began before it would have lost its first frames. */
export const PLAY_LEAD_MS = 120

export interface Play {
  /** UTC ms at which t was 0. */
  startedAt: number
  /** UTC ms: the frame of that moment is the first with it, where it is half way through by then. */
  firstAt?: number
  /** UTC ms: the frame of that moment is the first without it. */
  endsAt?: number
  scene?: string
  reached?: ReachedTimes
}

/** A play on a show's account. */
export interface Beginning {
  /** UTC ms: the frame of that moment is the first without it. It plays until it is stopped all the same. */
  endsAt?: number
  /** A cue says it: it is by the frame, however soon, and what was to follow is no more. Otherwise a position only tells where it stands. */
  cued?: boolean
  /** Should that end before it is on air, nobody wants it any more. */
  leg?: AbortSignal | undefined
}

export type Ending = Pick<PlayRequest & Beginning, 'at' | 'cued'>

/** What a play gives way to from a moment (UTC ms) on: another one or, without it, nothing. */
export interface Following {
  at: number
  play?: Play
}

export interface OverlayBody {
  /** As it was sent: what this release does not know may be known by the next one. */
  document: Record<string, unknown>
  updatedAt: number
  playing?: Play
  following?: Following
}

export interface Course {
  playing?: Play
  following?: Following
}

/** How it is played at a moment: what was to follow has taken its place from its time on. Pure. */
export function withCourse<Body extends Course>(body: Body, now: number): Body {
  const { playing: _, following, ...rest } = body
  if (!following || now < following.at) return body
  return { ...rest, ...(following.play && { playing: following.play }) } as Body
}

/**
 * It is played, or stopped, at once; or from a moment on, when it plays until then: what is on air does not leave before its
 * time. Whoever only tells where it stands changes nothing of what is to follow. `now`: UTC ms. Pure.
 */
export function withPlay<Body extends Course>(
  before: Body,
  play: Play | undefined,
  { at, position, cued }: PlayRequest & Beginning,
  now: number,
): Body {
  const moment = at === undefined ? 0 : Date.parse(at)
  const { playing, following, ...body } = withCourse(before, now)
  const waits = moment > now + (cued ? 0 : PLAY_LEAD_MS) && playing !== undefined && playing.startedAt <= now
  if (waits) return { ...body, playing, following: { at: moment, ...(play && { play }) } } as Body
  const stays = play && position !== undefined && !cued && following
  return { ...body, ...(play && { playing: play }), ...(stays && { following }) } as Body
}

/** What plays, and what was to follow, ends at another moment (UTC ms); undefined: when it is stopped. Pure. */
export function ending<Body extends Course>(body: Body, endsAt: number | undefined): Body {
  const told = ({ endsAt: _, ...play }: Play): Play => ({ ...play, ...(endsAt !== undefined && { endsAt }) })
  const { playing, following } = body
  if (following?.play) return { ...body, following: { ...following, play: told(following.play) } }
  return { ...body, ...(playing && { playing: told(playing) }) }
}

/** UTC ms at which t of a play that is asked for now is, or was, 0. Pure. */
function startOf({ at, position }: PlayRequest, now: number): number {
  const asked = at === undefined ? undefined : Date.parse(at)
  // One that joins half way has no first frames to lose.
  return position === undefined ? Math.max(asked ?? 0, now + PLAY_LEAD_MS) : (asked ?? now) - position
}

/** As people ask for it, by the clock by which it plays. Throws what is no time. */
export function countedBy<Asked extends { at?: string }>(clock: Pick<ShowTime, 'of'>, asked: Asked): Asked {
  if (asked.at === undefined) return asked
  const at = Date.parse(asked.at)
  // A flow may send whatever text it likes.
  if (Number.isNaN(at)) throw new VistterError('BAD_REQUEST', '/at: this is not a time.')
  return { ...asked, at: rfc3339(clock.of(at)) }
}

/** How a play that is asked for now goes. Pure. */
export function playOf({ scene, endsAt, cued, ...request }: PlayRequest & Beginning, now: number): Play {
  const startedAt = startOf(request, now)
  const firstAt = cued && request.at !== undefined ? Date.parse(request.at) : startedAt
  return {
    startedAt,
    ...(firstAt > startedAt && { firstAt }),
    ...(endsAt !== undefined && { endsAt }),
    ...(scene !== undefined && { scene }),
  }
}

/** Whether it has something to show when it has been playing for so long (ms). Pure. */
export function lasts(document: OclDocument, ms: number): boolean {
  const { end, loop } = timelineOf(document)
  return loop || ms < end
}

/** Whether that scene is what plays at a moment (UTC ms), and goes on after it. Pure. */
export function playsOn(
  course: Course,
  scene: string | undefined,
  at: number,
  goesOn: (ms: number) => boolean,
): boolean {
  const { playing } = withCourse(course, at)
  return playing !== undefined && playing.scene === scene && goesOn(at - playing.startedAt)
}

/** As people read it. Pure. */
export function shownCourse(
  { playing, following }: { playing: Play | undefined; following: Following | undefined },
  clock: Pick<ShowTime, 'told'>,
): Pick<OverlaySummary, 'playing' | 'next'> {
  const read = (at: number) => rfc3339(clock.told(at))
  const next = following && {
    ...{ at: read(following.at), playing: following.play !== undefined, scene: following.play?.scene ?? null },
  }
  return {
    playing: playing ? { startedAt: read(playing.startedAt), scene: playing.scene ?? null } : null,
    ...(next && { next }),
  }
}
