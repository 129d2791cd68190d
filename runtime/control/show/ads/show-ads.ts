import type { PlannedCue, ShowTime } from '../../ports.ts'
import type { Live } from '../live.ts'
import { overlayFacts } from '../overlay-facts.ts'
import type { Overlays } from '../overlays.ts'
import { bookingsBetween, calendarOf, type Slot } from '../schedule/calendar.ts'
import type { ShowDeps } from '../show-deps.ts'
import { Ads } from './ads.ts'
import { breakIdBy, breaksIn } from './ahead.ts'
import { coursesIn } from './courses.ts'

interface Parts extends Pick<ShowDeps, 'shelves' | 'settings' | 'clock' | 'log' | 'record' | 'proof'> {
  live: Pick<Live, 'runs'>
  time: ShowTime
  overlays: Overlays
  /** Of schedules that are switched on. */
  slots(): Slot[]
}

/** Ad slots of the timelines of a show. */
export function showAds({ shelves, settings, live, overlays, slots, proof, time, ...parts }: Parts): Ads {
  const documentOf = (id: string) => overlays.documents().find(overlay => overlay.id === id)?.document
  const read = ({ spot, ...cue }: PlannedCue): PlannedCue => ({
    ...{ ...cue, at: time.told(cue.at) },
    ...(spot && { spot: { ...spot, break: breakIdBy(spot.break, at => time.told(at)) } }),
  })
  const told = (runs: Live['runs']) =>
    Object.fromEntries(Object.entries(runs).map(([id, run]) => [id, { ...run, zero: run.zero + time.off }]))
  return new Ads({
    ...parts,
    shelf: shelves.campaigns,
    site: () => settings.current,
    time,
    proof: { planned: cue => proof().planned(read(cue)), spots: (from, to) => proof().spots(from, to) },
    overlays: {
      play: (id, request, actor) => overlays.play(id, request, actor),
      end: (id, endsAt, actor) => overlays.end(id, endsAt, actor),
      has: id => overlays.has(id),
      lengthOf: id => {
        const document = documentOf(id)
        return (document && !document.timeline.loop && overlayFacts(document).duration) || undefined
      },
    },
    ahead: (from, to) => {
      const calendar = calendarOf(bookingsBetween(slots(), from, to))
      return breaksIn(coursesIn({ runs: told(live.runs), calendar }, from, to), id => shelves.timelines.find(id)?.body)
    },
  })
}
