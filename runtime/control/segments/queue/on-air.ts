import { VistterError } from '../../../contract/errors.ts'
import type { Program, Timeline, TimelineState } from '../../../contract/generated/openapi.v1.ts'
import { rfc3339 } from '../../../lib/clock.ts'
import type { Actor } from '../../ports.ts'
import type { Stage } from '../stage.ts'
import type { Before } from './entry.ts'
import { lengthOf, pictureAt, type Score } from './joined.ts'

/** What a start takes (ms): so much later a timeline is asked to go on. */
const START = 400

/** What rules a program while no segment does, and how it comes back. */
export class OnAir {
  private readonly stage: Stage

  constructor(stage: Stage) {
    this.stage = stage
  }

  /** `own`: the queue's timeline, which is no answer. */
  async before(program: string, own: string | undefined, actor: Actor): Promise<Before> {
    const { stage } = this
    const { wanted, wantedName: name, time } = await stage.program(program, actor)
    const isClip = wanted !== 'slate' && !(await stage.isCamera(wanted, actor))
    const running = (await stage.timelines(actor)).find(
      ({ id, state }) => id !== own && state.status === 'running' && state.program === program,
    )
    const zero = running && zeroOf(running.state, Date.parse(time))
    return {
      ...{ source: wanted, isClip, name: running?.name ?? name },
      ...(running && zero !== undefined && { timeline: { id: running.id, zero } }),
    }
  }

  /** Its timeline, where that still goes on at a time (UTC ms). */
  async goesOn({ timeline }: Before, at: number, actor: Actor): Promise<Timeline | undefined> {
    if (!timeline) return undefined
    const there = await this.stage.timeline(timeline.id, actor)
    const over = there && !there.loop && at - timeline.zero >= lengthOf(there.cues)
    return over ? undefined : there
  }

  /** Its picture at a time (UTC ms). Pure. */
  pictureOf({ source, isClip, timeline }: Before, score: Score | undefined, at: number) {
    const shown = timeline && score && pictureAt(score, at - timeline.zero)
    return shown ?? { start: 0, duration: 0, ...(isClip ? { clip: source } : { camera: source }) }
  }

  /** Its timeline goes on where it would be by now. Answers whether there is one. */
  async resume(before: Before, now: number, actor: Actor): Promise<boolean> {
    const at = now + START
    const timeline = await this.goesOn(before, at, actor)
    if (!timeline || !before.timeline) return false
    const length = lengthOf(timeline.cues)
    const position = at - before.timeline.zero
    const within = timeline.loop && length > 0 ? position % length : position
    await this.stage.startTimeline(timeline.id, { at: rfc3339(at), position: Math.max(0, within) }, actor)
    return true
  }

  /** At once: its timeline, or its source. */
  async putBack(before: Before, program: string, now: number, actor: Actor): Promise<Program | undefined> {
    if (await this.resume(before, now, actor)) return undefined
    return this.stage.take(program, before.source, actor).catch(unlessGone)
  }
}

/** The camera was deleted meanwhile, or its wire: what is on air stays. */
function unlessGone(error: unknown): undefined {
  const known = error instanceof VistterError && ['UNKNOWN_REFERENCE', 'NOT_WIRED', 'CONFLICT'].includes(error.code)
  if (!known) throw error
}

/** One that is held goes on from there. */
const zeroOf = ({ zeroAt, held }: TimelineState, now: number): number | undefined =>
  held ? now - held.position : zeroAt === undefined ? undefined : Date.parse(zeroAt)
