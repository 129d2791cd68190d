import type { ServerResponse } from 'node:http'
import { sleep } from '../../lib/clock.ts'

const BOUNDARY = 'picture'
const SLOWEST = 0.1
const FASTEST = 15

/** One viewer of a picture series (multipart/x-mixed-replace). Who reads slowly gets fewer pictures, never older ones. */
export class LiveJpegs {
  private readonly gone = new AbortController()
  private readonly take: () => Promise<Buffer | undefined>
  private readonly pauseMs: number
  private readonly response: ServerResponse

  /** `fps` is pictures a second, kept within 0.1 to 15; what is no number means 2. */
  constructor(take: () => Promise<Buffer | undefined>, fps: number, response: ServerResponse) {
    this.take = take
    this.pauseMs = 1_000 / Math.min(FASTEST, Math.max(SLOWEST, Number.isFinite(fps) ? fps : 2))
    this.response = response
  }

  start(first: Buffer): void {
    const type = `multipart/x-mixed-replace; boundary=${BOUNDARY}`
    this.response.writeHead(200, { 'content-type': type, 'cache-control': 'no-store' })
    this.response.write(`--${BOUNDARY}\r\n`)
    this.send(first)
    this.run().catch(() => this.response.destroy())
  }

  stop(): void {
    this.gone.abort()
  }

  private async run(): Promise<void> {
    const { signal } = this.gone
    for (;;) {
      await sleep(this.pauseMs, signal)
      if (signal.aborted) return
      if (this.response.writableLength > 0) continue
      const picture = await this.take()
      if (picture && !signal.aborted) this.send(picture)
    }
  }

  /** A browser shows a picture when it sees the boundary behind it, so each part brings that along. */
  private send(picture: Buffer): void {
    const head = `content-type: image/jpeg\r\ncontent-length: ${picture.length}\r\n\r\n`
    this.response.write(Buffer.concat([Buffer.from(head), picture, Buffer.from(`\r\n--${BOUNDARY}\r\n`)]))
  }
}
