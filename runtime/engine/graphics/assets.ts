import { stat } from 'node:fs/promises'
import { VistterError } from '../../contract/errors.ts'
import { monotonicMs } from '../../lib/clock.ts'
import type { Jobs } from './jobs.ts'
import { JobFailed, type Renderer } from './renderer.ts'

const MOST = 1_000
/** A file at which the renderer died or hung is left alone for so long (ms): it may have been the machine's fault. */
const REST_MS = 300_000

/** What is known of image files: each version of a file is looked at once, also one that is broken. */
export class Assets {
  private readonly known = new Map<string, Promise<Jobs['probe']['answer']>>()
  private readonly bad = new Map<string, { error: VistterError; until: number }>()
  private readonly renderer: Pick<Renderer, 'run'>

  constructor(renderer: Pick<Renderer, 'run'>) {
    this.renderer = renderer
  }

  /** Names this version of a file: another content has another name. Rejects with ASSET_MISSING. */
  async versionOf(file: string): Promise<string> {
    try {
      const { mtimeMs, size } = await stat(file)
      return `${file}:${mtimeMs}:${size}`
    } catch {
      throw new VistterError('ASSET_MISSING', `The file ${file} cannot be read.`)
    }
  }

  /** Rejects with ASSET_MISSING, ASSET_BROKEN or OVERLAY_TOO_LARGE. */
  async lookAt(file: string): Promise<Jobs['probe']['answer']> {
    const version = await this.versionOf(file)
    const known = this.known.get(version)
    if (known !== undefined) return known
    if (this.known.size >= MOST) this.known.clear()
    const answer = this.ask(version, () => this.renderer.run('probe', { file }))
    this.known.set(version, answer)
    answer.catch(() => this.known.delete(version))
    return answer
  }

  /** What the renderer answers about a version of a file; where that made it fail, as it failed. */
  async ask<T>(version: string, job: () => Promise<T>): Promise<T> {
    const bad = this.bad.get(version)
    if (bad && monotonicMs() < bad.until) throw bad.error
    try {
      return await job()
    } catch (error) {
      if (this.bad.size >= MOST) this.bad.clear()
      if (error instanceof JobFailed) this.bad.set(version, { error, until: monotonicMs() + REST_MS })
      else if (error instanceof VistterError && error.code === 'ASSET_BROKEN')
        this.bad.set(version, { error, until: Number.POSITIVE_INFINITY })
      throw error
    }
  }
}
