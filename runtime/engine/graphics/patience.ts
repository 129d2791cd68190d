import { sleep } from '../../lib/clock.ts'

/**
 * How long one thing that may hang is waited for, by however many in a row: it is the first of them that waits, and while
 * that one is not done, nobody waits any more.
 */
export class Patience {
  private pending = 0
  private over: Promise<void> | undefined
  private readonly ms: number

  constructor(ms: number) {
    this.ms = ms
  }

  /** Settles as `work` does, or resolves without it when patience is over. */
  async wait(work: Promise<void>): Promise<void> {
    this.over ??= sleep(this.ms)
    this.pending++
    const done = work.finally(() => {
      if (--this.pending === 0) this.over = undefined
    })
    await Promise.race([done, this.over])
  }
}
