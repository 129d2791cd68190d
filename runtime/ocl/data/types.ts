/** A token's value as the appliance keeps it. */
export interface TokenValue {
  value: string
  /** When it was pushed, UTC ms. Left out: a setting, which is never stale. */
  at?: number
  /** ms from `at` on for which it counts. Goes before the binding's own. */
  ttl?: number
}

/** The world in which a value is read: an argument, so that the same frame says the same wherever it is worked out. */
export interface DataWorld {
  /** Of the frame, UTC ms. */
  now: number
  /** The document's, else the appliance's. One that Intl does not know counts as English. */
  locale: string
  /** The site's. One that Intl does not know counts as UTC. */
  timezone: string
  /** Frames a second of the document, for durations in frames. */
  rate?: number
  /** Where the document stands (ms), and what its times mean: for countdowns to a moment of it. */
  timeline?: { at: number; timeOf(time: string): number | undefined }
}

/** What a token says at a moment. */
export interface Said {
  /** Left out: there is no value, and nothing that stands in for it. */
  text?: string
  /** The cue that uses the token is not to be shown. */
  hidden: boolean
  /** UTC ms: until then, not including, it says the same. Infinity: as long as its value stays. */
  until: number
}

export const FOREVER = Number.POSITIVE_INFINITY

/** ms. A frame's time is a sum of fractions: what lacks less than this to a moment is that moment, or things would turn a frame late. */
export const HAIR = 0.001
