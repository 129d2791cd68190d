import type { FlvTag } from '../../runtime/engine/media/tag.ts'
import { systemClock } from '../../runtime/lib/clock.ts'

/**
 * Stands where an encoder stands: pushes tags in real time, over and over, with timestamps that go on rising.
 * The tags must hold whole seconds of media that begin at 1000 ms.
 */
export class TagFeed {
  /** Everything pushed so far, as it was pushed. */
  readonly pushed: FlvTag[] = []
  private readonly tags: FlvTag[]
  private readonly periodMs: number
  private readonly offset: number
  private readonly push: (tag: FlvTag) => void
  private timer: NodeJS.Timeout | undefined
  private next = 0
  private began = 0

  /** `offset` (ms) is added to every timestamp. */
  constructor(tags: FlvTag[], seconds: number, push: (tag: FlvTag) => void, offset = 0) {
    this.tags = tags
    this.periodMs = seconds * 1_000
    this.push = push
    this.offset = offset
  }

  start(): this {
    this.began = systemClock.mono()
    this.timer = setInterval(() => this.due(), 10)
    return this
  }

  stop(): void {
    clearInterval(this.timer)
  }

  private due(): void {
    const now = systemClock.mono() - this.began + 1_000
    for (;;) {
      const tag = this.tags[this.next % this.tags.length]
      if (!tag) return
      const round = Math.floor(this.next / this.tags.length)
      const time = tag.timestamp + round * this.periodMs
      if (time > now) return
      this.next++
      if (round > 0 && (tag.header || tag.kind === 'script')) continue // an encoder sends them once
      const stamped = { ...tag, timestamp: time + this.offset }
      this.pushed.push(stamped)
      this.push(stamped)
    }
  }
}
