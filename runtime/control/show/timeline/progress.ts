import type { Run, Running } from './run.ts'

interface Deps {
  timeline(): Running
  /** Undefined: it is over. */
  keep(run: Run | undefined): Promise<void>
  /** What people see of it may have changed. */
  touched(): void
}

/** How far a timeline is: kept at each change, so that the next life of control goes on from there. */
export class Progress {
  private over = false
  private present: Run
  private readonly deps: Deps

  constructor(run: Run, deps: Deps) {
    this.present = run
    this.deps = deps
  }

  get run(): Run {
    return this.present
  }

  /** It may be changed meanwhile. */
  get timeline(): Running {
    return this.deps.timeline()
  }

  get stopped(): boolean {
    return this.over
  }

  /** What it is in memory at once, it is in the store when this resolves. */
  async set(run: Run): Promise<void> {
    this.present = run
    if (!this.over) await this.deps.keep(run)
    this.deps.touched()
  }

  async save(change: { [K in keyof Run]?: Run[K] | undefined }): Promise<void> {
    const { joining, ...run } = { ...this.present, ...change } as Run
    await this.set({ ...run, ...(joining !== undefined && { joining }) })
  }

  /** Each journey of timing `arrival` makes what follows so much later; it is kept with the next change. */
  shift(ms: number): void {
    this.present = { ...this.present, zero: this.present.zero + ms }
  }

  /** Those it plays no more; likewise kept with the next change. */
  drop(overlays: readonly string[]): void {
    this.present = { ...this.present, overlays: this.present.overlays.filter(id => !overlays.includes(id)) }
  }

  /** It is kept as it stands. */
  stop(): void {
    this.over = true
  }

  async end(): Promise<void> {
    this.over = true
    await this.deps.keep(undefined)
  }

  touched(): void {
    this.deps.touched()
  }
}
