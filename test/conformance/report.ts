import type { Verdict } from './case.ts'

/** Where the contract says it: GitHub's anchor of a heading. */
const placeOf = (clause: string): string =>
  `docs/studio/channel.md#${clause
    .toLowerCase()
    .replace(/[^\w\s-]/g, '')
    .replaceAll(' ', '-')}`

/** One case on a line; one that failed with what was wanted and seen, and where the contract says so. */
export function report({ passed, clause, name, seen, ms }: Verdict): string {
  const line = `${passed ? 'ok  ' : 'FAIL'}  ${clause}: ${name} (${ms} ms)`
  return passed ? line : `${line}\n      ${seen}\n      ${placeOf(clause)}`
}

/** How many there were, and once more the names of those that failed: they may be far above by now. */
export function tally(verdicts: Verdict[]): string {
  const failed = verdicts.filter(({ passed }) => !passed)
  const again =
    failed.length > 0 ? ['', 'Failed:', ...failed.map(({ clause, name }) => `  ${clause}: ${name}`), ''] : []
  const sum = `${verdicts.length} cases, ${verdicts.length - failed.length} passed, ${failed.length} failed`
  return [...again, sum].join('\n')
}
