import type { Wiring } from '../../contract/generated/wiring.v1.ts'
import { findWired } from './wired-sources.ts'

export type WiredProgram = Wiring['programs'][number]
export type WiredOutput = Wiring['outputs'][number]
export type WiredRecorder = NonNullable<Wiring['recorders']>[number]

/** Names on a wire: an id, a person's name for it, or `*` for whatever is asked for. */
const names = (reference: string, thing: { id: string; name: string }): boolean =>
  reference === thing.id || reference === thing.name

/** The wire that feeds a destination: one that names it goes before one for every destination. */
export function destinationWire(
  wiring: Wiring | undefined,
  destination: { id: string; name: string },
): WiredOutput | undefined {
  const outputs = wiring?.outputs ?? []
  return outputs.find(wire => names(wire.destination, destination)) ?? outputs.find(wire => wire.destination === '*')
}

/** The wire by which a program is recorded. */
export const recorderWire = (wiring: Wiring | undefined, program: string): WiredRecorder | undefined =>
  wiring?.recorders?.find(wire => wire.program === program)

/** The wire from a timeline to a program: one that names it goes before one for every timeline, `main` before others. */
export function timelineWire(
  wiring: Wiring | undefined,
  timeline: { id: string; name: string },
): { timeline: string; program: string } | undefined {
  const wires = (wiring?.timelines ?? []).toSorted(
    (a, b) => Number(b.program === 'main') - Number(a.program === 'main'),
  )
  return wires.find(each => names(each.timeline, timeline)) ?? wires.find(each => each.timeline === '*')
}

/** Whether a take of this source is something that the flow allows. The slate needs no wire: it is the emergency exit. */
export function sourceReached(
  program: Pick<WiredProgram, 'sources'>,
  source: string,
  cameras: readonly { id: string; name: string }[],
): boolean {
  if (source === 'slate' || findWired(program.sources, source)?.id === source) return true
  const camera = cameras.find(({ id }) => id === source)
  return program.sources.some(
    ref => ref.kind === 'camera' && (ref.camera === '*' || (camera !== undefined && names(ref.camera, camera))),
  )
}

/** Whether an overlay that plays would be seen by any wired destination, or recorded. */
export function overlayReached(wiring: Wiring | undefined, overlay: string): boolean {
  return [...(wiring?.outputs ?? []), ...(wiring?.recorders ?? [])].some(
    wire => wire.overlays.includes('*') || wire.overlays.includes(overlay),
  )
}
