import { VistterError } from '../../../contract/errors.ts'
import type {
  Timeline,
  TimelineExtension,
  TimelineHold,
  TimelineJump,
  TimelineWhy,
} from '../../../contract/generated/openapi.v1.ts'
import { rfc3339 } from '../../../lib/clock.ts'
import { type Actor, type Operations, operation, type Recorder, type ShowTime, type Stored } from '../../ports.ts'
import type { Control } from '../control.ts'
import { rankOf } from '../ranks.ts'
import { calledIn } from './called.ts'
import type { Playhead } from './playhead.ts'
import type { TimelineBody } from './run.ts'
import { lengthOf } from './score.ts'

interface Deps {
  /** Throws NOT_FOUND. */
  find(id: string | undefined): Stored<TimelineBody>
  playheadOf(id: string): Playhead | undefined
  /** The one that runs on a program. */
  on(program: string): string | undefined
  shown(timeline: Stored<TimelineBody>): Timeline
  control: Pick<Control, 'ask'>
  clock: ShowTime
  record: Recorder
}

/** What is done and said, and the reason that was given for it. */
interface Deed {
  type: string
  what: string
  why?: string | undefined
  data?: object
  do(playhead: Playhead): Promise<void>
}

/** What people do to a timeline that runs: it goes on all the same, earlier, later or elsewhere. */
export class Steering {
  private readonly deps: Deps

  constructor(deps: Deps) {
    this.deps = deps
  }

  operations(): Operations {
    return {
      jumpTimeline: operation<TimelineJump>(({ params, body, actor }) => this.jump(params.id, body, actor)),
      skipCue: operation<TimelineWhy | undefined>(({ params, body, actor }) =>
        this.steer(params.id, actor, {
          type: 'timeline.skipped',
          what: 'went on to its next cue',
          why: body?.reason,
          do: playhead => playhead.skip(),
        }),
      ),
      extendCue: operation<TimelineExtension>(({ params, body: { ms, reason }, actor }) =>
        this.steer(params.id, actor, {
          type: 'timeline.extended',
          what: `had its cue extended by ${ms / 1_000} s`,
          why: reason,
          data: { ms },
          do: playhead => playhead.extend(ms),
        }),
      ),
      holdCue: operation<TimelineHold | undefined>(({ params, body, actor }) =>
        this.hold(params.id, body ?? {}, actor),
      ),
      releaseCue: operation<TimelineWhy | undefined>(({ params, body, actor }) =>
        this.steer(params.id, actor, {
          type: 'timeline.released',
          what: 'goes on',
          why: body?.reason,
          do: playhead => playhead.release(),
        }),
      ),
      releaseTake: operation(({ actor }) => this.giveBack('main', actor)),
      releaseTakeById: operation(({ params, actor }) => this.giveBack(params.id ?? '', actor)),
    }
  }

  /** The picture of the timeline instead of a take that lies over it. */
  private async giveBack(program: string, actor: Actor): Promise<void> {
    const timeline = this.deps.on(program)
    if (timeline === undefined)
      throw new VistterError('CONFLICT', `No timeline runs on ${program} to which its picture could be given back.`)
    this.deps.control.ask(program, 'take', actor)
    await this.steer(timeline, actor, {
      ...{ type: 'timeline.returned', what: `has its picture on ${program} again` },
      do: playhead => playhead.rejoin(),
    })
  }

  private jump(id: string | undefined, { cue, position, reason }: TimelineJump, actor: Actor): Promise<Timeline> {
    const { name, cues } = this.deps.find(id).body
    if ((cue === undefined) === (position === undefined))
      throw new VistterError('BAD_REQUEST', 'Give either `position` or `cue`.')
    const start = cue === undefined ? position : cues.find(each => each.id === cue)?.start
    if (start === undefined) throw new VistterError('UNKNOWN_REFERENCE', `${name} has no cue ${cue}.`)
    if (start >= lengthOf(cues))
      throw new VistterError('BAD_REQUEST', `/position: ${name} ends at ${lengthOf(cues)} ms.`)
    return this.steer(id, actor, {
      type: 'timeline.jumped',
      what: `went on at ${cue === undefined ? `${start / 1_000} s` : `its cue ${calledIn(cues, cue)}`}`,
      why: reason,
      data: { position: start, ...(cue !== undefined && { cue }) },
      do: playhead => playhead.jump(start),
    })
  }

  private hold(id: string | undefined, { reason, until }: TimelineHold, actor: Actor): Promise<Timeline> {
    const { clock } = this.deps
    const end = until === undefined ? undefined : clock.of(Date.parse(until))
    if (end !== undefined && !(end > clock.now())) throw new VistterError('BAD_REQUEST', '/until: this time is over.')
    const hold = { by: actor.name, rank: rankOf(actor), ...(reason !== undefined && { why: reason }) }
    return this.steer(id, actor, {
      type: 'timeline.held',
      what: `is held${end === undefined ? '' : ` until ${rfc3339(clock.told(end))}`}`,
      why: reason,
      data: { ...(until !== undefined && { until }) },
      do: playhead => playhead.hold({ ...hold, ...(end !== undefined && { until: end }) }),
    })
  }

  private async steer(id: string | undefined, actor: Actor, deed: Deed): Promise<Timeline> {
    const timeline = this.deps.find(id)
    const { name } = timeline.body
    const playhead = this.deps.playheadOf(timeline.id)
    const before = playhead?.state()
    if (!playhead || before?.status !== 'running')
      throw new VistterError('CONFLICT', `${name} ${playhead ? 'has not begun' : 'does not run'}: start it first.`)
    if (playhead.program !== undefined) this.deps.control.ask(playhead.program, 'steer', actor)
    await deed.do(playhead)
    const { type, what, why, data } = deed
    this.deps.record({
      ...{ type, severity: 'info', actor: actor.name },
      message: `The timeline ${name} ${what}${why === undefined ? '.' : `: ${why}`}`,
      data: { timeline: timeline.id, from: before.cue?.id, ...data, ...(why !== undefined && { reason: why }) },
    })
    return this.deps.shown(timeline)
  }
}
