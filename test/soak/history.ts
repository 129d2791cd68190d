import type { Deed } from './chaos.ts'

/** What was done, and when (monotonic ms): a gap in a recording is held against it. */
export class History {
  private readonly deeds: { deed: Deed; from: number; to: number }[] = []

  /** Answers how to say that all is well again. */
  began(deed: Deed, from: number): (to: number) => void {
    const entry = { deed, from, to: Number.POSITIVE_INFINITY }
    this.deeds.push(entry)
    return to => {
      entry.to = to
    }
  }

  /** Whether a gap at this platform from `from` to `to` is the platform's own: it was the one that was hit. */
  excuses(platform: number, from: number, to: number): boolean {
    return this.deeds.some(({ deed, ...at }) => deed.hits === platform && at.from <= to && from <= at.to)
  }

  /** The last thing that was done before `at`, in words. */
  before(at: number): string {
    const last = this.deeds.findLast(({ from }) => from <= at)
    return last ? `${Math.round(at - last.from)} ms after "${last.deed.name}"` : 'before anything was done'
  }
}
