import { createWriteStream, fdatasync, type WriteStream } from 'node:fs'

/** How often a file's bytes are forced to the disk (ms): what a power cut may cost. */
const SYNC_EVERY = 2_000

/** One file of a recording: what is put is with the system at once and on the disk soon after. */
export class Piece {
  readonly path: string
  private readonly file: WriteStream
  private readonly timer: NodeJS.Timeout
  private fd: number | undefined
  private syncing = false

  /** `failed` is called at most once, with what the system says. The file must not exist. */
  constructor(path: string, failed: (error: Error) => void) {
    this.path = path
    this.file = createWriteStream(path, { flags: 'wx', mode: 0o640 })
    this.file.once('open', (fd: number) => {
      this.fd = fd
    })
    this.file.once('error', failed)
    this.timer = setInterval(() => this.sync(), SYNC_EVERY)
  }

  /** Bytes that the disk has not taken yet. */
  get waiting(): number {
    return this.file.writableLength
  }

  put(bytes: Buffer): void {
    if (!this.file.destroyed) this.file.write(bytes)
  }

  /** Resolves when everything is written, or can no longer be. */
  async close(): Promise<void> {
    clearInterval(this.timer)
    this.fd = undefined
    if (this.file.destroyed) return
    await new Promise<void>(resolve => {
      this.file.once('close', resolve)
      this.file.end()
    })
  }

  private sync(): void {
    if (this.fd === undefined || this.syncing) return
    this.syncing = true
    fdatasync(this.fd, () => {
      this.syncing = false
    })
  }
}
