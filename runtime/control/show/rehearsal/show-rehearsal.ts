import type { Clock } from '../../../lib/clock.ts'
import type { Live } from '../live.ts'
import type { Overlays } from '../overlays.ts'
import type { Program } from '../program.ts'
import { bookingsBetween, calendarOf, type Entry } from '../schedule/calendar.ts'
import type { Schedules } from '../schedule/schedules.ts'
import type { ShowDeps } from '../show-deps.ts'
import type { Timelines } from '../timeline/timelines.ts'
import { findWired } from '../wired-sources.ts'
import { destinationWire } from '../wires.ts'
import type { House } from './house.ts'
import { Rehearsals } from './rehearsals.ts'

interface Parts {
  live: Live
  program: Program
  overlays: Overlays
  timelines: Timelines
  schedules: Schedules
  deps: Pick<ShowDeps, 'cameras' | 'presets' | 'turning' | 'destinations' | 'recordings'>
  clock: Clock
}

/** What checks a show before it is on air. */
export function showRehearsal({ live, program, overlays, timelines, schedules, deps, clock }: Parts) {
  const { cameras, presets, turning, destinations, recordings } = deps
  const house = (): House => {
    const known = new Map(overlays.list().map(overlay => [overlay.id, overlay]))
    const fedBy = destinations.list().map(each => ({ each, wire: destinationWire(live.wiring, each) }))
    return {
      cameras: cameras.list(),
      preset: (camera, wanted) => turning.preset(camera, wanted),
      outlook: preset => presets.outlook(preset),
      overlay: id => known.get(id),
      hasClip: (id, clip) => program.ids().includes(id) && findWired(program.wired(id).sources, clip) !== undefined,
      destinations: id => fedBy.flatMap(({ each, wire }) => (!each.source && wire?.program === id ? [each] : [])),
      records: id => recordings.list().some(({ program: of, state }) => of === id && state.status !== 'done'),
    }
  }
  const calendar = (from: number, to: number): Entry[] => calendarOf(bookingsBetween(schedules.slots(), from, to))
  const feeds = () =>
    destinations.list().flatMap(({ name, started, source }) => {
      if (!started || source?.preset === undefined) return []
      const { camera, preset } = source
      const presetName = turning.preset(camera, preset)?.name ?? preset
      return [{ name: `the feed of ${name}`, camera, preset, presetName }]
    })
  return { rehearsals: new Rehearsals({ house, timelines: () => timelines.kept(), calendar, feeds, clock }) }
}
