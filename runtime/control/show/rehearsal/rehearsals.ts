import { VistterError } from '../../../contract/errors.ts'
import type { DryRun, DryRunRequest } from '../../../contract/generated/openapi.v1.ts'
import { type Clock, rfc3339 } from '../../../lib/clock.ts'
import { inSlices } from '../../../lib/slices.ts'
import { type Operations, operation } from '../../ports.ts'
import type { Entry } from '../schedule/calendar.ts'
import type { Feed } from './claims.ts'
import { dayOf, dayOfOne, type Kept } from './day.ts'
import { type Day, dryRun } from './dry-run.ts'
import type { House } from './house.ts'

const HOUR = 3_600_000

interface Deps {
  house(): House
  timelines(): Kept[]
  calendar(from: number, to: number): Entry[]
  /** Destinations that show a camera at a preset. */
  feeds(): Omit<Feed, 'from' | 'to'>[]
  clock: Clock
}

/** Dry runs: what of a day would go wrong, found before. */
export class Rehearsals {
  private busy = false
  private readonly deps: Deps

  constructor(deps: Deps) {
    this.deps = deps
  }

  operations(): Operations {
    return {
      dryRun: operation<DryRunRequest | undefined>(({ body }) => this.run(body ?? {})),
      dryRunTimeline: operation<DryRunRequest | undefined>(({ params, body }) => this.run(body ?? {}, params.id)),
    }
  }

  private async run({ from: asked, hours = 24 }: DryRunRequest, one?: string): Promise<DryRun> {
    const { clock } = this.deps
    const from = asked === undefined ? clock.now() : Date.parse(asked)
    const to = from + hours * HOUR
    if (this.busy) throw new VistterError('DRY_RUN_BUSY', 'Another dry run is under way.')
    this.busy = true
    const begun = clock.mono()
    try {
      const { findings, more } = (await inSlices(dryRun(this.day(from, to, one)), clock)).told()
      const told = findings.map(({ at, to, ...found }) => ({ ...found, at: rfc3339(at), to: rfc3339(to) }))
      const ok = !findings.some(({ severity }) => severity === 'error')
      return {
        ...{ from: rfc3339(from), to: rfc3339(to) },
        ms: Math.round(clock.mono() - begun),
        ok,
        findings: told,
        more,
      }
    } finally {
      this.busy = false
    }
  }

  private day(from: number, to: number, one: string | undefined): Day {
    const { house, timelines, calendar, feeds } = this.deps
    const given = { timelines: timelines(), feeds: feeds(), house: house(), from, to }
    if (one === undefined) return dayOf({ ...given, calendar: calendar(from, to) })
    const timeline = given.timelines.find(({ id }) => id === one)
    if (!timeline) throw new VistterError('NOT_FOUND', `There is no timeline ${one}.`)
    return dayOfOne(timeline, given)
  }
}
