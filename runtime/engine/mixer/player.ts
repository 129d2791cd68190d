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
import type { PreparedOverlay, Sprite, SpriteDelta } from '../memory/sprite.ts'
import type { Shown } from './airings.ts'

interface Size {
  width: number
  height: number
}

/** A frame's time is a sum of fractions: by 1 µs nothing must come a frame late. */
const HAIR = 1e-3

interface OnScreen {
  cue: string
  placed: Placed
  element: Shown
}

const NOTHING: readonly Shown[] = []

/** One overlay on its own time line: asks the document what is to be seen, and only when the answer may have changed. */
export class Player {
  readonly id: string
  readonly scene: string | undefined
  /** The first frame (UTC ms) that it is in. */
  readonly at: number
  /** Cues whose bitmap was not there when it was asked for; whoever tells it empties this. */
  readonly late = new Set<string>()
  /** What the document says now, and how much of it there is to draw. */
  placed: Placed[] = []
  layers = 0
  /** What of it is to be seen; the same array while that is the same. */
  seen: readonly Shown[] = NOTHING
  /** Why it shows nothing, when the document could not be resolved. */
  fault: string | undefined
  private validUntil = Number.NEGATIVE_INFINITY
  private readonly overlay: PreparedOverlay
  private readonly sprites: Map<string, Sprite>
  /** What was to be seen at the last change, by cue: it stands in for what is late. */
  private shown: OnScreen[] = []
  /** Of layers that did not change: they are the same objects. */
  private places = new WeakMap<Layer, Placed>()
  private readonly fit: Fit
  private readonly picture: Size

  constructor(overlay: PreparedOverlay, picture: Size) {
    this.id = overlay.id
    this.scene = overlay.scene
    this.at = overlay.at ?? Number.NEGATIVE_INFINITY
    this.overlay = overlay
    this.picture = picture
    this.sprites = new Map(overlay.sprites.map(sprite => [sprite.key, sprite]))
    this.fit = fitInto(overlay.document.timeline.resolution, picture)
  }

  /** Bitmaps come and go; none that goes is touched after this. */
  supply({ add, drop }: SpriteDelta): void {
    for (const key of drop) this.sprites.delete(key)
    for (const sprite of add) this.sprites.set(sprite.key, sprite)
    if (drop.length > 0) {
      const left = new Set(this.sprites.values())
      this.shown = this.shown.filter(({ placed }) => left.has(placed.sprite))
      this.placed = this.placed.filter(({ sprite }) => left.has(sprite))
      this.places = new WeakMap()
    }
    this.validUntil = Number.NEGATIVE_INFINITY
  }

  /** Brings `placed` up to date for the frame at `wall` (UTC ms). */
  seek(wall: number): void {
    const t = wall - this.overlay.startedAt + HAIR
    if (t < this.validUntil || this.fault !== undefined) return
    const { document, context } = this.overlay
    try {
      const layers = t < 0 ? [] : resolve(document, t, context).layers
      this.validUntil = nextChange(document, t, context)
      this.layers = layers.length
      this.show(layers)
    } catch (error) {
      this.fault = error instanceof Error ? error.message : String(error)
      this.layers = 0
      this.placed = []
      this.seen = NOTHING
    }
  }

  private show(layers: Layer[]): void {
    const shown: OnScreen[] = []
    for (const layer of layers) {
      const opacity = opacityOf(layer.opacity)
      if (opacity === 0) continue
      const placed = this.place(layer, opacity)
      const on = placed ? { cue: layer.cue, placed, element: this.elementOf(layer) } : this.before(layer.cue, opacity)
      if (on) shown.push(on)
    }
    this.shown = shown
    this.placed = shown.map(({ placed }) => placed)
    const seen = shown.filter(({ placed }) => isSeen(placed)).map(({ element }) => element)
    if (!alike(seen, this.seen)) this.seen = seen
  }

  /** A late picture holds up nothing: the one before it stays, where it was. */
  private before(cue: string, opacity: number): OnScreen | undefined {
    this.late.add(cue)
    const last = this.shown.find(shown => shown.cue === cue)
    return last && { ...last, placed: { ...last.placed, opacity } }
  }

  private elementOf(layer: Layer): Shown {
    const { cue } = layer
    if (layer.kind !== 'asset') return { cue }
    const sha256 = this.overlay.document.assets?.find(({ id }) => id === layer.assetRef)?.sha256
    return { cue, asset: layer.assetRef, ...(sha256 !== undefined && { sha256 }) }
  }

  private place(layer: Layer, opacity: number): Placed | undefined {
    const known = this.places.get(layer)
    if (known) return known
    const sprite = this.sprites.get(spriteKeyOf(layer))
    if (!sprite) return undefined
    const place = bitmapPlace(this.fit, layer)
    const { left = 0, top = 0 } = sprite
    const [x, y] = [place.x - left, place.y - top]
    const whole = { left: 0, top: 0, right: this.picture.width, bottom: this.picture.height }
    const placed = { sprite, x, y, opacity, ...whole, ...(layer.clip && this.clip(layer.clip)) }
    this.places.set(layer, placed)
    return placed
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

/** Some of it lies inside the picture and what is cut out of it. */
function isSeen({ sprite, x, y, left, top, right, bottom }: Placed): boolean {
  return Math.max(x, left) < Math.min(x + sprite.width, right) && Math.max(y, top) < Math.min(y + sprite.height, bottom)
}

const alike = (a: readonly Shown[], b: readonly Shown[]): boolean =>
  a.length === b.length && a.every((one, n) => sameElement(one, b[n]))

const sameElement = (a: Shown, b: Shown): boolean => a.cue === b.cue && a.asset === b.asset && a.sha256 === b.sha256
