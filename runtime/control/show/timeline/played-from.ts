import { endOf, lengthOf, overlayOf, type Score, type ScoredCue, sceneOf } from './score.ts'

/** Of a loop that plays one overlay on and on, so many cues are looked back upon. */
const LOOKED_BACK = 1_000

type Began = { cue: ScoredCue; since: number }

/**
 * The position at which the overlay of a cue began that itself begins at `since`, had the timeline been played so far: with it, or
 * with one of those before it that it plays on. `lasts`: whether it has something to show after so many ms. Pure.
 */
export function playedFrom(
  score: Score,
  cue: ScoredCue,
  since: number,
  lasts: (cue: ScoredCue, ms: number) => boolean,
): number {
  const chain: Began[] = [{ cue, since }]
  for (let one = before(score, chain[0]); one && chain.length < LOOKED_BACK; one = before(score, one)) chain.push(one)
  let first = chain.at(-1) ?? { cue, since }
  for (const next of chain.toReversed()) {
    const goesOn = sceneOf(next.cue) === sceneOf(first.cue) && lasts(next.cue, next.since - first.since)
    if (!goesOn) first = next
  }
  return first.since
}

/** The cue of the same overlay that ends where one begins. */
function before({ loop, cues }: Score, { cue, since }: Began): Began | undefined {
  const wraps = loop && since > 0 && cue.start === 0
  const end = wraps ? lengthOf(cues) : cue.start
  const found = cues.find(each => endOf(each) === end && overlayOf(each) === overlayOf(cue))
  return found && { cue: found, since: since - found.duration }
}
