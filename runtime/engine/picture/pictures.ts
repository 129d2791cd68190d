import { asVistterError, VistterError } from '../../contract/errors.ts'
import type { PictureAnswer, PictureRequest } from '../../contract/generated/engine.v1.ts'
import type { Clock } from '../../lib/clock.ts'
import type { Log } from '../../lib/log.ts'
import { Darkroom } from './darkroom.ts'
import { groundOf } from './ground.ts'

/** Somebody who drags a slider asks often; the last answers are the ones that count. */
const MOST_WAITING = 4
/** The darkroom is closed when nobody has asked for so long (ms). */
const IDLE_MS = 60_000

interface Deps {
  clock: Clock
  log: Log
}

/** Pictures of overlays for people who prepare them: one after the other, beside the show and never in its way. */
export class Pictures {
  private readonly deps: Deps
  private darkroom: Darkroom | undefined
  private queue: Promise<unknown> = Promise.resolve()
  private waiting = 0
  private idle: NodeJS.Timeout | undefined

  constructor(deps: Deps) {
    this.deps = deps
  }

  /** For whoever asks from another process. Never rejects. */
  async answer(request: PictureRequest): Promise<PictureAnswer> {
    try {
      return { png: (await this.make(request)).toString('base64') }
    } catch (error) {
      this.deps.log.warn({ err: error }, 'picture of an overlay')
      const { code, message } = asVistterError(error)
      return { fault: { code, detail: message } }
    }
  }

  /** As PNG. Rejects with PICTURE_BUSY when too many are waiting, else as drawing fails. */
  make(request: PictureRequest): Promise<Buffer> {
    if (this.waiting >= MOST_WAITING)
      return Promise.reject(new VistterError('PICTURE_BUSY', 'Too many pictures of overlays are asked for at once.'))
    this.waiting++
    clearTimeout(this.idle)
    const made = this.queue.then(() => this.draw(request))
    this.queue = made
      .catch(() => {})
      .then(() => {
        if (--this.waiting === 0) this.idle = setTimeout(() => void this.close(), IDLE_MS).unref()
      })
    return made
  }

  async stop(): Promise<void> {
    clearTimeout(this.idle)
    await this.queue
    await this.close()
  }

  private async draw({ overlays, picture, outWidth, ground }: PictureRequest): Promise<Buffer> {
    const darkroom = this.open()
    const { num, den } = picture.frameRate
    const base = typeof ground === 'object' ? await darkroom.image(ground.image, picture) : groundOf(ground, picture)
    // All at one moment: the one that began first says how late it is.
    const t = Math.max(0, ...overlays.map(({ at }) => at))
    const layers = overlays.map(({ overlay, at }) => ({ since: t - at, overlay: () => overlay }))
    const subject = { layers, picture, ground: base }
    const frame =
      layers.length === 0 ? base : await darkroom.draw(subject, easel => easel.still(t, (1_000 * den) / num))
    return darkroom.png(frame, picture, outWidth)
  }

  private open(): Darkroom {
    if (!this.darkroom) {
      this.darkroom = new Darkroom({ ...this.deps, event: () => {}, id: 'renderer-pictures' })
      this.darkroom.start()
    }
    return this.darkroom
  }

  private async close(): Promise<void> {
    const { darkroom } = this
    this.darkroom = undefined
    clearTimeout(this.idle)
    await darkroom?.stop()
  }
}
