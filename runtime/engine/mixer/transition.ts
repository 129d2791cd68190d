import type { Transition } from '../../contract/generated/engine.v1.ts'
import type { Kernel } from '../kernel/kernel.ts'
import { frameBytes } from '../memory/ring.ts'

type Direction = NonNullable<Transition['direction']>

/** The way in which an edge runs (wipe) or the new picture moves (slide); left when nothing is said. */
const WAYS: Record<Direction, readonly [dx: number, dy: number]> = {
  left: [-1, 0],
  right: [1, 0],
  up: [0, -1],
  down: [0, 1],
  'up-left': [-1, -1],
  'up-right': [1, -1],
  'down-left': [-1, 1],
  'down-right': [1, 1],
}

/**
 * A change from one picture to another over `frames` frames. Frame k of them (0 is the frame of the take) shows progress
 * (k + 1) / (frames + 1): each differs from both ends, and the frame after the last one is wholly the new picture.
 */
export class Passage {
  readonly frames: number
  private readonly type: Transition['type']
  private readonly way: readonly [number, number]
  private done = 0

  /** `frames`: how many frames the transition's duration is; below 1 it is a cut. */
  constructor(transition: Transition | undefined, frames: number) {
    this.type = transition?.type ?? 'cut'
    this.frames = this.type === 'cut' ? 0 : Math.max(0, frames)
    this.way = WAYS[transition?.direction ?? 'left']
  }

  get over(): boolean {
    return this.done >= this.frames
  }

  /** 0..1 at the present frame. */
  get progress(): number {
    return (this.done + 1) / (this.frames + 1)
  }

  advance(): void {
    this.done++
  }

  draw(kernel: Kernel, target: number, from: number, to: number, width: number, height: number): void {
    const p = this.progress
    const [dx, dy] = this.way
    if (this.type === 'wipe') kernel.wipe(target, from, to, width, height, dx, dy, p)
    else if (this.type === 'slide') {
      const x = Math.round((-dx * (1 - p) * width) / 2)
      const y = Math.round((-dy * (1 - p) * height) / 2)
      kernel.slide(target, from, to, width, height, x, y)
    } else kernel.crossfade(target, from, to, frameBytes(width, height), Math.round(p * 32_768))
  }
}
