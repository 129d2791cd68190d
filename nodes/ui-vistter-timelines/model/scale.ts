/** How much time a pixel is. */
export interface Scale {
  msPerPx: number
}

/** From a tenth of a second for a finger's width to a day on a phone (ms a pixel). */
const FINEST = 2
const COARSEST = 300_000
/** Browsers lay out no more (px). */
const WIDEST = 8_000_000
/** Labels need so much room (px). */
const LABEL = 76

const SECOND = 1_000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE
const STEPS = [
  ...[100, 200, 500, SECOND, 2 * SECOND, 5 * SECOND, 10 * SECOND, 15 * SECOND, 30 * SECOND],
  ...[MINUTE, 2 * MINUTE, 5 * MINUTE, 10 * MINUTE, 15 * MINUTE, 30 * MINUTE],
  ...[HOUR, 2 * HOUR, 4 * HOUR, 6 * HOUR, 12 * HOUR, 24 * HOUR, 168 * HOUR],
]

export const pxAt = ({ msPerPx }: Scale, ms: number): number => ms / msPerPx
export const msAt = ({ msPerPx }: Scale, px: number): number => px * msPerPx

/** Finer (factor > 1) or coarser, within what is of use, and what a browser can lay out of a timeline of `length` ms. */
export const zoomed = ({ msPerPx }: Scale, factor: number, length: number): Scale => ({
  msPerPx: Math.min(COARSEST, Math.max(FINEST, length / WIDEST, msPerPx / factor)),
})

/** All of `ms` in `px`, with a little room behind it. */
export const fitting = (ms: number, px: number): Scale =>
  zoomed({ msPerPx: Math.max(ms, 10 * SECOND) / (px * 0.94) }, 1, ms)

/** Where to scroll to (px) so that the time under `px` of the window stays there when the scale changes. */
export const scrollFor = (before: Scale, after: Scale, scroll: number, px: number): number =>
  Math.max(0, pxAt(after, msAt(before, scroll + px)) - px)

/** The times of the ruler between two times (ms), as far apart as their labels need. */
export function ticks(scale: Scale, from: number, to: number): { step: number; at: number[] } {
  const step = STEPS.find(each => pxAt(scale, each) >= LABEL) ?? 168 * HOUR
  const first = Math.max(0, Math.floor(from / step))
  const count = Math.max(0, Math.ceil(to / step) - first + 1)
  return { step, at: Array.from({ length: count }, (_, n) => (first + n) * step) }
}
