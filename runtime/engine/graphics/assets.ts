import { stat } from 'node:fs/promises'
import { VistterError } from '../../contract/errors.ts'
import type { Size } from '../../ocl/types.ts'
import type { Renderer } from './renderer.ts'

const MOST = 1_000

/** What is known of image files: each version of a file is looked at once. */
export class Assets {
  private readonly sizes = new Map<string, Promise<Size>>()
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

  /** Rejects with ASSET_MISSING or ASSET_BROKEN. */
  async sizeOf(file: string): Promise<Size> {
    const version = await this.versionOf(file)
    const known = this.sizes.get(version)
    if (known !== undefined) return known
    if (this.sizes.size >= MOST) this.sizes.clear()
    const size = this.renderer.run('probe', { file })
    this.sizes.set(version, size)
    size.catch(() => this.sizes.delete(version))
    return size
  }
}
