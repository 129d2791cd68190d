import { textKeyOf } from '../../ocl/text.ts'
import type { DrawnText, Size } from '../../ocl/types.ts'
import type { Renderer } from './renderer.ts'

/** More than all overlays of a show have; a clock alone would fill it in an hour, so the oldest go. */
const MOST = 4_000

/** Sizes of texts. Each is asked for once: where one token changes, all others have not. */
export class Rulers {
  private readonly known = new Map<string, Size>()
  private readonly renderer: Pick<Renderer, 'run'>

  constructor(renderer: Pick<Renderer, 'run'>) {
    this.renderer = renderer
  }

  /** By textKeyOf. Rejects with RENDERER_FAILED. */
  async measure(texts: DrawnText[]): Promise<Record<string, Size>> {
    const wanted = new Map(texts.map(text => [textKeyOf(text), text]))
    const fresh = [...wanted].filter(([key]) => !this.known.has(key))
    const sizes = fresh.length > 0 ? await this.renderer.run('measure', { texts: fresh.map(([, text]) => text) }) : []
    const found = new Map(fresh.map(([key], n) => [key, sizes[n]]))
    const all = [...wanted.keys()].map((key): [string, Size] => [key, found.get(key) ?? this.known.get(key) ?? NONE])
    for (const [key, size] of found) this.known.set(key, size)
    for (const key of this.known.keys()) {
      if (this.known.size <= MOST) break
      this.known.delete(key)
    }
    return Object.fromEntries(all)
  }
}

const NONE: Size = { width: 0, height: 0 }
