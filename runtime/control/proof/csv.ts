import type { AdvertiserReport, ProofRow, SpotReport } from '../../contract/generated/openapi.v1.ts'

type Cell = string | number | boolean | null

const COLUMNS: Record<string, (row: ProofRow) => Cell> = {
  id: ({ id }) => id,
  kind: ({ kind }) => kind,
  program: ({ program }) => program,
  overlay: ({ overlay }) => overlay,
  cue: ({ cue }) => cue,
  source: ({ source }) => source,
  name: ({ name }) => name,
  version: ({ version }) => version,
  asset: ({ asset }) => asset,
  sha256: ({ sha256 }) => sha256,
  advertisers: ({ advertisers }) => advertisers.join('; '),
  tags: ({ tags }) => tags.join('; '),
  from: ({ from }) => from,
  to: ({ to }) => to,
  frames: ({ frames }) => frames,
  ended: ({ ended }) => ended,
  inherited: ({ inherited = false }) => inherited,
  destinations: ({ destinations }) => destinations.map(({ name }) => name).join('; '),
  overrides: ({ overrides }) => overrides.map(({ kind, reason }) => `${kind}: ${reason}`).join('; '),
  timelines: ({ timelines }) => timelines.map(({ name }) => name).join('; '),
  segment: ({ segment }) => segment && `${segment.id} ${segment.version}`,
  picture: ({ picture = null }) => picture,
  hash: ({ hash }) => hash,
}

/** For spreadsheets (RFC 4180). */
export const CSV_HEAD = lineOf(Object.keys(COLUMNS))

/** Pure. */
export const csvLine = (row: ProofRow): string => lineOf(cellsOf(COLUMNS, row))

const SPOT_COLUMNS: Record<string, (spot: SpotReport & { advertiser: string }) => Cell> = {
  advertiser: ({ advertiser }) => advertiser,
  at: ({ at }) => at,
  program: ({ program }) => program,
  timeline: ({ timeline }) => timeline,
  campaign: ({ campaign }) => campaign,
  makesGood: ({ makesGood }) => makesGood,
  cue: ({ cue }) => cue,
  overlay: ({ overlay }) => overlay,
  asset: ({ asset }) => asset,
  sha256: ({ sha256 }) => sha256,
  plannedMs: ({ plannedMs }) => plannedMs,
  airedMs: ({ airedMs }) => airedMs,
  frames: ({ frames }) => frames,
  outcome: ({ outcome }) => outcome,
  why: ({ why }) => why,
  destinations: ({ destinations }) => destinations.join('; '),
  proof: ({ proof }) => proof.join('; '),
  pictures: ({ pictures }) => pictures.join('; '),
}

/** A line for each spot. Pure. */
export function reportCsv(report: readonly AdvertiserReport[]): string {
  const spots = report.flatMap(({ advertiser, spots }) => spots.map(spot => ({ advertiser, ...spot })))
  return [Object.keys(SPOT_COLUMNS), ...spots.map(spot => cellsOf(SPOT_COLUMNS, spot))].map(lineOf).join('')
}

const cellsOf = <Row>(columns: Record<string, (row: Row) => Cell>, row: Row): string[] =>
  Object.values(columns).map(cell => textOf(cell(row)))

function lineOf(cells: readonly string[]): string {
  return `${cells.join(',')}\r\n`
}

/** A spreadsheet runs what begins like this, and names come from anywhere. */
const FORMULA = /^[=+\-@\t\r]/

function textOf(cell: Cell): string {
  if (cell === null) return ''
  if (typeof cell !== 'string') return String(cell)
  const text = FORMULA.test(cell) ? `'${cell}` : cell
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
