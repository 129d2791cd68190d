interface Waiting<T> {
  item: T
  kept(): void
  failed(error: unknown): void
}

/**
 * Writes down together what came while the last write was under way, in the order in which it came: the disk is waited for
 * once for all of them. Where a write fails, what waits behind it fails, too: nothing is kept whose predecessor is not.
 */
export class Together<T> {
  private waiting: Waiting<T>[] = []
  private working = false
  private readonly write: (items: readonly T[]) => Promise<void>
  private readonly most: number

  constructor(write: (items: readonly T[]) => Promise<void>, most: number) {
    this.write = write
    this.most = most
  }

  /** How many are not written yet. */
  get size(): number {
    return this.waiting.length
  }

  /** Resolves when it is written. */
  add(item: T): Promise<void> {
    return new Promise((kept, failed) => {
      this.waiting.push({ item, kept, failed })
      if (this.working) return
      this.working = true
      // Whatever else is added in this very turn goes with it.
      queueMicrotask(() => void this.work())
    })
  }

  /** Never rejects: who added something hears of it. */
  private async work(): Promise<void> {
    while (this.waiting.length > 0) {
      const group = this.waiting.slice(0, this.most)
      try {
        await this.write(group.map(({ item }) => item))
        this.waiting.splice(0, group.length)
        for (const { kept } of group) kept()
      } catch (error) {
        for (const { failed } of this.waiting.splice(0)) failed(error)
      }
    }
    this.working = false
  }
}
