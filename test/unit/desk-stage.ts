import type { Take } from '../../runtime/contract/generated/engine.v1.ts'
import { kernelOn, loadKernel, SCALE_SCRATCH } from '../../runtime/engine/kernel/kernel.ts'
import { Arena } from '../../runtime/engine/memory/arena.ts'
import { allocRing, frameBytes, Ring } from '../../runtime/engine/memory/ring.ts'
import { allocBus } from '../../runtime/engine/mixer/bus.ts'
import { FrameTimes } from '../../runtime/engine/mixer/clock.ts'
import { Desk } from '../../runtime/engine/mixer/desk.ts'

const [width, height] = [64, 32]
const rate = { num: 25, den: 1 }
const kernel = loadKernel()

export const bytes = frameBytes(width, height)

/** The desk without its thread: every frame is made by hand, so every frame can be looked at. */
export class DeskStage {
  readonly desk: Desk
  readonly out: Ring
  /** The next frame. */
  n = 0
  /** Those that get a picture for each frame that is made. */
  readonly rings = new Map<string, Ring>()
  private readonly arena = new Arena()

  constructor() {
    const { arena } = this
    const [black, held, still, base, pause, ...scaled] = [0, 1, 2, 3, 4, 5, 6].map(() => arena.alloc(bytes))
    const frames = { black, held, still, base, pause, scaled, scratch: arena.alloc(SCALE_SCRATCH) }
    const birth = { memory: arena.memory, picture: { width, height, frameRate: rate }, slateAfterMs: 2_000, frames }
    this.desk = new Desk(birth, kernelOn(kernel, arena.memory), new FrameTimes(rate))
    const bus = allocBus(arena, 'b', 'all', allocRing(arena, { width, height, slots: 8, audioFrames: 192_000 }))
    this.desk.setBuses([bus], 0)
    this.out = new Ring(arena.memory, bus.ring)
  }

  due(frame = this.n): number {
    return 100_000 + frame * 40
  }

  /** A source whose ring gets one grey picture for each frame that is made. */
  source(id: string, luma: number, level = 0): void {
    const { memory } = this.arena
    const ring = new Ring(memory, allocRing(this.arena, { width, height, slots: 12, audioFrames: 192_000 }))
    ring.samples.fill(level)
    ring.audioStart = (this.due() - 1_000) * 1_000
    ring.publishAudio(48_000)
    this.rings.set(id, ring)
    this.turnsTo(id, luma)
  }

  /** All its pictures are of this grey from now on, also those that it has shown. */
  turnsTo(id: string, luma: number): void {
    const ring = this.rings.get(id)
    ring?.bytes.fill(luma, ring.layout.video, ring.layout.video + bytes * ring.layout.slots)
  }

  /** The sources as they are now. */
  list(): void {
    this.desk.setSources([...this.rings].map(([id, { layout }]) => ({ id, ring: layout, still: false, audio: true })))
  }

  tick(frames = 1): void {
    for (; frames > 0; frames--, this.n++) {
      const due = this.due()
      for (const ring of this.rings.values()) {
        ring.publish(due * 1_000, due)
        ring.publishAudio(1_920)
      }
      this.desk.tick(this.n, due, 1e12 + this.n * 40, () => due)
    }
  }

  take(take: Omit<Take, 'why'>): void {
    this.desk.takes.add({ why: 'test', ...take }, this.n)
  }

  /** Of the newest frame. */
  pixel(x = 0, y = 0): number {
    return this.out.bytes[this.out.addressOf(this.out.head - 1) + y * width + x]
  }

  sound(): number {
    return this.out.samples[2 * ((this.out.audioHead - 1) % 192_000)]
  }
}
