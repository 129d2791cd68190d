import type { DesiredState } from '../../../contract/generated/engine.v1.ts'
import type { ShowTime, Turning } from '../../ports.ts'
import type { Live } from '../live.ts'
import { nextWords } from '../overlay-words.ts'
import type { Overlays } from '../overlays.ts'
import { type PlanFacts, plan } from '../plan.ts'
import type { Program } from '../program.ts'
import type { Timelines } from '../timeline/timelines.ts'
import { timelineWire } from '../wires.ts'
import { PreviewBus } from './preview-bus.ts'
import { overlaysOf, withPreview } from './preview-plan.ts'

interface Parts {
  live: Live
  program: Program
  overlays: Pick<Overlays, 'lasts'>
  turning: Turning
  timelines(): Timelines
  facts(): PlanFacts
  clock: ShowTime
  changed(): Promise<void>
}

/** The preview bus of a show, and the plan with it. */
export function showPreview({ live, program, overlays, turning, timelines, facts, clock, changed }: Parts) {
  const bus = new PreviewBus({
    ...{ program, turning, clock, changed },
    timelines: () => timelines().list(),
    lasts: (id, ms) => overlays.lasts(id, ms),
    programOf: timeline => timelineWire(live.wiring, timeline)?.program,
  })
  const desired = (): DesiredState => {
    const now = facts()
    return withPreview(plan(now), bus.previewed, now)
  }
  /** UTC ms: when words that are seen change by themselves. */
  const words = (): number => {
    const now = facts()
    const { previewed } = bus
    return nextWords({ ...now, overlays: [...now.overlays, ...(previewed ? overlaysOf(previewed, now) : [])] })
  }
  return { bus, desired, words }
}
