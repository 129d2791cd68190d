import { mkdir, statfs } from 'node:fs/promises'
import type { Log } from '../../lib/log.ts'
import type { Recorder } from '../ports.ts'

const EVERY_MS = 5_000
/** Below this many free bytes it is told; below half of it recordings wait. */
export const LOW = 1e9
/** So much more must be free again before all is well, so that it does not go to and fro. */
const SLACK = 1.1

interface Deps {
  folder: string
  record: Recorder
  log: Pick<Log, 'error'>
  /** Keeps the recordings within their limits. */
  tidy(): Promise<void>
  /** For tests, which have a disk of their own. */
  freeBytes?: (folder: string) => Promise<number>
}

async function free(folder: string): Promise<number> {
  await mkdir(folder, { recursive: true, mode: 0o750 })
  const { bavail, bsize } = await statfs(folder)
  return bavail * bsize
}

/** Looks after the disk. When it gets full, that is told first, then recordings stop, and never the show, which needs little. */
export class Storage {
  private timer: NodeJS.Timeout | undefined
  private looking = false
  private short = false
  private readonly deps: Deps

  constructor(deps: Deps) {
    this.deps = deps
  }

  start(): void {
    this.timer = setInterval(() => void this.look(), EVERY_MS)
    void this.look()
  }

  stop(): void {
    clearInterval(this.timer)
  }

  async look(): Promise<void> {
    if (this.looking) return
    this.looking = true
    const { folder, freeBytes = free, log, tidy } = this.deps
    try {
      await tidy()
      this.judge(await freeBytes(folder))
    } catch (error) {
      log.error({ err: error }, 'the disk could not be looked after')
    } finally {
      this.looking = false
    }
  }

  private judge(bytes: number): void {
    const { record } = this.deps
    const megabytes = Math.round(bytes / 1e6)
    const data = { freeBytes: bytes }
    if (!this.short && bytes < LOW) {
      this.short = true
      const message = `Only ${megabytes} MB are free on the disk: below ${LOW / 2e6} MB recordings wait, so delete some.`
      record({ type: 'storage.low', severity: 'warning', message, data: { ...data, cause: 'STORAGE_LOW' } })
    } else if (this.short && bytes > LOW * SLACK) {
      this.short = false
      record({
        type: 'storage.recovered',
        severity: 'info',
        message: `${megabytes} MB are free on the disk again.`,
        data,
      })
    }
  }
}
