import { VistterError } from '../../../contract/errors.ts'
import type { CueProblem } from '../../../contract/generated/openapi.v1.ts'
import type { NamedPreset } from '../../ports.ts'
import { calledIn } from './called.ts'
import type { ScoredCue } from './score.ts'

/** What there is. */
export interface Stock {
  cameras: readonly { id: string; name: string }[]
  preset(camera: string | undefined, wanted: string): NamedPreset | undefined
  hasOverlay(id: string): boolean
  /** Of a program's wires. */
  hasClip(idOrName: string): boolean
}

/** A camera by its id or name. */
const cameraOf = (stock: Pick<Stock, 'cameras'>, wanted: string): string | undefined =>
  (stock.cameras.find(({ id }) => id === wanted) ?? stock.cameras.find(({ name }) => name === wanted))?.id

/** What would fail on air is said before. Pure. */
export const problemsOf = (cues: readonly ScoredCue[], stock: Stock): CueProblem[] =>
  cues.flatMap(cue => faultsOf(cue, stock).map(detail => ({ cue: cue.id, code: 'UNKNOWN_REFERENCE', detail })))

/** Answers the program. Throws what keeps a timeline from running. */
export function programFor(
  { name, cues, offAir }: { name: string; cues: readonly ScoredCue[]; offAir: boolean },
  program: string | undefined,
  problems: readonly CueProblem[],
): string {
  if (program === undefined && !offAir)
    throw new VistterError('NOT_WIRED', `In the flow, no wire leads from the timeline ${name} to a program.`)
  if (cues.length === 0) throw new VistterError('TIMELINE_INVALID', `${name} has no cues.`)
  const [first] = problems
  if (!first) return program ?? 'main'
  const more = problems.length > 1 ? ` (and ${problems.length - 1} more)` : ''
  throw new VistterError('TIMELINE_NOT_READY', `Cue ${calledIn(cues, first.cue)}: ${first.detail}${more}`, { problems })
}

function faultsOf(cue: ScoredCue, stock: Stock): string[] {
  const { camera, preset, clip, overlay, swing } = cue
  const found: string[] = []
  const known = camera === undefined || camera === 'slate' ? undefined : cameraOf(stock, camera)
  if (camera !== undefined && camera !== 'slate' && known === undefined) found.push(`There is no camera ${camera}.`)
  else if (preset !== undefined && !stock.preset(known, preset))
    found.push(known ? `This camera has no preset ${preset}.` : `The shot ${preset} is mapped to no preset.`)
  if (clip !== undefined && !stock.hasClip(clip)) found.push(`No wire leads from a clip ${clip} to the program.`)
  const id = typeof overlay === 'object' ? overlay.id : overlay
  if (id !== undefined && !stock.hasOverlay(id)) found.push(`There is no overlay ${id}.`)
  if (typeof swing === 'object' && cameraOf(stock, swing.cutaway) === undefined)
    found.push(`There is no camera ${swing.cutaway} to cut away to.`)
  return found
}
