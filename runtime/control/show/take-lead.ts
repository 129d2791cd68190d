/** What the news of a take needs to the mixer (ms): one with `at` so far ahead is on time. */
const TAKE_LEAD = 200
/** And at the least (ms): a moment that is as far away is kept. */
const SHORTEST_LEAD = 100

/** A moment that is still to come for the mixer; in whole ms, as overlays are told theirs: both are to begin with one frame. */
export function inTime(at: number, now: number): number {
  return at >= now + SHORTEST_LEAD ? at : Math.ceil(now + TAKE_LEAD)
}
