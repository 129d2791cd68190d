import type { PlannedDestination } from '../ports.ts'
import { weigh } from './admission.ts'
import type { EngineLink } from './engine-link.ts'
import type { Live } from './live.ts'
import type { PlanFacts } from './plan.ts'
import type { Program } from './program.ts'
import { chosenSound } from './sound.ts'
import { destinationWire, recorderWire } from './wires.ts'

interface Deps {
  live: Pick<Live, 'wiring' | 'overrides' | 'sounds'>
  program: Pick<Program, 'wired'>
  engine: Pick<EngineLink, 'state'>
  facts(): PlanFacts
}

/** What the wires, the overrides and the machine allow. */
export class Reach {
  private readonly deps: Deps

  constructor(deps: Deps) {
    this.deps = deps
  }

  reaches(destination: { id: string; name: string }): boolean {
    return destinationWire(this.deps.live.wiring, destination) !== undefined
  }

  /** Why an override keeps it from running; undefined when none does. */
  heldBy(destination: { id: string; name: string }): string | undefined {
    const { wiring, overrides } = this.deps.live
    const wire = destinationWire(wiring, destination)
    const override = wire && overrides[wire.program]
    return override?.kind === 'stop' ? override.reason : undefined
  }

  /** Whether a program is to play this sound. */
  plays(asset: { id: string; name: string }): boolean {
    const { live, program } = this.deps
    const programs = live.wiring?.programs ?? [program.wired()]
    const beds = programs.map(wired => chosenSound(wired, live.sounds[wired.id]).bed?.asset)
    return beds.some(bed => bed === asset.id || bed === asset.name)
  }

  records(program: string): boolean {
    return recorderWire(this.deps.live.wiring, program) !== undefined
  }

  /**
   * Whether the machine can encode one more: besides what runs for a destination that is to run, alone for one that is
   * only kept. What runs is never stopped for it.
   */
  admit(destination: PlannedDestination): void {
    const facts = this.deps.facts()
    const others = facts.destinations
      .filter(({ id }) => id !== destination.id)
      .map(other => ({ ...other, started: other.started && destination.started, waiting: false }))
    const destinations = [...others, { ...destination, started: true, waiting: false }]
    const { state } = this.deps.engine
    weigh(state, destination.name, { ...facts, destinations: others }, { ...facts, destinations })
  }

  /** Likewise for a recording that finds no encoder to share. */
  admitRecording(program: string): void {
    const facts = this.deps.facts()
    const recording = { id: 'new', name: program, program, folder: '', reserveBytes: 0 }
    weigh(this.deps.engine.state, `A recording of ${program}`, facts, {
      ...facts,
      recordings: [...facts.recordings, recording],
    })
  }
}
