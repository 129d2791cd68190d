import { VistterError } from '../../contract/errors.ts'
import type { SpriteSpec } from '../../ocl/sprites.ts'
import { standingIn } from '../../ocl/stand-in.ts'
import type { ResolveContext } from '../../ocl/types.ts'
import { spritesWithin } from '../../ocl/window.ts'
import { bytesOf, type PreparedOverlay, type Sprite, type SpriteDelta } from '../memory/sprite.ts'
import { JobFailed } from './renderer.ts'

/** A bitmap in the shared memory, and under which name it is given up. */
export interface Drawn {
  key: string
  sprite: Sprite
}

type Tell = (delta: SpriteDelta) => Promise<void>

interface Deps {
  draw: (spec: SpriteSpec) => Promise<Drawn>
  /** Holds a bitmap that another supply holds. */
  share: (key: string) => void
  /** Gives a bitmap up that no mixer uses. */
  release: (key: string) => void
  /** Bytes that all overlays together may still take. */
  room: () => number
  /** What could not be drawn. */
  failed: (spec: SpriteSpec, error: unknown) => void
  /** Where the play stands now, ms. */
  t: () => number
}

interface Held extends Drawn {
  kind: SpriteSpec['content']['kind']
  /** It is asked for until this t, as far as anyone has looked. */
  until: number
}

/** So much of the play is looked at in one piece (ms). */
export const PIECE_MS = 2_000
/** The clock was put back by more than this (ms): what was looked at already comes again. */
const BACK_MS = 1_000
/** Bitmaps are ready this long (ms) before they are needed; longer when drawing is slow, but no longer than the most. */
const AHEAD_MS = 4_000
const MOST_AHEAD_MS = 16_000
/** What came and went may come again: it is kept for so long (ms), and no more than so many bytes of all that is there. */
const KEEP_MS = 60_000
export const KEEP_BYTES = 48_000_000
/** What was to be seen just now may have to stand in for what is late. */
const GRACE_MS = 1_000
/** Of what stands in for bitmaps that are late, in one piece: it must not be what makes them late. */
const MOST_STAND_INS = 32
/** Of one overlay, whatever it asks for. */
export const MOST_BYTES = 192_000_000

/** The bitmaps of one overlay: drawn ahead of their time, and given up when they will not soon be needed again. */
export class Supply {
  private readonly held = new Map<string, Held>()
  /** What could not be drawn for a reason that passes. */
  private readonly owed = new Map<string, { spec: SpriteSpec; until: number }>()
  private readonly full = new Set<string>()
  /** Up to this t everything has been looked at. */
  private until = 0
  /** Where the play stood at the last call. */
  private seen = 0
  private aheadMs = AHEAD_MS
  private bytes = 0
  private busy = false
  private over = false
  private readonly overlay: PreparedOverlay
  private readonly standIn: ResolveContext | undefined
  private readonly deps: Deps

  constructor(overlay: PreparedOverlay, deps: Deps) {
    this.overlay = overlay
    this.standIn = standingIn(overlay.document, overlay.context)
    this.deps = deps
  }

  /**
   * Draws what is soon needed and gives up what is not. `tell` gives the mixer what changed as it comes, and resolves when
   * nothing is touched any more that was taken away. Does nothing while an earlier call is at it.
   */
  async advance(tell: Tell, aheadMs = this.aheadMs): Promise<void> {
    if (this.busy || this.over) return
    this.busy = true
    try {
      const t = this.deps.t()
      if (t < this.seen - BACK_MS) this.until = 0
      this.seen = t
      this.tidy(tell)
      for (const [key, { spec, until }] of [...this.owed]) {
        this.owed.delete(key)
        if (until > this.deps.t()) await this.add(spec, until, tell)
      }
      const end = Math.max(0, t) + aheadMs
      while (!this.over && this.until < end) await this.piece(tell)
    } finally {
      this.busy = false
    }
  }

  /**
   * Holds what one holds that shows the same play in other words, so that what returns is not drawn anew with each second
   * of a clock. Not its texts: those are what changes.
   */
  inherit(other: Supply): void {
    for (const [name, held] of other.held) {
      if (held.kind === 'text' || this.held.has(name)) continue
      this.deps.share(held.key)
      this.hold(name, held)
    }
  }

