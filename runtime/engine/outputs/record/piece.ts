import * as system from 'node:fs'
import { createWriteStream, type WriteStream } from 'node:fs'

/** How often a file's bytes are forced to the disk (ms): what a power cut may cost. */
const SYNC_EVERY = 2_000

/** What a file is written with. */
export type Disk = Pick<typeof system, 'open' | 'write' | 'writev' | 'fdatasync' | 'fsync' | 'close'>

interface Events {
  /** It is there, and empty. */
  opened: () => void
  /** At most once, with what the system says. */
  failed: (error: Error) => void
}

/** One file of a recording: what is put is with the system at once and on the disk soon after, all of it once it is closed. */
export class Piece {
  readonly path: string
  private readonly disk: Disk
  private readonly file: WriteStream
  private readonly timer: NodeJS.Timeout
  private fd: number | undefined
  private syncing = false
  private given = 0
  private seen = 0
  private hangs = false

  /** The file must not exist. */
  constructor(path: string, { opened, failed }: Events, disk: Disk = system) {
    this.path = path
    this.disk = disk
    this.file = createWriteStream(path, { flags: 'wx', mode: 0o640, flush: true, fs: disk })
    this.file.once('open', (fd: number) => {
      this.fd = fd
      opened()
    })
    this.file.once('error', failed)
    this.timer = setInterval(() => this.look(), SYNC_EVERY)
  }

  /** Bytes that the disk has not taken yet; none is taken any more once it has failed. */
  get waiting(): number {
    return this.given - this.file.bytesWritten
  }

  /** The disk has answered nothing for a while. */
  get stuck(): boolean {
    return this.hangs
  }

  put(bytes: Buffer): void {
    this.given += bytes.length
    if (!this.file.destroyed) this.file.write(bytes)
  }

  /** Resolves when everything is on the disk, or can no longer be: never, while the disk hangs. */
  async close(): Promise<void> {
    clearInterval(this.timer)
    this.fd = undefined
    if (this.file.destroyed) return
    await new Promise<void>(resolve => {
      this.file.once('close', resolve)
      this.file.end()
    })
  }

  private look(): void {
    const written = this.file.bytesWritten
    this.hangs = this.syncing || (this.waiting > 0 && written === this.seen)
    this.seen = written
    if (!this.hangs) this.sync()
  }

  /** Each call that hangs keeps one of the few threads that look up names for outputs, too. */
  private sync(): void {
    if (this.fd === undefined) return
    this.syncing = true
    this.disk.fdatasync(this.fd, () => {
      this.syncing = false
    })
  }
}
