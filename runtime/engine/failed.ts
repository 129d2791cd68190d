import type { DesiredState, EngineEvent } from '../contract/generated/engine.v1.ts'
import type { Command } from './diff.ts'

/**
 * What there is of a state when these commands failed on the way to it: the next change then asks for the rest again. Pure.
 */
export function lacking(state: DesiredState, failed: Command[]): DesiredState {
  if (failed.length === 0) return state
  const has = (command: Command['command']) => {
    const targets = new Set(failed.filter(each => each.command === command).map(({ target }) => target))
    return ({ id }: { id: string }) => !targets.has(id)
  }
  const [started, bused] = [has('program.start'), has('bus.add')]
  return {
    programs: state.programs.filter(started).map(program => (bused(program) ? program : { ...program, buses: [] })),
    sources: state.sources.filter(has('source.start')),
    overlays: state.overlays.filter(({ id, program }) => started({ id: program }) && has('overlay.set')({ id })),
    encoders: state.encoders.filter(has('encoder.start')),
    outputs: state.outputs.filter(has('output.start')),
    recordings: state.recordings?.filter(has('recording.start')),
  }
}

/** How it is told that a command failed. */
export function failure({ command, target }: Command, error: unknown): Omit<EngineEvent, 'time'> {
  const detail = error instanceof Error ? error.message : String(error)
  return {
    type: 'engine.command-failed',
    severity: 'error',
    message: `${command} of ${target} failed: ${detail}. It is tried again with the next change.`,
    data: { command, target, detail },
  }
}
