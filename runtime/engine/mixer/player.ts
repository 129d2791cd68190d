import {
  bitmapPlace,
  type Fit,
  fitInto,
  type Layer,
  nextChange,
  onPicture,
  resolve,
  spriteKeyOf,
} from '../../ocl/index.ts'
import { opacityOf, type Placed } from '../kernel/kernel.ts'
import type { PreparedOverlay, Sprite } from '../memory/sprite.ts'

interface Size {
  width: number
  height: number
}

/** One overlay on its own time line: asks the document what is to be seen, and only when the answer may have changed. */
export class Player {
  readonly id: string
  readonly scene: string | undefined
  /** Keys of bitmaps that were asked for and are not there; their layers are left out. */
  readonly missing = new Set<string>()
  /** What the document says now, and how much of it there is to draw. */
  placed: Placed[] = []
  layers = 0
  /** Why it shows nothing, when the document could not be resolved. */
  fault: string | undefined
  private validUntil = Number.NEGATIVE_INFINITY
  private readonly overlay: PreparedOverlay
  private readonly sprites: Map<string, Sprite>
  private readonly fit: Fit
  private readonly picture: Size

  constructor(overlay: PreparedOverlay, picture: Size) {
    this.id = overlay.id
    this.scene = overlay.scene
    this.overlay = overlay
    this.picture = picture
    this.sprites = new Map(overlay.sprites.map(sprite => [sprite.key, sprite]))
    this.fit = fitInto(overlay.document.timeline.resolution, picture)
  }

  /** Brings `placed` up to date for the frame at `wall` (UTC ms). */
  seek(wall: number): void {
    const t = wall - this.overlay.startedAt
    if (t < this.validUntil || this.fault !== undefined) return
    const { document, context } = this.overlay
    try {
      const layers = t < 0 ? [] : resolve(document, t, context).layers
      this.validUntil = nextChange(document, t, context)
      this.layers = layers.length
      this.placed = layers.flatMap(layer => this.place(layer) ?? [])
    } catch (error) {
      this.fault = error instanceof Error ? error.message : String(error)
      this.layers = 0
      this.placed = []
    }
  }

  private place(layer: Layer): Placed | undefined {
    const opacity = opacityOf(layer.opacity)
    if (opacity === 0) return undefined
    const key = spriteKeyOf(layer)
    const sprite = this.sprites.get(key)
    if (!sprite) {
      this.missing.add(key)
      return undefined
    }
    const place = bitmapPlace(this.fit, layer)
    const { left = 0, top = 0 } = sprite
    const [x, y] = [place.x - left, place.y - top]
    const whole = { left: 0, top: 0, right: this.picture.width, bottom: this.picture.height }
    return { sprite, x, y, opacity, ...whole, ...(layer.clip && this.clip(layer.clip)) }
  }

  private clip(box: NonNullable<Layer['clip']>): Pick<Placed, 'left' | 'top' | 'right' | 'bottom'> {
    const { x, y, width, height } = onPicture(this.fit, box)
    const within = (value: number, limit: number) => Math.max(0, Math.min(limit, Math.round(value)))
    return {
      left: within(x, this.picture.width),
      top: within(y, this.picture.height),
      right: within(x + width, this.picture.width),
      bottom: within(y + height, this.picture.height),
    }
  }
}