  /** Draws these and nothing else. */
  async take(specs: SpriteSpec[]): Promise<void> {
    for (const spec of specs) await this.add(spec, Number.POSITIVE_INFINITY, async () => {})
  }

  /** Whether something could not be drawn that will be tried again. */
  get lacking(): boolean {
    return this.owed.size > 0
  }

  /** Gives everything up. No mixer may use it any more. */
  release(): void {
    this.over = true
    for (const { key } of this.held.values()) this.deps.release(key)
    this.held.clear()
  }

  private async piece(tell: Tell): Promise<void> {
    // Drawing takes its time, so where the play stands is asked for anew with each piece.
    const began = this.deps.t()
    const from = Math.max(this.until, began, 0)
    const to = from + PIECE_MS
    for (const spec of this.specsWithin(from, to)) {
      // Too late for all of it: what comes next is more urgent.
      if (this.over || this.deps.t() > to) break
      await this.add(spec, to, tell)
    }
    this.until = to
    const took = this.deps.t() - began
    this.aheadMs = Math.min(MOST_AHEAD_MS, Math.max(AHEAD_MS, took * 4))
  }

  /** In the order in which they are drawn: what stands in for others is of no use when it comes after them. */
  private specsWithin(from: number, to: number): SpriteSpec[] {
    const { document, context } = this.overlay
    const { specs } = spritesWithin(document, context, from, to)
    const standIns = this.standIn ? spritesWithin(document, this.standIn, from, to, MOST_STAND_INS).specs : []
    return [...standIns, ...specs]
  }

  private async add(spec: SpriteSpec, until: number, tell: Tell): Promise<void> {
    const known = this.held.get(spec.key)
    if (known) {
      known.until = Math.max(known.until, until)
      return
    }
    if (this.bytes > KEEP_BYTES) this.tidy(tell)
    if (this.bytes > MOST_BYTES || this.deps.room() <= 0) return this.refuse(spec, until)
    try {
      const drawn = await this.deps.draw(spec)
      if (this.over) return this.deps.release(drawn.key)
      this.full.delete(spec.key)
      const sprite = this.hold(spec.key, { ...drawn, until, kind: spec.content.kind })
      void tell({ add: [sprite], drop: [] })
    } catch (error) {
      this.deps.failed(spec, error)
      if (passes(error)) this.owed.set(spec.key, { spec, until })
    }
  }

  private hold(name: string, held: Held): Sprite {
    const sprite = { ...held.sprite, key: name }
    this.held.set(name, { ...held })
    this.bytes += bytesOf(sprite)
    this.overlay.sprites.push(sprite)
    return sprite
  }

  /** It is tried again as long as it is needed, and told once. */
  private refuse(spec: SpriteSpec, until: number): void {
    this.owed.set(spec.key, { spec, until })
    if (this.full.has(spec.key)) return
    this.full.add(spec.key)
    this.deps.failed(spec, new VistterError('OVERLAY_TOO_LARGE', 'Its pictures need more memory than there is.'))
  }

  /** What was not needed for longest goes first; what loops soon returns to stays as long as there is room. */
  private tidy(tell: Tell): void {
    const t = this.deps.t()
    const idle = [...this.held]
      .filter(([, { until }]) => until < t - GRACE_MS)
      .sort(([, a], [, b]) => a.until - b.until)
    const gone: string[] = []
    const names: string[] = []
    for (const [name, { key, sprite, until }] of idle) {
      if (until > t - KEEP_MS && this.bytes <= KEEP_BYTES) break
      this.bytes -= bytesOf(sprite)
      this.held.delete(name)
      names.push(name)
      gone.push(key)
    }
    if (gone.length === 0) return
    const dropped = new Set(names)
    const left = this.overlay.sprites.filter(({ key }) => !dropped.has(key))
    this.overlay.sprites.splice(0, this.overlay.sprites.length, ...left)
    void tell({ add: [], drop: names }).then(() => gone.forEach(this.deps.release))
  }
}

const passes = (error: unknown): boolean =>
  error instanceof VistterError && error.code === 'RENDERER_FAILED' && !(error instanceof JobFailed)
