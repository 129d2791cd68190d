import { VistterError } from '../../contract/errors.ts'
import { Turns } from '../../lib/turns.ts'
import type { Cache } from './cache.ts'
import { evict, type Weighed } from './evict.ts'
import { isPinned, type Use } from './uses.ts'

interface Deps {
  cache: Cache
  uses(): Map<string, Use[]>
  quotaBytes(): number
  evicted(sha256: string): void
}

/** The room that files and those on their way may take: who comes is let in only when all fits. */
export class Room {
  private readonly held = new Map<string, number>()
  private readonly turns = new Turns()
  private readonly deps: Deps

  constructor(deps: Deps) {
    this.deps = deps
  }

  get usedBytes(): number {
    return this.deps.cache.list().reduce((sum, { bytes }) => sum + bytes, 0)
  }

  /** For people. */
  state(): { quotaBytes: number; usedBytes: number; files: number } {
    const { cache, quotaBytes } = this.deps
    return { quotaBytes: quotaBytes(), usedBytes: this.usedBytes, files: cache.list().length }
  }

  /** Holds room for a file that comes; what is not needed goes for it. Throws ASSET_CACHE_FULL. */
  async take(sha256: string, bytes: number): Promise<void> {
    if ((this.held.get(sha256) ?? 0) >= bytes) return
    await this.turns.run('room', async () => {
      if (!(await this.fit(sha256, bytes))) throw this.full(bytes)
      this.held.set(sha256, bytes)
    })
  }

  /** So much of it is on the disk and may stay there. */
  hold(sha256: string, bytes: number): void {
    if (bytes > 0) this.held.set(sha256, bytes)
    else this.held.delete(sha256)
  }

  release(sha256: string): void {
    this.held.delete(sha256)
  }

  /** Keeps to a quota that may have been lowered, as far as may go what there is. */
  async tidy(): Promise<void> {
    await this.turns.run('room', async () => {
      if (await this.fit('', 0)) return
      const loose = this.weighed('').filter(({ pinned }) => !pinned)
      for (const { sha256 } of loose) await this.drop(sha256)
    })
  }

  private async fit(sha256: string, bytes: number): Promise<boolean> {
    // What is a file by now, or is being replaced, is counted there.
    const coming = [...this.held].filter(([id]) => id !== sha256 && !this.deps.cache.has(id))
    const others = coming.reduce((sum, [, held]) => sum + held, 0)
    const gone = evict(this.weighed(sha256), bytes + others, this.deps.quotaBytes())
    for (const id of gone ?? []) await this.drop(id)
    return gone !== undefined
  }

  private weighed(without: string): Weighed[] {
    const uses = this.deps.uses()
    return this.deps.cache
      .list()
      .filter(({ sha256 }) => sha256 !== without)
      .map(({ sha256, bytes, usedAt }) => {
        const of = uses.get(sha256)
        return { sha256, bytes, usedAt, pinned: isPinned(of), named: of !== undefined }
      })
  }

  private async drop(sha256: string): Promise<void> {
    await this.deps.cache.remove(sha256)
    this.deps.evicted(sha256)
  }

  private full(bytes: number): VistterError {
    const [need, used, quota] = [bytes, this.usedBytes, this.deps.quotaBytes()].map(inMegabytes)
    const why = `of the ${quota} for assets, ${used} are taken, and what is on air or announced must not go`
    return new VistterError('ASSET_CACHE_FULL', `There is no room for ${need}: ${why}.`)
  }
}

const inMegabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(1)} MB`
