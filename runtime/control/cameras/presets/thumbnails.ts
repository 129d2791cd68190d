import { mkdir, rm, writeFile } from 'node:fs/promises'
import { get } from 'node:http'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'

const WITHIN_MS = 2_000

/** What a camera showed when a preset was kept, as files. A preset without one is no worse. */
export class Thumbnails {
  private readonly folder: string
  private readonly mediaSocket: string

  constructor(folder: string, mediaSocket: string) {
    this.folder = folder
    this.mediaSocket = mediaSocket
  }

  file(preset: string): string {
    return join(this.folder, `${preset}.jpg`)
  }

  /** Whether there is one now. */
  async take(camera: string, preset: string): Promise<boolean> {
    try {
      const picture = await this.newest(camera)
      await mkdir(this.folder, { recursive: true, mode: 0o750 })
      await writeFile(this.file(preset), picture)
      return true
    } catch {
      return false
    }
  }

  remove(preset: string): Promise<void> {
    return rm(this.file(preset), { force: true })
  }

  private newest(camera: string): Promise<Buffer> {
    const signal = AbortSignal.timeout(WITHIN_MS)
    const path = `/sources/${encodeURIComponent(camera)}.jpg`
    return new Promise((resolve, reject) => {
      const asking = get({ socketPath: this.mediaSocket, path, headers: { host: 'engine' }, signal }, answer => {
        if (answer.statusCode === 200) return buffer(answer).then(resolve, reject)
        answer.resume()
        reject(new Error('there is no picture now'))
      })
      asking.once('error', reject)
    })
  }
}
