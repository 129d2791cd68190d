import type { Take } from '../../contract/generated/engine.v1.ts'
import type { Wiring } from '../../contract/generated/wiring.v1.ts'
import type { Shelf } from '../ports.ts'

/** Live state that a restart of control must not forget: the last wiring, and what was taken. */
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

  setWiring(wiring: Wiring): Promise<void> {
    return this.shelf.write('wiring', () => ({ body: wiring }))
  }

  setTake(program: string, take: Take): Promise<void> {
    return this.shelf.write('takes', present => ({ body: { ...present?.body, [program]: take } }))
  }
}
