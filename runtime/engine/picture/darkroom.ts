import type { Overlay, Picture } from '../../contract/generated/engine.v1.ts'
import type { Clock } from '../../lib/clock.ts'
import type { Log } from '../../lib/log.ts'
import type { Report } from '../events.ts'
import { Graphics } from '../graphics/graphics.ts'
import { Renderer } from '../graphics/renderer.ts'
import { loadKernel } from '../kernel/kernel.ts'
import { Arena } from '../memory/arena.ts'
import { Easel } from './easel.ts'

interface Deps {
  clock: Clock
  log: Log
  /** Hears what an overlay lacks. */
  event: Report
  /** Of its renderer, in the book of children. */
  id: string
}

interface Size {
  width: number
  height: number
}

interface Subject {
  /** In paint order. */
  layers: readonly SubjectLayer[]
  picture: Picture
  /** What they lie on, as I420. */
  ground: Uint8Array
}

interface SubjectLayer {
  /** The t (ms) at which it begins. */
  since: number
  /** As it is at a moment of its own time (ms): its words may change. */
  overlay(own: number): Overlay
}

/**
 * Where pictures of overlays are made that are not on air: with the same drawing, painting and kernel, in memory and with a
 * renderer of its own, so that nothing on air ever waits for it.
 */
export class Darkroom {
  private readonly arena = new Arena()
  private readonly kernel = loadKernel()
  private readonly renderer: Renderer
  private readonly graphics: Graphics

  constructor({ clock, log, event, id }: Deps) {
    this.renderer = new Renderer({ clock, log, event, id })
    this.graphics = new Graphics({ arena: this.arena, renderer: this.renderer, log, event })
  }

  start(): void {
    this.renderer.start()
  }

  stop(): Promise<void> {
    return this.renderer.stop()
  }

  /** Puts overlays on an easel over `ground`, while `work` lasts. */
  async draw<T>({ layers, picture, ground }: Subject, work: (easel: Easel) => Promise<T>): Promise<T> {
    const { arena, kernel, graphics } = this
    const easel = new Easel({
      ...{ arena, kernel, picture, ground },
      layers: layers.map(({ since, overlay }) => ({
        since,
        prepare: own => graphics.prepare(overlay(own), picture, { only: own }),
      })),
      giveBack: prepared => graphics.release(prepared),
    })
    try {
      return await work(easel)
    } finally {
      easel.release()
    }
  }

  /** An image file that fills the frame, as I420. Rejects with ASSET_MISSING or ASSET_BROKEN. */
  image(file: string, { width, height }: Size): Promise<Uint8Array> {
    return this.renderer.run('slate', { width, height, title: '', subtitle: '', image: file })
  }

  /** An I420 frame as PNG, `outWidth` pixels wide, in its own proportions; never enlarged. */
  async png(frame: Uint8Array, size: Size, outWidth: number): Promise<Buffer> {
    const png = await this.renderer.run('png', { ...size, frame, outWidth })
    return Buffer.from(png.buffer, png.byteOffset, png.byteLength)
  }
}
