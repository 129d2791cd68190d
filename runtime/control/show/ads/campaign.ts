import type { Hours } from '../schedule/windows.ts'

/** What an advertiser has booked. */
export interface Campaign {
  id: string
  advertiser: string
  /** So many in the time that is planned. */
  spots: number
  /** When it may be shown; left out: always. */
  dayparts?: readonly Hours[]
  /** At most so many in an hour of the clock, and in one break (default 1). */
  perHour?: number
  perBreak?: number
  /** Where not all fit, those with more come first; default 0. */
  priority?: number
  /** Shown in turn, by their weights (default 1). */
  creatives: readonly { id: string; weight?: number }[]
}

/** A place in the show for so many spots of one length, one after another. `at`: UTC ms. */
export interface Break {
  id: string
  at: number
  spots: number
  spotMs: number
}

/** A spot at its time. */
export interface Placement {
  break: string
  /** In its break, from 0. */
  position: number
  at: number
  campaign: string
  advertiser: string
  creative: string
  /** The spot that was missed, and in whose stead this one is. */
  makesGood?: string
}

/** What cannot be had, and why: no break in its dayparts, its own caps, or the places are taken. */
export interface Shortfall {
  campaign: string
  wanted: number
  placed: number
  why: 'dayparts' | 'caps' | 'full'
}

export const nameOf = ({ break: place, position }: Pick<Placement, 'break' | 'position'>): string =>
  `${place}/${position}`
