import type { Program, ProgramState } from '../contract/generated/engine.v1.ts'

/**
 * Sources that must be ready to be seen at once: on air, taken (also for a later moment), a fallback, or watched while they
 * move. A camera in standby is warmed up when it gets here, which is before its take.
 */
export function neededSources(
  programs: readonly Pick<Program, 'onAir' | 'fallback'>[],
  states: readonly Pick<ProgramState, 'source' | 'wanted'>[],
  watched: Iterable<string> = [],
): Set<string> {
  return new Set([
    ...programs.flatMap(({ onAir, fallback }) => [...(onAir ? [onAir.source] : []), ...fallback]),
    ...states.flatMap(({ source, wanted }) => [source, wanted]),
    ...watched,
  ])
}
