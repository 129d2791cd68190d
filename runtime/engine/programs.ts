import { tmpdir } from 'node:os'
import type { Program, ProgramState } from '../contract/generated/engine.v1.ts'
import { taken } from '../lib/taken.ts'
import type { MixerSource } from './mixer/mixer.ts'
import { ProgramUnit } from './program.ts'

type Deps = Omit<ConstructorParameters<typeof ProgramUnit>[1], 'folder'> & { folder?: string }

/** Every program that runs. */
export class Programs {
  private readonly units = new Map<string, ProgramUnit>()
  private readonly deps: Deps

  constructor(deps: Deps) {
    this.deps = deps
  }

  get(id: string): ProgramUnit | undefined {
    return this.units.get(id)
  }

  start(program: Program, sources: MixerSource[]): Promise<void> {
    const unit = new ProgramUnit(program, { folder: tmpdir(), ...this.deps })
    this.units.set(program.id, unit)
    return unit.start(sources)
  }

  /** Nobody may read its buses any more. */
  async stop(id: string): Promise<void> {
    await taken(this.units, id)?.stop()
  }

  async stopAll(): Promise<void> {
    await Promise.all([...this.units.keys()].map(id => this.stop(id)))
  }

  /** Resolves when no program touches a source that is no longer on the list. */
  async setSources(sources: MixerSource[]): Promise<void> {
    await Promise.all([...this.units.values()].map(unit => unit.setSources(sources)))
  }

  states(): ProgramState[] {
    return [...this.units.values()].map(unit => unit.state())
  }
}
