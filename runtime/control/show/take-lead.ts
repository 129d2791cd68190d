/** What the news of a take needs to the mixer (ms): one with `at` so far ahead is on time. */
const TAKE_LEAD = 200
/** And at the least (ms): a moment that is as far away is kept. */
const SHORTEST_LEAD = 50
/** Who asks for what is to be seen within 200 ms (ms): the news is there then as a rule, and what begins together is together. */
const SOON_LEAD = 100

/** The moment of what is asked for at once: see above; later where all that is needed takes a while. */
export const soon = (now: number): number => Math.ceil(now + SOON_LEAD)

/** A moment that is still to come for the mixer; in whole ms, as overlays are told theirs: both are to begin with one frame. */
export function inTime(at: number, now: number): number {
  return at >= now + SHORTEST_LEAD ? at : Math.ceil(now + TAKE_LEAD)
}
