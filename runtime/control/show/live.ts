import type { Take } from '../../contract/generated/engine.v1.ts'
import type { Wiring } from '../../contract/generated/wiring.v1.ts'
import { mergePatch } from '../../lib/merge-patch.ts'
import type { Shelf } from '../ports.ts'
import type { Taker } from './control.ts'
import type { Rank } from './ranks.ts'
import type { Shot } from './shots.ts'
import type { SoundChoice } from './sound.ts'
import type { Run } from './timeline/run.ts'

/** Times in UTC ms. */
export interface Override {
  kind: 'slate' | 'hold' | 'pause-overlays' | 'stop'
  reason: string
  since: number
  until?: number
  actor: string
  /** Of the actor; older ones carry none. */
  rank?: Rank
}

/** Live state that a restart of control must not forget: the last wiring, what was taken, what overrides it. */
export class Live {
  private readonly shelf: Shelf<object>

  constructor(shelf: Shelf<object>) {
    this.shelf = shelf
  }

  get wiring(): Wiring | undefined {
    return this.shelf.find('wiring')?.body as Wiring | undefined
  }

  /** The last take of each program, by the program's id. */
  get takes(): Record<string, Take> {
    return { ...(this.shelf.find('takes')?.body as Record<string, Take> | undefined) }
  }

  /** Who took what was taken last by hand, by the program's id. */
  get takers(): Record<string, Taker> {
    return { ...(this.shelf.find('takers')?.body as Record<string, Taker> | undefined) }
  }

  /** The override in force of each program, by the program's id. */
  get overrides(): Record<string, Override> {
    return { ...(this.shelf.find('overrides')?.body as Record<string, Override> | undefined) }
  }

  /** Cameras that are on their way to a preset for a program, by the program's id. */
  get shots(): Record<string, Shot> {
    return { ...(this.shelf.find('shots')?.body as Record<string, Shot> | undefined) }
  }

  /** When schedules were last looked at (UTC ms): the appliance was there then. */
  get lookedAt(): number | undefined {
    return (this.shelf.find('looked')?.body as { at: number } | undefined)?.at
  }

  setLookedAt(at: number): Promise<void> {
    return this.shelf.write('looked', () => ({ body: { at } }))
  }

  /** The timelines that run, by their ids. */
  get runs(): Record<string, Run> {
    return { ...(this.shelf.find('runs')?.body as Record<string, Run> | undefined) }
  }

  /** What was chosen for the sound of each program, by the program's id. */
  get sounds(): Record<string, SoundChoice> {
    return { ...(this.shelf.find('sounds')?.body as Record<string, SoundChoice> | undefined) }
  }

  /** `patch`: a merge patch; null gives a choice back to the flow. */
  changeSound(program: string, patch: object): Promise<void> {
    return this.shelf.write('sounds', present => ({ body: mergePatch(present?.body ?? {}, { [program]: patch }) }))
  }

  setOverride(program: string, override: Override | undefined): Promise<void> {
    return this.shelf.write('overrides', present => {
      const { [program]: _, ...others } = (present?.body ?? {}) as Record<string, Override>
      return { body: override ? { ...others, [program]: override } : others }
    })
  }

  setShot(program: string, shot: Shot | undefined): Promise<void> {
    return this.shelf.write('shots', present => {
      const { [program]: _, ...others } = (present?.body ?? {}) as Record<string, Shot>
      return { body: shot ? { ...others, [program]: shot } : others }
    })
  }

  setRun(timeline: string, run: Run | undefined): Promise<void> {
    return this.shelf.write('runs', present => {
      const { [timeline]: _, ...others } = (present?.body ?? {}) as Record<string, Run>
      return { body: run ? { ...others, [timeline]: run } : others }
    })
  }

  setWiring(wiring: Wiring): Promise<void> {
    return this.shelf.write('wiring', () => ({ body: wiring }))
  }

  setTaker(program: string, taker: Taker): Promise<void> {
    return this.shelf.write('takers', present => ({ body: { ...present?.body, [program]: taker } }))
  }

  setTake(program: string, take: Take): Promise<void> {
    return this.shelf.write('takes', present => ({ body: { ...present?.body, [program]: take } }))
  }
}
