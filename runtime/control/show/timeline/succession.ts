/** A timeline of a program: one that runs, or one that is to begin (UTC ms). */
interface Performer {
  /** Undefined: a tour, which is on no program. */
  program: string | undefined
  beginsAt: number | undefined
}

const since = ({ beginsAt = Number.NEGATIVE_INFINITY }: Performer): number => beginsAt

/** When the next one takes its program over; undefined: nobody is to. Pure. */
export function successionOf(own: Performer, all: Iterable<Performer>): number | undefined {
  if (own.program === undefined) return undefined
  const later = [...all].filter(each => each.program === own.program && since(each) > since(own)).map(since)
  return later.length > 0 ? Math.min(...later) : undefined
}

/**
 * Whether a timeline of the same program ends because another one is started: at once where that begins now; one that is to begin
 * later lets it go on until then. Of two for the same moment the one that was started last begins. Pure.
 */
export const givesWay = (present: Performer, begins: number, atOnce: boolean): boolean =>
  atOnce ? since(present) <= begins : since(present) === begins
