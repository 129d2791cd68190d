import { renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { scratch } from './run.ts'

/** The wall clock of an appliance's processes: no test may set the machine's. */
export class WallClock {
  private readonly folder = scratch('wall-clock')
  private readonly file = join(this.folder.path, 'ahead')

  constructor() {
    this.set(0)
  }

  /** For the launcher. */
  get env(): Record<string, string> {
    const preload = pathToFileURL(join(import.meta.dirname, 'wall-clock.mjs'))
    return { NODE_OPTIONS: `--import=${preload}`, TEST_WALL_CLOCK: this.file }
  }

  /** So many ms ahead of this machine's. Whole at once for whoever reads it. */
  set(ahead: number): void {
    writeFileSync(`${this.file}.part`, String(ahead))
    renameSync(`${this.file}.part`, this.file)
  }

  remove(): void {
    this.folder.remove()
  }
}
