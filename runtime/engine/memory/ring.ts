import type { Arena } from './arena.ts'

/**
 * A ring of pictures with its sound, in the shared memory: one writer, any number of readers, no locks.
 * Sources have one each (ingest writes, mixer reads); each bus of a program has one (mixer writes, encoders read).
 *
 * Video: `slots` frames of I420 (Y, then U, then V, tightly packed, strides = width and width / 2), each with a
 * presentation time. Frame `n` stands in slot n % slots and is there once `head` > n.
 * Audio: interleaved stereo s16 at 48 kHz in a circle of `audioFrames` sample pairs. Pair `i` stands at i % audioFrames
 * and is there once `audioHead` > i; its presentation time is `audioZero` + i / 48 kHz.
 *
 * A reader never blocks the writer: it takes what it wants and then asks `intact(n)` whether the writer has come round
 * meanwhile. The frame counter is unsigned 32-bit and compared as a difference (it wraps after 828 days at 60 fps); the
 * sample counter would wrap after 25 hours, so it has 64 bits and is read as an exact number.
 */
export interface RingLayout {
  width: number
  height: number
  slots: number
  audioFrames: number
  /** Address of the header, of the video slots and of the audio circle. */
  header: number
  video: number
  audio: number
}

export const SAMPLE_RATE = 48_000

const HEAD = 0
const WORDS = 4
const HEADER_BYTES = WORDS * 4

export const frameBytes = (width: number, height: number): number => (width * height * 3) / 2

export function allocRing(
  arena: Arena,
  shape: { width: number; height: number; slots: number; audioFrames: number },
): RingLayout {
  return arena.allOrNone(() => {
    const header = arena.alloc(HEADER_BYTES + 8 + shape.slots * 16)
    new Uint8Array(arena.memory.buffer, header, HEADER_BYTES + 8 + shape.slots * 16).fill(0)
    return {
      ...shape,
      header,
      video: arena.alloc(frameBytes(shape.width, shape.height) * shape.slots),
      audio: arena.alloc(Math.max(64, shape.audioFrames * 4)),
    }
  })
}

export function releaseRing(arena: Arena, ring: RingLayout): void {
  for (const address of [ring.header, ring.video, ring.audio]) arena.release(address)
}

/** Both ends of a ring. Make one in each thread from the same layout and memory. */
export class Ring {
  readonly layout: RingLayout
  readonly slotBytes: number
  /** The whole memory as bytes: addresses index into it. */
  readonly bytes: Uint8Array
  /** The audio circle as s16 values: pair i is at [2 * (i % audioFrames)] and the value after it. */
  readonly samples: Int16Array
  private readonly words: Int32Array
  private readonly audioCount: BigInt64Array
  private readonly audioZero: Float64Array
  private readonly pts: Float64Array
  private readonly arrival: Float64Array

  constructor(memory: WebAssembly.Memory, layout: RingLayout) {
    const { header, slots, audio, audioFrames } = layout
    this.layout = layout
    this.slotBytes = frameBytes(layout.width, layout.height)
    this.bytes = new Uint8Array(memory.buffer)
    this.samples = new Int16Array(memory.buffer, audio, audioFrames * 2)
    this.words = new Int32Array(memory.buffer, header, WORDS)
    this.audioCount = new BigInt64Array(memory.buffer, header + 8, 1)
    this.audioZero = new Float64Array(memory.buffer, header + HEADER_BYTES, 1)
    this.pts = new Float64Array(memory.buffer, header + HEADER_BYTES + 8, slots)
    this.arrival = new Float64Array(memory.buffer, header + HEADER_BYTES + 8 + slots * 8, slots)
  }

  /** Frames published so far (u32). The newest is head - 1. */
  get head(): number {
    return Atomics.load(this.words, HEAD) >>> 0
  }

  /** Sample pairs published so far. */
  get audioHead(): number {
    return Number(Atomics.load(this.audioCount, 0))
  }

  /** Address of the slot in which frame n stands. */
  addressOf(n: number): number {
    return this.layout.video + ((n >>> 0) % this.layout.slots) * this.slotBytes
  }

  /** Presentation time of frame n, in the source's own µs (a program's: µs of program time). */
  ptsOf(n: number): number {
    return this.pts[(n >>> 0) % this.layout.slots]
  }

  /** When frame n was complete here, monotonic ms. */
  arrivalOf(n: number): number {
    return this.arrival[(n >>> 0) % this.layout.slots]
  }

  /** Presentation time (µs) of audio pair 0, extrapolated: pair i is at audioStart + i * 1e6 / 48000. */
  get audioStart(): number {
    return this.audioZero[0]
  }

  set audioStart(us: number) {
    this.audioZero[0] = us
  }

  /** Whether frame n is published and its slot is not being overwritten: the writer fills slot `head` next. */
  intact(n: number): boolean {
    const age = (this.head - n) >>> 0
    return age >= 1 && age < this.layout.slots
  }

  /** Address into which the writer puts the next frame. */
  get writeAddress(): number {
    return this.addressOf(this.head)
  }

  /** Publishes the frame at writeAddress and wakes readers that wait for it. */
  publish(ptsUs: number, arrivedMs: number): void {
    const slot = this.head % this.layout.slots
    this.pts[slot] = ptsUs
    this.arrival[slot] = arrivedMs
    Atomics.add(this.words, HEAD, 1)
    Atomics.notify(this.words, HEAD)
  }

  /** Publishes `pairs` sample pairs that were written from audioHead on. */
  publishAudio(pairs: number): void {
    Atomics.add(this.audioCount, 0, BigInt(pairs))
  }

  /** Blocks this thread until head differs from `seen` or the time is over. Only in workers. */
  waitBeyond(seen: number, timeoutMs: number): void {
    Atomics.wait(this.words, HEAD, seen | 0, timeoutMs)
  }
}
