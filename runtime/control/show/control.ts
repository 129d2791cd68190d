import { VistterError } from '../../contract/errors.ts'
import type { ProgramControl, TimelineState } from '../../contract/generated/openapi.v1.ts'
import { rfc3339 } from '../../lib/clock.ts'
import type { Actor } from '../ports.ts'
import type { Live, Override } from './live.ts'
import { type Action, byRank, type Claim, mayAct, type Rank, shownRank } from './ranks.ts'

/** Kinds of overrides that are emergencies. */
const EMERGENCIES: readonly Override['kind'][] = ['slate', 'stop']

/** What setting an override is. */
export const overrideAction = (kind: Override['kind']): Action =>
  EMERGENCIES.includes(kind) ? 'emergency' : 'override'

interface Deps {
  live: Pick<Live, 'overrides' | 'takes' | 'takers' | 'runs'>
  timelines(): readonly { id: string; body: { name: string }; state: TimelineState }[]
}

/** Who has control of a program, and therefore who has not. */
export class Control {
  private readonly deps: Deps

  constructor(deps: Deps) {
    this.deps = deps
  }

  /** Throws CONTROL_HELD where somebody of a higher rank has it. */
  ask(program: string, action: Action, actor: Pick<Actor, 'kind' | 'name'>): void {
    const claim = byRank(this.claims(program)).find(each => !mayAct(actor, action, each))
    if (!claim) return
    const { by, what, why, since, until, ends } = claim
    const reason = why === undefined ? '' : ` (${why})`
    const last = until === undefined ? '' : `, at ${rfc3339(until)}`
    const sentence = `${by} (${shownRank(claim)}) has control of ${program} since ${rfc3339(since)} by ${what}${reason}; it ends ${ends}${last}.`
    throw new VistterError('CONTROL_HELD', sentence, { control: shown(claim) })
  }

  /** Null: nobody, and no timeline runs. */
  of(program: string): ProgramControl | null {
    const [claim] = byRank(this.claims(program))
    if (claim) return shown(claim)
    const running = this.runningOn(program)
    if (!running) return null
    const { startedAt = rfc3339(0) } = running.state
    return { rank: 'schedule', by: running.name, what: `the timeline ${running.name}`, since: startedAt }
  }

  private claims(program: string): Claim[] {
    return [this.override(program), this.hold(program), this.take(program)].flatMap(claim => claim ?? [])
  }

  private override(program: string): Claim | undefined {
    const override = this.deps.live.overrides[program]
    if (!override) return undefined
    const { kind, reason: why, since, until, actor: by, rank = 'operator' } = override
    const emergency = EMERGENCIES.includes(kind)
    const ground = emergency ? 'emergency' : kind === 'pause-overlays' ? 'overlays' : 'override'
    return { ground, rank, by, what: `the override ${kind}`, why, since, until, ends: 'when it is released' }
  }

  private hold(program: string): Claim | undefined {
    const running = this.runningOn(program)
    const held = running && this.deps.live.runs[running.id]?.held
    if (!held) return undefined
    const { by, why, rank = 'operator' } = held
    const { since = rfc3339(held.since), until } = running.state.held ?? {}
    const ends = 'when the timeline is released, skipped or stopped'
    return {
      ground: 'hold',
      rank,
      by,
      what: `a hold of the timeline ${running.name}`,
      why,
      ...spanOf(since, until),
      ends,
    }
  }

  /** Without a timeline a take takes the picture from nothing. */
  private take(program: string): Claim | undefined {
    const { takers, takes } = this.deps.live
    const [running, taker, take] = [this.runningOn(program), takers[program], takes[program]]
    if (!running || !taker || taker.take !== take?.id) return undefined
    const next = running.state.next?.at
    const until = next === undefined ? undefined : Date.parse(next)
    const { rank, by, why, since } = taker
    return { ground: 'take', rank, by, what: 'a take', why, since, until, ends: 'with the next cue' }
  }

  private runningOn(program: string) {
    const found = this.deps.timelines().find(({ state }) => state.status === 'running' && state.program === program)
    return found && { id: found.id, name: found.body.name, state: found.state }
  }
}

const spanOf = (since: string, until: string | undefined): Pick<Claim, 'since' | 'until'> => ({
  ...{ since: Date.parse(since), until: until === undefined ? undefined : Date.parse(until) },
})

function shown(claim: Claim): ProgramControl {
  const { by, what, why, since, until } = claim
  return {
    ...{ rank: shownRank(claim), by, what, since: rfc3339(since) },
    ...(why !== undefined && { why }),
    ...(until !== undefined && { until: rfc3339(until) }),
  }
}

/** Who took what is on air; `take`: its id. */
export interface Taker {
  take: string
  rank: Rank
  by: string
  why?: string
  /** UTC ms. */
  since: number
}
