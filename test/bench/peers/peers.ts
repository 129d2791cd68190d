import { type Figures, rounded } from '../figure.ts'
import { contest, type Ran, type Result, TOOLS } from './contest.ts'

/** Prints how each tool does, side by side, and answers it as figures. */
export async function peers(seconds = 60): Promise<Figures> {
  const results = await contest(seconds)
  for (const line of table(results)) process.stdout.write(`${line}\n`)
  if (results.some(result => 'failed' in result)) process.exitCode = 1
  const keys = Object.keys(TOOLS)
  const ran = results.flatMap((result, n) => ('verdict' in result ? [{ key: keys[n], result }] : []))
  return Object.fromEntries(ran.flatMap(({ key, result }) => figures(key, result)))
}

/** A picture that shows the one before again is as lost to the viewer as one that is missing. */
const lostPercent = ({ verdict: { due, missing, repeated } }: Ran): number => (100 * (missing + repeated)) / due

function figures(key: string, result: Ran): [string, Figures[string]][] {
  const { missing, repeated, skipped, due } = result.verdict
  const note = `${missing} missing, ${repeated} repeated of ${due}; ${skipped} of the camera's never shown`
  const aside = result.aside === undefined ? '' : `; its display server ${rounded(result.aside)} more`
  return [
    [`peers.${key}.dropped_percent`, { value: rounded(lostPercent(result)), unit: '%', note }],
    [`peers.${key}.cores`, { value: rounded(result.cores), unit: 'cores', note: `CPU seconds a second${aside}` }],
  ]
}

function table(results: Result[]): string[] {
  const head = ['', 'dropped', 'missing', 'repeated', 'skipped', 'of', 'cores']
  const rows = results.flatMap(result => ('verdict' in result ? [cells(result)] : []))
  const width = (column: number) => Math.max(...[head, ...rows].map(row => row[column].length))
  const line = (row: string[]) =>
    row.map((cell, n) => (n === 0 ? cell.padEnd(width(n)) : cell.padStart(width(n)))).join('  ')
  return [line(head), ...rows.map(line), ...results.flatMap(absence)]
}

const cells = (result: Result & Ran): string[] => [
  `${result.tool.name} ${result.tool.version()}`,
  `${rounded(lostPercent(result))} %`,
  ...[result.verdict.missing, result.verdict.repeated, result.verdict.skipped, result.verdict.due].map(String),
  `${rounded(result.cores)}${result.aside === undefined ? '' : ` + ${rounded(result.aside)}`}`,
]

function absence(result: Result): string[] {
  const { name, packages } = result.tool
  if ('lacks' in result) {
    const line = `sudo apt-get install -y --no-install-recommends ${packages.join(' ')}`
    return [`${name} was left out, without ${result.lacks.join(', ')}:  ${line}`]
  }
  return 'failed' in result ? [`${name} failed: ${result.failed}`] : []
}
