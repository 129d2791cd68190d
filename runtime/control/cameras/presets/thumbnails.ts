import { access, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { get } from 'node:http'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { newId } from '../../../lib/ids.ts'
import { likeness } from './likeness.ts'

const WITHIN_MS = 2_000
/** What may be part of a file's name. */
const PLAIN = /^[A-Za-z0-9_-]{1,64}$/

const isThere = (file: string): Promise<boolean> =>
  access(file).then(
    () => true,
    () => false,
  )

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
      const picture = await this.newest(camera, 'jpg')
      await mkdir(this.folder, { recursive: true, mode: 0o750 })
      await writeFile(this.file(preset), picture)
      await writeFile(this.greyFile(preset), await this.newest(camera, 'grey'))
      return true
    } catch {
      return false
    }
  }

  /** The picture that a preset was kept with, where there is one. */
  async kept(preset: string): Promise<string | undefined> {
    return (await isThere(this.file(preset))) ? this.file(preset) : undefined
  }

  /** What a source shows now, as a file; undefined where it shows nothing. */
  async now(source: string): Promise<string | undefined> {
    if (!PLAIN.test(source)) return undefined
    try {
      const file = join(this.folder, `now-${source}.jpg`)
      // Whoever reads the one before must not find half of this one.
      const part = `${file}.${newId()}`
      await mkdir(this.folder, { recursive: true, mode: 0o750 })
      await writeFile(part, await this.newest(source, 'jpg'))
      await rename(part, file)
      return file
    } catch {
      return undefined
    }
  }

  /** How much the camera's picture now is like the one that was kept, from -1 to 1; undefined where that cannot be told. */
  async likeness(camera: string, preset: string): Promise<number | undefined> {
    try {
      return likeness(...(await Promise.all([readFile(this.greyFile(preset)), this.newest(camera, 'grey')])))
    } catch {
      return undefined
    }
  }

  async remove(preset: string): Promise<void> {
    for (const file of [this.file(preset), this.greyFile(preset)]) await rm(file, { force: true })
  }

  /** For comparing, not for people. */
  private greyFile(preset: string): string {
    return join(this.folder, `${preset}.grey`)
  }

  private newest(camera: string, kind: 'jpg' | 'grey'): Promise<Buffer> {
    const signal = AbortSignal.timeout(WITHIN_MS)
    const path = `/sources/${encodeURIComponent(camera)}.${kind}`
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
