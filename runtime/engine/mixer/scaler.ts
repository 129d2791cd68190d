import type { Kernel } from '../kernel/kernel.ts'
import type { Ring } from '../memory/ring.ts'
import { place, type View } from './view.ts'

interface Size {
  width: number
  height: number
}

/** A buffer of the program's size and whose frame is in it. */
interface Slot {
  address: number
  ring: Ring | undefined
  n: number
  view: View | undefined
  /** What was drawn into last, and the size it came from: around it the buffer is black. */
  drawn: string
  used: number
}

/**
 * Brings frames of another size than the program's to it, each once: a camera of 30 frames a second in a program of 60 is
 * scaled 30 times. Two buffers, because a transition shows two sources.
 */
export class Scaler {
  private readonly slots: Slot[]
  private uses = 0
  private readonly kernel: Kernel
  private readonly picture: Size
  private readonly scratch: number

  constructor(kernel: Kernel, picture: Size, buffers: { scaled: number[]; scratch: number }) {
    this.kernel = kernel
    this.picture = picture
    this.scratch = buffers.scratch
    this.slots = buffers.scaled.map(address => ({
      address,
      ring: undefined,
      n: 0,
      view: undefined,
      drawn: '',
      used: 0,
    }))
  }

  /** Rings may have gone, and others come at their addresses. */
  forget(): void {
    for (const slot of this.slots) slot.ring = undefined
  }

  /** Address of frame n of the ring in the program's size. */
  frame(ring: Ring, n: number, view: View): number {
    const { width, height } = ring.layout
    if (width === this.picture.width && height === this.picture.height) return ring.addressOf(n)
    const slot = this.slotFor(ring)
    slot.used = ++this.uses
    if (slot.ring !== ring || slot.n !== n || slot.view !== view) this.draw(slot, ring, n, view)
    return slot.address
  }

  private draw(slot: Slot, ring: Ring, n: number, view: View): void {
    const { width, height } = ring.layout
    const { part, box } = place(ring.layout, this.picture, view)
    const drawn = `${box.x},${box.y},${box.width},${box.height}`
    if (slot.drawn !== drawn) this.kernel.black(slot.address, this.picture.width, this.picture.height)
    this.kernel.scale(
      slot.address,
      ...([this.picture.width, this.picture.height, box.x, box.y, box.width, box.height, ring.addressOf(n)] as const),
      ...([width, height, part.x, part.y, part.width, part.height, this.scratch] as const),
    )
    Object.assign(slot, { ring, n, view, drawn })
  }

  /** The one that holds an earlier frame of the same source, else the one that was not needed for longest. */
  private slotFor(ring: Ring): Slot {
    const same = this.slots.find(slot => slot.ring === ring)
    return same ?? this.slots.reduce((a, b) => (b.used < a.used ? b : a))
  }
}
