import type { Program } from '../../runtime/contract/generated/openapi.v1.ts'

/** What the page says of a program; a dash for what nobody knows while it is away. Pure. */
export function factsOf(program: Program | undefined): {
  source: string
  wanted: string
  overlays: string
  lost: string
} {
  if (!program) return { source: '–', wanted: '–', overlays: '–', lost: '–' }
  const overlays = program.overlays.map(({ id }) => id).join(', ')
  return {
    source: program.sourceName,
    wanted: program.wantedName,
    overlays: overlays || 'none',
    lost: String(program.frames.dropped),
  }
}
