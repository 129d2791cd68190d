import { VistterError } from '../../contract/errors.ts'

/**
 * The one memory that all pictures live in: shared by every thread of the engine and by the WASM kernel, so a frame is
 * written once by its reader and never copied to be looked at. Untouched pages cost nothing, so it is reserved whole.
 */
const PAGE = 65_536
const RESERVED_PAGES = 32_768 // 2 GiB of address space
const ALIGN = 64 // a cache line, and enough for any SIMD load

export class Arena {
  readonly memory: WebAssembly.Memory
  /** Free spans, ordered by address; neighbours are merged. */
  private free: { at: number; size: number }[]
  private readonly used = new Map<number, number>()

  /**
   * `firstFree`: bytes at the bottom that belong to the kernel's own data. The last line is nobody's, because the kernel
   * reads a little further than planes reach.
   */
  constructor(firstFree = PAGE) {
    this.memory = new WebAssembly.Memory({ initial: RESERVED_PAGES, maximum: RESERVED_PAGES, shared: true })
    this.free = [{ at: firstFree, size: RESERVED_PAGES * PAGE - firstFree - ALIGN }]
  }

  /** First fit; the address is a multiple of 64. Content is whatever was there before. */
  alloc(bytes: number): number {
    const size = Math.ceil(bytes / ALIGN) * ALIGN
    const index = this.free.findIndex(span => span.size >= size)
    if (index < 0)
      throw new VistterError('MEMORY_FULL', `Picture memory is full: ${Math.ceil(bytes / 1e6)} MB more are wanted.`)
    const span = this.free[index]
    const at = span.at
    span.at += size
    span.size -= size
    if (span.size === 0) this.free.splice(index, 1)
    this.used.set(at, size)
    return at
  }

  /** What several allocations are needed for: where one of them fails, none is left behind. */
  allOrNone<T>(make: () => T): T {
    const before = new Set(this.used.keys())
    try {
      return make()
    } catch (error) {
      for (const at of [...this.used.keys()]) if (!before.has(at)) this.release(at)
      throw error
    }
  }

  release(at: number): void {
    const size = this.used.get(at)
    if (size === undefined) throw new Error(`address ${at} was not allocated`)
    this.used.delete(at)
    const next = this.free.findIndex(span => span.at > at)
    this.free.splice(next < 0 ? this.free.length : next, 0, { at, size })
    this.merge()
  }

  get bytesInUse(): number {
    let sum = 0
    for (const size of this.used.values()) sum += size
    return sum
  }

  private merge(): void {
    const merged: { at: number; size: number }[] = []
    for (const span of this.free) {
      const last = merged.at(-1)
      if (last && last.at + last.size === span.at) last.size += span.size
      else merged.push(span)
    }
    this.free = merged
  }
}
