import {
  bitmapPlace,
  type Fit,
  fitInto,
  type Layer,
  nextChange,
  onPicture,
  type ResolveContext,
  resolve,
  sameSprite,
  spriteKeyOf,
  standingIn,
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
  layer: Layer
  placed: Placed
  element: Shown
  /** It stands in for what is late. */
  standIn?: true
}

/** What a cue shows while its bitmap is late: what it showed before, or else what the document has for that, if it is there. */
export type Stopgap = 'before' | 'fallback' | 'nothing'

const NOTHING: readonly Shown[] = []

/** One overlay on its own time line: asks the document what is to be seen, and only when the answer may have changed. */
export class Player {
  readonly id: string
  readonly scene: string | undefined
  /** The first frame (UTC ms) that it is in. */
  readonly at: number
  /** Cues whose bitmap was not there when it was asked for, and what they showed; whoever tells it empties this. */
  readonly late = new Map<string, Stopgap>()
  /** What the document says now, and how much of it there is to draw. */
  placed: Placed[] = []
  layers = 0
  /** What of it is to be seen; the same array while that is the same. */
  seen: readonly Shown[] = NOTHING
  /** Why it shows nothing, when the document could not be resolved. */
  fault: string | undefined
  private validUntil = Number.NEGATIVE_INFINITY
  /** The t until which it shows nothing yet, and the one from which on it shows nothing more. */
  private readonly first: number
  private readonly end: number
  private readonly overlay: PreparedOverlay
  private readonly sprites: Map<string, Sprite>
  /** What was to be seen at the last change: most of it is still there, and it stands in for what is late. */
  private shown: OnScreen[] = []
  private readonly standIn: ResolveContext | undefined
  private readonly fit: Fit
  private readonly picture: Size

  constructor(overlay: PreparedOverlay, picture: Size) {
    this.id = overlay.id
    this.scene = overlay.scene
    this.at = overlay.at ?? Number.NEGATIVE_INFINITY
    this.first = Math.max(0, (overlay.firstAt ?? Number.NEGATIVE_INFINITY) - overlay.startedAt)
    this.end = (overlay.endsAt ?? Number.POSITIVE_INFINITY) - overlay.startedAt
    this.overlay = overlay
    this.picture = picture
    this.sprites = new Map(overlay.sprites.map(sprite => [sprite.key, sprite]))
    this.fit = fitInto(overlay.document.timeline.resolution, picture)
    this.standIn = standingIn(overlay.document, overlay.context)
  }

  /** Bitmaps come and go; none that goes is touched after this. */
  supply({ add, drop }: SpriteDelta): void {
    for (const key of drop) this.sprites.delete(key)
    for (const sprite of add) this.sprites.set(sprite.key, sprite)
    if (drop.length > 0) {
      const left = new Set(this.sprites.values())
      this.shown = this.shown.filter(({ placed }) => left.has(placed.sprite))
      this.placed = this.placed.filter(({ sprite }) => left.has(sprite))
    }
    this.validUntil = Number.NEGATIVE_INFINITY
  }

  /** Brings `placed` up to date for the frame at `wall` (UTC ms). */
  seek(wall: number): void {
    const t = wall - this.overlay.startedAt + HAIR
    if (t < this.validUntil || this.fault !== undefined) return
    const { document, context } = this.overlay
    try {
      const layers = t < this.first || t >= this.end ? [] : resolve(document, t, context).layers
      this.validUntil = this.validAfter(t)
      this.layers = layers.length
      this.show(layers, t)
    } catch (error) {
      this.fault = error instanceof Error ? error.message : String(error)
      this.layers = 0
      this.placed = []
      this.seen = NOTHING
    }
  }

  /** Until which t the answer of this one holds. */
  private validAfter(t: number): number {
    if (t >= this.end) return Number.POSITIVE_INFINITY
    const { document, context } = this.overlay
    return Math.min(t < this.first ? this.first : nextChange(document, t, context), this.end)
  }

