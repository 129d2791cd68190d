import type { Live } from '../live.ts'
import { overlayFacts } from '../overlay-facts.ts'
import type { Overlays } from '../overlays.ts'
import { bookingsBetween, calendarOf, type Slot } from '../schedule/calendar.ts'
import type { ShowDeps } from '../show-deps.ts'
import { Ads } from './ads.ts'
import { breaksIn } from './ahead.ts'
import { coursesIn } from './courses.ts'

interface Parts extends Pick<ShowDeps, 'shelves' | 'settings' | 'clock' | 'log' | 'record' | 'proof'> {
  live: Pick<Live, 'runs'>
  overlays: Overlays
  /** Of schedules that are switched on. */
  slots(): Slot[]
}

/** Ad slots of the timelines of a show. */
export function showAds({ shelves, settings, live, overlays, slots, proof, ...parts }: Parts): Ads {
  const documentOf = (id: string) => overlays.documents().find(overlay => overlay.id === id)?.document
  return new Ads({
    ...parts,
    shelf: shelves.campaigns,
    site: () => settings.current,
    proof: { planned: cue => proof().planned(cue), spots: (from, to) => proof().spots(from, to) },
    overlays: {
      play: (id, request, actor) => overlays.play(id, request, actor),
      has: id => overlays.has(id),
      lengthOf: id => {
        const document = documentOf(id)
        return (document && !document.timeline.loop && overlayFacts(document).duration) || undefined
      },
    },
    ahead: (from, to) => {
      const calendar = calendarOf(bookingsBetween(slots(), from, to))
      return breaksIn(coursesIn({ runs: live.runs, calendar }, from, to), id => shelves.timelines.find(id)?.body)
    },
  })
}
