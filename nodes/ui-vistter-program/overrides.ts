import type { Override, OverrideKind } from '../../runtime/contract/generated/openapi.v1.ts'
import { siteTime } from '../lib-ui/format.ts'

/** What an override is called on the picture, and what it does in an operator's words. */
export const OVERRIDES: Record<OverrideKind, { badge: string; does: string }> = {
  slate: { badge: 'Slate override', does: 'Show the slate' },
  hold: { badge: 'Paused', does: 'Hold the last picture, in silence' },
  'pause-overlays': { badge: 'Overlays paused', does: 'Show no overlays' },
  stop: { badge: 'Stopped', does: 'Stop all its streams' },
}

/** How long it may last: minutes, 0 until somebody ends it. */
export const LENGTHS: readonly { minutes: number; words: string }[] = [
  { minutes: 0, words: 'until I end it' },
  { minutes: 5, words: '5 minutes' },
  { minutes: 15, words: '15 minutes' },
  { minutes: 60, words: '1 hour' },
  { minutes: 240, words: '4 hours' },
]

/** Who set it and until when, at the place's own time; the day is told when it is not today's (`now`: UTC ms). Pure. */
export function bounds({ actor, since, until }: Override, timezone: string | undefined, now: number): string {
  const told = (text: string) => siteTime(text, timezone, now)
  return `by ${actor}, ${told(since)} – ${until ? told(until) : 'until it is ended'}`
}
