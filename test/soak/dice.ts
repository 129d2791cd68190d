/** Chance with a seed, so that a run can be had again (mulberry32, public domain). */
export class Dice {
  private state: number

  constructor(seed: number) {
    this.state = seed >>> 0
  }

  /** 0 up to, not including, 1. */
  next(): number {
    this.state = (this.state + 0x6d2b79f5) >>> 0
    let t = this.state
    t = Math.imul(t ^ (t >>> 15), t | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
  }

  between(low: number, high: number): number {
    return low + this.next() * (high - low)
  }

  of<T>(things: T[]): T {
    return things[Math.floor(this.next() * things.length)]
  }

  /** One of them, as often as its weight says. */
  weighted<T extends { weight: number }>(things: T[]): T {
    let left = this.next() * things.reduce((sum, { weight }) => sum + weight, 0)
    for (const thing of things) {
      left -= thing.weight
      if (left < 0) return thing
    }
    return things[0]
  }
}
