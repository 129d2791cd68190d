import { VistterError } from '../../contract/errors.ts'
import type { Override as OverrideBody, OverrideRequest } from '../../contract/generated/openapi.v1.ts'
import { type Clock, rfc3339 } from '../../lib/clock.ts'
import type { Actor, Recorder } from '../ports.ts'
import type { Live, Override } from './live.ts'
import { rankOf } from './ranks.ts'

/** setTimeout takes no more (ms); a longer wait is taken up again. */
const LONGEST_WAIT = 2 ** 31 - 1

const WORDS: Record<Override['kind'], string> = {
  slate: 'shows the slate',
  hold: 'is paused on its last picture',
  'pause-overlays': 'shows no overlays',
  stop: 'is stopped: its destinations end',
}

interface Deps {
  live: Live
  clock: Clock
  changed(): Promise<void>
  record: Recorder
}

/** What an operator, or Studio, puts above shows and takes. Kept, so that a restart of control ends none and prolongs none. */
export class Overrides {
  private timer: NodeJS.Timeout | undefined
  private readonly deps: Deps

  constructor(deps: Deps) {
    this.deps = deps
  }

  start(): void {
    this.expire()
  }

  stop(): void {
    clearTimeout(this.timer)
  }

  of(program: string): OverrideBody | null {
    const override = this.deps.live.overrides[program]
    if (!override) return null
    const { kind, reason, since, until, actor } = override
    return { kind, reason, since: rfc3339(since), actor, ...(until !== undefined && { until: rfc3339(until) }) }
  }

  async set(program: string, { kind, reason, until }: OverrideRequest, actor: Pick<Actor, 'kind' | 'name'>) {
    const { live, clock, changed, record } = this.deps
    const since = clock.now()
    const end = until === undefined ? undefined : Date.parse(until)
    // A flow may send whatever text it likes.
    if (Number.isNaN(end)) throw new VistterError('BAD_REQUEST', '/until: this is not a time.')
    if (end !== undefined && end <= since) throw new VistterError('BAD_REQUEST', '/until: this time is over.')
    const by = { actor: actor.name, rank: rankOf(actor) }
    await live.setOverride(program, { kind, reason, since, ...by, ...(end !== undefined && { until: end }) })
    const message = `The program ${program} ${WORDS[kind]}: ${reason}`
    const data = { program, kind, reason, until }
    record({ type: 'program.overridden', severity: 'warning', message, actor: actor.name, data })
    this.expire()
    await changed()
  }

  /** Idempotent. */
  async release(program: string, actor: string): Promise<void> {
    const { live, changed, record } = this.deps
    const override = live.overrides[program]
    if (!override) return
    await live.setOverride(program, undefined)
    const message = `The override of the program ${program} (${override.kind}) has ended.`
    record({ type: 'program.released', severity: 'info', message, actor, data: { program, kind: override.kind } })
    await changed()
  }

  /** Ends what is over, and waits for the next one. */
  private expire(): void {
    clearTimeout(this.timer)
    const now = this.deps.clock.now()
    const ends = Object.entries(this.deps.live.overrides).flatMap(([program, { until }]) =>
      until === undefined ? [] : [{ program, until }],
    )
    for (const { program, until } of ends) if (until <= now) void this.release(program, 'its time is over')
    const waits = ends.filter(({ until }) => until > now).map(({ until }) => until - now)
    if (waits.length > 0) this.timer = setTimeout(() => this.expire(), Math.min(LONGEST_WAIT, ...waits))
  }
}
