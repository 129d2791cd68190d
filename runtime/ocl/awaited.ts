import type { OclDocument } from '../contract/generated/ocl.v1.ts'

/** The names that a document's cues wait for. */
export function awaitedBy({ scenes, sync = [] }: OclDocument): { presets: string[]; milestones: string[] } {
  const cues = scenes.flatMap(({ tracks }) => tracks.flatMap(track => track.cues))
  const waits = [...sync, ...cues.flatMap(cue => cue.sync ?? [])]
  return {
    presets: [...new Set(waits.flatMap(({ awaitPreset }) => awaitPreset ?? []))],
    milestones: [...new Set(waits.flatMap(({ awaitMilestone }) => awaitMilestone ?? []))],
  }
}

/** When each of them was reached, for whoever only wants to see how it looks; undefined of a name: it was not. */
export function reachedAt(
  document: OclDocument,
  timeOf: (name: string) => number | undefined,
): { presets: Record<string, number>; milestones: Record<string, number> } {
  const times = (names: string[]) =>
    Object.fromEntries(
      names.flatMap(name => {
        const at = timeOf(name)
        return at === undefined ? [] : [[name, at]]
      }),
    )
  const { presets, milestones } = awaitedBy(document)
  return { presets: times(presets), milestones: times(milestones) }
}
