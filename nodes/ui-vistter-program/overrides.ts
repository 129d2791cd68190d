import type { Override, OverrideKind } from '../../runtime/contract/generated/openapi.v1.ts'

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
  const day = { month: 'short', day: 'numeric', timeZone: timezone } as const
  const time = { hour: '2-digit', minute: '2-digit', timeZone: timezone } as const
  const dayOf = (at: Date) => at.toLocaleDateString([], { ...day, year: 'numeric' })
  const told = (text: string) => {
    const at = new Date(text)
    const today = dayOf(at) === dayOf(new Date(now))
    return today ? at.toLocaleTimeString([], time) : at.toLocaleString([], { ...day, ...time })
  }
  return `by ${actor}, ${told(since)} – ${until ? told(until) : 'until it is ended'}`
}
