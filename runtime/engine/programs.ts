import type { Program, ProgramState } from '../contract/generated/engine.v1.ts'
import { taken } from '../lib/taken.ts'
import type { MixerSource } from './mixer/mixer.ts'
import { type ProgramDeps, ProgramUnit } from './program.ts'

/** Every program that runs. */
export class Programs {
  private readonly units = new Map<string, ProgramUnit>()
  private readonly deps: ProgramDeps

  constructor(deps: ProgramDeps) {
    this.deps = deps
  }

  get(id: string): ProgramUnit | undefined {
    return this.units.get(id)
  }

  /** Rejects where there is no memory for it: then nothing of it is left. */
  async start(program: Program, sources: MixerSource[]): Promise<void> {
    const unit = new ProgramUnit(program, this.deps)
    await unit.start(sources)
    this.units.set(program.id, unit)
  }

  /** Nobody may read its buses any more. */
  async stop(id: string): Promise<void> {
    await taken(this.units, id)?.stop()
  }

  async stopAll(): Promise<void> {
    await Promise.all([...this.units.keys()].map(id => this.stop(id)))
  }

  /** Their times are counted from there (ms ahead of the monotonic clock). */
  async countFrom(ahead: number | undefined): Promise<void> {
    this.deps.time.ahead = ahead
    await Promise.all([...this.units.values()].map(unit => unit.countFrom(ahead)))
  }

  /** Resolves when no program touches a source that is no longer on the list. */
  async setSources(sources: MixerSource[]): Promise<void> {
    await Promise.all([...this.units.values()].map(unit => unit.setSources(sources)))
  }

  states(): ProgramState[] {
    return [...this.units.values()].map(unit => unit.state())
  }
}
