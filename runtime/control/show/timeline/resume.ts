import type { Run } from './run.ts'

/** A moment is dealt with a little before its time (ms). */
const LEAD = 1_000

/** Where the clock was set back while nobody looked, what was under way goes on from where it was. Pure. */
export function resumed(run: Run, now: number): Run {
  const { zero, handled, held } = run
  const isAhead = !held && handled !== undefined && zero + handled > now + LEAD
  return isAhead ? { ...run, zero: now - handled } : run
}
