import { setTimeout as pause } from 'node:timers/promises'
import { Arena } from '../../runtime/engine/memory/arena.ts'
import { allocRing, frameBytes, Ring, type RingLayout } from '../../runtime/engine/memory/ring.ts'
import type { Sprite } from '../../runtime/engine/memory/sprite.ts'
import { monotonicMs } from '../../runtime/lib/clock.ts'

/** What tests of the mixer feed it with, and how they look at what it makes. */
export const [width, height] = [320, 180]
export const arena = new Arena()

/** A source whose pictures are one grey and whose sound is one level. */
export class Grey {
  readonly layout: RingLayout
  private readonly ring: Ring
  private timer: NodeJS.Timeout | undefined
  private readonly luma: number
  private readonly level: number
  private readonly begun = monotonicMs()

  constructor(luma: number, level = 0) {
    this.luma = luma
    this.level = level
    this.layout = allocRing(arena, { width, height, slots: 12, audioFrames: 96_000 })
    this.ring = new Ring(arena.memory, this.layout)
  }

  /** Publishes one picture; returns its arrival. */
  push(): number {
    const now = monotonicMs()
    const pts = (now - this.begun) * 1_000
    this.ring.bytes.fill(this.luma, this.ring.writeAddress, this.ring.writeAddress + frameBytes(width, height))
    const until = Math.floor((pts * 48) / 1_000)
    if (this.level) {
      for (let n = this.ring.audioHead; n < until; n++)
        for (const side of [0, 1]) this.ring.samples[2 * (n % 96_000) + side] = this.level
      this.ring.publishAudio(until - this.ring.audioHead)
    }
    this.ring.publish(pts, now)
    return now
  }

  start(): this {
    this.push()
    this.timer = setInterval(() => this.push(), 20)
    return this
  }

  stop(): void {
    clearInterval(this.timer)
  }
}

export interface Seen {
  n: number
  pts: number
  luma: number
  corner: number
  arrival: number
}

/** Reads every frame of a bus as it comes: luma of the middle and of the top-left corner. */
export class Watcher {
  readonly frames: Seen[] = []
  readonly ring: Ring
  private next: number
  private readonly timer: NodeJS.Timeout

  constructor(layout: RingLayout) {
    this.ring = new Ring(arena.memory, layout)
    this.next = this.ring.head
    this.timer = setInterval(() => this.read(), 5)
  }

  private read(): void {
    for (; this.next < this.ring.head; this.next++) {
      const at = this.ring.addressOf(this.next)
      const luma = this.ring.bytes[at + (height / 2) * width + width / 2]
      const corner = this.ring.bytes[at]
      const pts = this.ring.ptsOf(this.next)
      if (this.ring.intact(this.next))
        this.frames.push({ n: this.next, pts, luma, corner, arrival: this.ring.arrivalOf(this.next) })
    }
  }

  stop(): void {
    clearInterval(this.timer)
  }
}

export const until = async (what: string, condition: () => boolean, ms = 8_000) => {
  const end = monotonicMs() + ms
  while (!condition()) {
    if (monotonicMs() > end) throw new Error(`waited in vain: ${what}`)
    await pause(5)
  }
}

/** A white rectangle of 160 x 90, wholly opaque. */
export function whiteSprite(key: string): Sprite {
  const [w, h] = [160, 90]
  const alloc = (bytes: number, value: number) => {
    const at = arena.alloc(bytes)
    new Uint8Array(arena.memory.buffer).fill(value, at, at + bytes)
    return at
  }
  const quarter = (w * h) / 4
  return {
    key,
    width: w,
    height: h,
    y: alloc(w * h, 235),
    u: alloc(quarter, 128),
    v: alloc(quarter, 128),
    a: alloc(w * h, 255),
    ac: alloc(quarter, 255),
  }
}
