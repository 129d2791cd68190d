import { mkdir } from 'node:fs/promises'
import { lowBytes, reservedBytes, SLACK } from '../../contract/disk-order.ts'
import { type Room, roomOf } from '../../lib/disk.ts'
import type { Log } from '../../lib/log.ts'
import type { Recorder } from '../ports.ts'

const EVERY_MS = 5_000
interface Deps {
  folder: string
  record: Recorder
  log: Pick<Log, 'error'>
  /** Keeps the recordings within their limits. */
  tidy(): Promise<void>
  /** For tests, which have a disk of their own. */
  room?: (folder: string) => Promise<Room>
}

async function made(folder: string): Promise<Room> {
  await mkdir(folder, { recursive: true, mode: 0o750 })
  return roomOf(folder)
}

/** Looks after the disk: tells when it gets full, and when it has recovered. Who then gives way is in the contract's disk order. */
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
    const { folder, room = made, log, tidy } = this.deps
    try {
      await tidy()
      this.judge(await room(folder))
    } catch (error) {
      log.error({ err: error }, 'the disk could not be looked after')
    } finally {
      this.looking = false
    }
  }

  private judge({ free, size }: Room): void {
    const { record } = this.deps
    const low = lowBytes(size)
    const data = { freeBytes: free }
    if (!this.short && free < low) {
      this.short = true
      const waits = `live folders wait, and below ${inMegabytes(reservedBytes(size))} recordings, so delete some`
      const message = `Only ${inMegabytes(free)} are free on the disk: ${waits}.`
      record({ type: 'storage.low', severity: 'warning', message, data: { ...data, cause: 'STORAGE_LOW' } })
    } else if (this.short && free > low * SLACK) {
      this.short = false
      const message = `${inMegabytes(free)} are free on the disk again.`
      record({ type: 'storage.recovered', severity: 'info', message, data })
    }
  }
}

const inMegabytes = (bytes: number): string => `${Math.round(bytes / 1e6)} MB`
