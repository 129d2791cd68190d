import { spawnSync } from 'node:child_process'
import { closeSync, openSync, rmSync, statfsSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { scratch } from './run.ts'

const CHUNK = Buffer.alloc(1 << 20)

/** A disk of its own: a tmpfs of so many bytes, which can be filled up. Only root may mount one. */
export class SmallDisk {
  private readonly folder = scratch('disk')
  private readonly filler = join(this.folder.path, 'filler')
  private fillers = 0
  /** Whether this machine lets us have one. */
  readonly mounted: boolean

  constructor(bytes: number) {
    this.mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${bytes}`, 'tmpfs', this.path]).status === 0
  }

  get path(): string {
    return this.folder.path
  }

  get free(): number {
    const { bavail, bsize } = statfsSync(this.path)
    return bavail * bsize
  }

  /** Takes room until no more than this is free. */
  fillTo(free: number): void {
    const file = openSync(`${this.filler}-${this.fillers++}`, 'w')
    try {
      while (this.free > free) writeSync(file, CHUNK, 0, Math.min(CHUNK.length, Math.max(4_096, this.free - free)))
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'ENOSPC')) throw error
    } finally {
      closeSync(file)
    }
  }

  /** Gives all room back that was taken. */
  empty(): void {
    while (this.fillers > 0) rmSync(`${this.filler}-${--this.fillers}`, { force: true })
  }

  remove(): void {
    if (this.mounted) spawnSync('umount', ['-l', this.path])
    this.folder.remove()
  }
}
