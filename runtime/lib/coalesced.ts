/** Runs `act` soon after touch(), at most once in `everyMs`, and always once after the last touch. */
export class Coalesced {
  private timer: NodeJS.Timeout | undefined
  private last = -Infinity
  private readonly everyMs: number
  private readonly act: () => void

  constructor(everyMs: number, act: () => void) {
    this.everyMs = everyMs
    this.act = act
  }

  touch(): void {
    if (this.timer) return
    const wait = Math.max(0, this.last + this.everyMs - performance.now())
    this.timer = setTimeout(() => {
      this.timer = undefined
      this.last = performance.now()
      this.act()
    }, wait)
  }

  stop(): void {
    clearTimeout(this.timer)
    this.timer = undefined
  }
}
