import { VistterError } from '../../../contract/errors.ts'
import { rfc3339 } from '../../../lib/clock.ts'

/** Which state of a timeline this is, and whose: two people who edit it must not undo one another unknowingly. */
export interface Edition {
  /** From 1 on; each change counts. */
  revision: number
  changedAt?: string
  changedBy?: string
}

/** Of a timeline as it is kept; older ones carry none. */
export const editionOf = ({ revision = 1, changedAt, changedBy }: Partial<Edition>): Edition => ({
  revision,
  ...(changedAt !== undefined && { changedAt }),
  ...(changedBy !== undefined && { changedBy }),
})

/** The one after `present` (`now`: UTC ms). Pure. */
export const nextEdition = (present: Partial<Edition> | undefined, changedBy: string, now: number): Edition => ({
  revision: present ? editionOf(present).revision + 1 : 1,
  changedAt: rfc3339(now),
  changedBy,
})

/** Throws TIMELINE_CHANGED where a change was made `from` another edition than the present one. */
export function checkEdition(present: { name: string } & Partial<Edition>, from: number | undefined): void {
  const { revision, changedBy } = editionOf(present)
  if (from === undefined || from === revision) return
  const who = changedBy === undefined ? 'was changed' : `was changed by ${changedBy}`
  throw new VistterError('TIMELINE_CHANGED', `${present.name} ${who} since it was read.`)
}
