/**
 * One request at a time, and after it the newest wish: a slider that is dragged asks faster than pictures are drawn. Pure
 * but for `start`, which must lead to done().
 */
export class Newest<T> {
  private busy = false
  private wish: { value: T } | undefined
  private readonly start: (value: T) => void

  constructor(start: (value: T) => void) {
    this.start = start
  }

  ask(value: T): void {
    this.wish = { value }
    this.next()
  }

  /** The one that was started has been answered, or has failed. */
  done(): void {
    this.busy = false
    this.next()
  }

  private next(): void {
    const { wish } = this
    if (this.busy || !wish) return
    this.busy = true
    this.wish = undefined
    this.start(wish.value)
  }
}
