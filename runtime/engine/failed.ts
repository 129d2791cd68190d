import { asVistterError } from '../contract/errors.ts'
import type { DesiredState, EngineEvent } from '../contract/generated/engine.v1.ts'
import type { Command } from './diff.ts'
import type { Report } from './events.ts'

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

/** Whether it gives memory back. */
export const frees = ({ command }: Command): boolean => command.endsWith('.stop') || command.endsWith('.remove')

/** Tells what failed when it begins to, not with each change at which it fails again. */
export class Failures {
  private told = new Set<string>()
  private readonly report: Report

  constructor(report: Report) {
    this.report = report
  }

  tell(failed: ReadonlyMap<Command, unknown>): void {
    const events = new Map([...failed].map(([...each]) => failure(...each)).map(event => [event.message, event]))
    for (const [message, event] of events) if (!this.told.has(message)) this.report(event)
    this.told = new Set(events.keys())
  }
}

/** How it is told that a command failed: by the names that people gave, and with what they can do. */
export function failure(command: Command, error: unknown): Omit<EngineEvent, 'time'> {
  const { fault } = asVistterError(error)
  return {
    type: 'engine.command-failed',
    severity: 'error',
    message: `${subject(command)} could not be ${did(command)}. ${fault.detail} ${fault.hint} It is tried again with the next change.`,
    data: { command: command.command, target: command.target, error: fault },
  }
}

const did = ({ command }: Command): string => {
  if (command.endsWith('.start')) return 'started'
  return command.endsWith('.stop') || command.endsWith('.remove') ? 'taken away' : 'changed'
}

function subject(command: Command): string {
  if ('source' in command) return command.source.name
  if ('output' in command) return command.output.name
  if ('recording' in command) return `The recording ${command.recording.name}`
  if ('encoder' in command) return `An encoder of the program ${command.encoder.program}`
  if ('overlay' in command) return `The overlay ${command.target}`
  if ('program' in command) return `The program ${command.target}`
  return `What ran as ${command.target}`
}
