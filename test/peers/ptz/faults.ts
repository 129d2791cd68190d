/** How an answer goes wrong. */
export type Nonsense =
  /** Prefixes that nobody declared: strict parsers give up, lenient ones do not mind. */
  | 'odd-prefixes'
  | 'empty'
  | 'truncated'
  /** Well-formed SOAP with none of what was asked for in it. */
  | 'hollow'
  /** A web page, as a camera's own login form or a router says it. */
  | 'html'
  /** 500 without SOAP. */
  | 'error'
  /** The connection is closed in the midst of the answer. */
  | 'reset'
  /** The connection stays open and nothing comes. */
  | 'hang'

/** What is bad about a camera. All of it may be changed while it runs. */
export interface Faults {
  /** GetStatus says nothing of moving or standing. */
  noMoveStatus?: boolean
  /** GetStatus says that it stands, whatever it does. */
  alwaysIdle?: boolean
  /** GetStatus says nothing of the place. */
  noPosition?: boolean
  /** The camera has no AbsoluteMove: presets of its own are all that a client can come back to. */
  noAbsoluteMove?: boolean
  /** Presets that it can keep. */
  presetSlots?: number
  /** Every preset is listed under this name. */
  presetName?: string
  /** Presets are called by letters and digits alone, and no two alike: the camera does not save others. */
  plainNames?: boolean
  /** How new presets' tokens look; `decimal` ones (`1.10`) do not survive being read as a number. */
  tokens?: 'word' | 'number' | 'decimal'
  nonsense?: Nonsense
  /** Operations (`GetStatus`) that the nonsense and the delay strike; all where left out. */
  strikes?: string[]
  delayMs?: number
  /** Moves to a place end this far from it, and GetStatus says so. */
  arrivalError?: { pan?: number; tilt?: number; zoom?: number }
  /** The camera's clock is ahead by this, or behind where it is negative. */
  clockAheadMs?: number
  /** How it answers who looks for cameras; `printer` says that it is something else. */
  discovery?: 'silent' | 'malformed' | 'printer' | 'three-times'
}
