import type { Clock } from '../../../lib/clock.ts'

interface Shown {
  id: string
  source: string
  /** How the source came on air; the one before is seen for so long. */
  transition?: { duration: number }
}

/** Which cameras viewers see: those on air, and those that a transition is still taking away. */
export class OnAir {
  private readonly sources = new Map<string, string>()
  private readonly leaving = new Map<string, number>()
  private readonly programs: () => Shown[]
  private readonly clock: Clock

  constructor(programs: () => Shown[], clock: Clock) {
    this.programs = programs
    this.clock = clock
  }

  /** To be called whenever the programs may have changed. */
  note(): void {
    const now = this.clock.mono()
    for (const { id, source, transition } of this.programs()) {
      const before = this.sources.get(id)
      this.sources.set(id, source)
      if (before !== undefined && before !== source) this.leaving.set(before, now + (transition?.duration ?? 0))
    }
  }

  has(camera: string): boolean {
    this.note()
    if (this.where(camera).length > 0) return true
    return this.clock.mono() < (this.leaving.get(camera) ?? -Infinity)
  }

  /** The programs that show it. */
  where(camera: string): string[] {
    return this.programs().flatMap(({ id, source }) => (source === camera ? [id] : []))
  }
}