  private show(layers: Layer[], t: number): void {
    const before = this.shown
    const shown: OnScreen[] = []
    for (const layer of layers) {
      const opacity = opacityOf(layer.opacity)
      if (opacity === 0) continue
      // Nearly always the same elements are on the screen as before, in the same order.
      const was = before[shown.length]
      const on = was?.layer === layer && was.placed.opacity === opacity ? was : this.put(layer, opacity, was)
      if (on) shown.push(on)
      else shown.push(...this.stopgap(layer.cue, opacity, shown, t))
    }
    this.shown = shown
    this.placed = shown.map(({ placed }) => placed)
    this.look()
  }

  /** `seen` stays the same array while nothing of it changes. */
  private look(): void {
    let count = 0
    let same = true
    for (const { placed, element } of this.shown) {
      if (!isSeen(placed)) continue
      const was = this.seen[count++]
      same &&= was !== undefined && (was === element || sameElement(was, element))
    }
    if (same && count === this.seen.length) return
    this.seen = this.shown.filter(({ placed }) => isSeen(placed)).map(({ element }) => element)
  }

  /** Undefined: its bitmap is not there. `was`: perhaps the same element a frame ago. */
  private put(layer: Layer, opacity: number, was: OnScreen | undefined): OnScreen | undefined {
    const moved = was !== undefined && was.layer.cue === layer.cue && sameSprite(was.layer, layer) ? was : undefined
    const sprite = moved ? moved.placed.sprite : this.sprites.get(spriteKeyOf(layer))
    if (!sprite) return undefined
    return { layer, placed: this.place(layer, sprite, opacity), element: moved?.element ?? this.elementOf(layer) }
  }

  /** A late picture holds up nothing: the one before it stays, where it was. `now`: what is already there in this frame. */
  private stopgap(cue: string, opacity: number, now: OnScreen[], t: number): OnScreen[] {
    const last = this.shown.find(({ layer, standIn }) => layer.cue === cue && !standIn)
    if (last) {
      this.late.set(cue, 'before')
      return [{ ...last, placed: { ...last.placed, opacity } }]
    }
    const standIns = now.some(({ layer }) => layer.cue === cue) ? [] : this.standIns(cue, t)
    if (standIns.length > 0) this.late.set(cue, 'fallback')
    else if (!this.late.has(cue)) this.late.set(cue, 'nothing')
    return standIns
  }

  private standIns(cue: string, t: number): OnScreen[] {
    const { document } = this.overlay
    if (!this.standIn) return []
    this.validUntil = Math.min(this.validUntil, nextChange(document, t, this.standIn))
    return resolve(document, t, this.standIn).layers.flatMap(layer => {
      const opacity = layer.cue === cue ? opacityOf(layer.opacity) : 0
      const on = opacity > 0 ? this.put(layer, opacity, undefined) : undefined
      return on ? [{ ...on, standIn: true }] : []
    })
  }

  private elementOf(layer: Layer): Shown {
    const { cue } = layer
    if (layer.kind !== 'asset') return { cue }
    const sha256 = this.overlay.document.assets?.find(({ id }) => id === layer.assetRef)?.sha256
    return { cue, asset: layer.assetRef, ...(sha256 !== undefined && { sha256 }) }
  }

  private place(layer: Layer, sprite: Sprite, opacity: number): Placed {
    const { x, y } = bitmapPlace(this.fit, layer)
    const { left = 0, top = 0 } = sprite
    const placed = { sprite, x: x - left, y: y - top, opacity, left: 0, top: 0, right: 0, bottom: 0 }
    const { width, height } = this.picture
    if (!layer.clip) {
      placed.right = width
      placed.bottom = height
      return placed
    }
    const box = onPicture(this.fit, layer.clip)
    placed.left = within(box.x, width)
    placed.top = within(box.y, height)
    placed.right = within(box.x + box.width, width)
    placed.bottom = within(box.y + box.height, height)
    return placed
  }
}

const within = (value: number, limit: number): number => Math.max(0, Math.min(limit, Math.round(value)))

/** Some of it lies inside the picture and what is cut out of it. */
function isSeen({ sprite, x, y, left, top, right, bottom }: Placed): boolean {
  return Math.max(x, left) < Math.min(x + sprite.width, right) && Math.max(y, top) < Math.min(y + sprite.height, bottom)
}

const sameElement = (a: Shown, b: Shown): boolean => a.cue === b.cue && a.asset === b.asset && a.sha256 === b.sha256
