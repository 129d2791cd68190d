import type { Picture } from '../../contract/generated/engine.v1.ts'
import type { Kernel } from '../kernel/kernel.ts'
import { frameBytes } from '../memory/ring.ts'

const STILL = ' still '

/** A source's picture that is kept as a still, as the name of something that can be shown. */
export const stillOf = (source: string): string => STILL + source

/** Whose picture that is. */
export const sourceOf = (id: string): string => (id.startsWith(STILL) ? id.slice(STILL.length) : id)

/** A buffer of the program's size and what its picture is called. */
interface Slot {
  address: number
  id: string | undefined
}

/**
 * Copies of pictures that outlast the rings they came from: the last one of a source that went, a still that was taken, and
 * the one on which the program is paused. One of each, in buffers that are there from the beginning.
 */
export class Kept {
  private held: Slot
  private stood: Slot
  private readonly pause: Slot
  private readonly kernel: Kernel
  private readonly bytes: number

  constructor(kernel: Kernel, picture: Picture, frames: { held: number; still: number; pause: number }) {
    this.kernel = kernel
    this.bytes = frameBytes(picture.width, picture.height)
    this.held = { address: frames.held, id: undefined }
    this.stood = { address: frames.still, id: undefined }
    this.pause = { address: frames.pause, id: undefined }
  }

  /** Keeps the picture at `address` under this name; the one that was held before is forgotten. */
  hold(id: string, address: number): void {
    this.fill(this.held, id, address)
  }

  /** Keeps the picture at `address` as the still of this source; the one before is forgotten, unless it was put by. */
  freeze(source: string, address: number): void {
    this.fill(this.stood, stillOf(source), address)
  }

  /** The still is needed a while longer beside the next one: it is held under this name. */
  putBy(id: string): void {
    const { held, stood } = this
    this.held = { ...stood, id }
    this.stood = { ...held, id: undefined }
  }

  /** The name of the still that is kept. */
  get still(): string | undefined {
    return this.stood.id
  }

  addressOf(id: string): number | undefined {
    return [this.stood, this.held].find(slot => slot.id === id)?.address
  }

  /** Address of the picture on which the program is paused. */
  get paused(): number | undefined {
    return this.pause.id === undefined ? undefined : this.pause.address
  }

  pauseOn(address: number): void {
    this.fill(this.pause, 'pause', address)
  }

  resume(): void {
    this.pause.id = undefined
  }

  private fill(slot: Slot, id: string, address: number): void {
    // After putBy() it may be there already.
    if (slot.address !== address) this.kernel.copy(slot.address, address, this.bytes)
    slot.id = id
  }
}
