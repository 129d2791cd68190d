import { isDeepStrictEqual } from 'node:util'
import { asVistterError } from '../../contract/errors.ts'
import type { Overlay, Picture, SlateSource } from '../../contract/generated/engine.v1.ts'
import type { OclDocument } from '../../contract/generated/ocl.v1.ts'
import { monotonicMs, sleep, systemClock } from '../../lib/clock.ts'
import type { Log } from '../../lib/log.ts'
import { fitInto } from '../../ocl/fit.ts'
import { type SpriteSpec, textsOf } from '../../ocl/sprites.ts'
import { standingIn } from '../../ocl/stand-in.ts'
import type { AssetInfo, ResolveContext, Size } from '../../ocl/types.ts'
import { spritesWithin } from '../../ocl/window.ts'
import type { Report } from '../events.ts'
import type { Arena } from '../memory/arena.ts'
import { allocRing, frameBytes, Ring, type RingLayout } from '../memory/ring.ts'
import type { PreparedOverlay, SpriteDelta } from '../memory/sprite.ts'
import { Assets } from './assets.ts'
import type { Drawing } from './jobs.ts'
import { Patience } from './patience.ts'
import { reachedOn } from './reached.ts'
import type { Renderer } from './renderer.ts'
import { Rulers } from './rulers.ts'
import { SpriteCache } from './sprite-cache.ts'
import { type Drawn, PIECE_MS, Supply } from './supply.ts'
import { thinned } from './thin.ts'

interface Deps {
  arena: Arena
  renderer: Pick<Renderer, 'run'>
  log: Log
  event: Report
}

const OVERLAYS_MS = 1_000
/** Of the shared memory, for the bitmaps of all overlays. */
const MOST_BYTES = 768_000_000
/** Of one overlay, more are not told. */
const MOST_TROUBLES = 50
/** A single moment, with all that rounding makes of it (ms). */
const MOMENT_MS = 0.01

/** What could not be shown, and why. */
interface Trouble {
  what: string
  code: string
  detail: string
}

/** Makes pictures of what is not a camera: overlays, slates and JPEGs. Whatever is broken costs only itself. */
export class Graphics {
  /** Of takes and starts that overlays are to be on air with. */
  readonly patience = new Patience(OVERLAYS_MS)
  private readonly cache: SpriteCache
  private readonly assets: Assets
  private readonly rulers: Rulers
  private readonly deps: Deps
  private readonly supplies = new WeakMap<PreparedOverlay, Supply>()
  /** Troubles already told, by overlay: a token that changes every second must not repeat them. */
  private readonly told = new Map<string, string>()

  constructor(deps: Deps) {
    this.deps = deps
    this.cache = new SpriteCache(deps.arena)
    this.assets = new Assets(deps.renderer)
    this.rulers = new Rulers(deps.renderer)
  }

  /**
   * An overlay for a picture of this size, with the bitmaps that it needs within the next seconds. Never rejects; what it
   * lacks is told as an event. `only`: nothing but what is to be seen at this t (ms); `now`: UTC ms on the mixer's clock.
   * `after`: the same play with the same files in other words, which it takes the place of.
   */
  async prepare(
    overlay: Overlay,
    picture: Size,
    { only, now = systemClock.now, after }: { only?: number; now?: () => number; after?: PreparedOverlay } = {},
  ): Promise<PreparedOverlay> {
    // The contract between the processes says that the document is validated.
    const document = overlay.document as unknown as OclDocument
    const { startedAt = 0, firstAt, endsAt, scene } = overlay.playing ?? {}
    const troubles: Trouble[] = []
    const assets = await this.lookAt(document, overlay, troubles)
    const reached = reachedOn(document, overlay.playing)
    const base: ResolveContext = { tokens: overlay.tokens, assets, ...(scene !== undefined && { scene }), ...reached }
    const texts = await this.measure(document, base, troubles)
    const context = { ...base, ...(texts && { texts }) }
    const prepared = {
      id: overlay.id,
      document,
      startedAt,
      context,
      sprites: [],
      ...(scene !== undefined && { scene }),
      ...(firstAt !== undefined && { firstAt }),
      ...(endsAt !== undefined && { endsAt }),
    }
    const fit = fitInto(document.timeline.resolution, picture).scale
    let first = true
    const note = (trouble: Trouble) => {
      if (troubles.length >= MOST_TROUBLES || troubles.some(known => isDeepStrictEqual(known, trouble))) return
      troubles.push(trouble)
      if (!first) this.tell(overlay.id, troubles)
    }
    const supply = new Supply(prepared, {
      draw: async spec => {
        const drawn = await this.draw(spec, fit, overlay.assets)
        if (drawn.sprite.missing) note(withoutGlyph(drawn.sprite.missing))
        return drawn
      },
      share: key => this.cache.share(key),
      release: key => this.cache.release(key),
      room: () => MOST_BYTES - this.cache.bytes,
      failed: ({ content }, error) => note(this.trouble(content.kind, error)),
      t: () => (overlay.playing ? now() - startedAt : 0),
    })
    this.supplies.set(prepared, supply)
    const before = after && this.supplies.get(after)
    if (before) supply.inherit(before)
    if (only === undefined) await supply.advance(async () => {}, PIECE_MS)
    else await supply.take(spritesWithin(document, context, only, only + MOMENT_MS).specs)
    first = false
    this.tell(overlay.id, troubles)
    return prepared
  }

  /** To be called now and then while it plays: draws what it needs next. `tell`: see Supply. Never rejects. */
  async ahead(prepared: PreparedOverlay, tell: (delta: SpriteDelta) => Promise<void>): Promise<void> {
    await this.supplies.get(prepared)?.advance(tell)
  }

  /** Whether something of it could not be measured or drawn that may be when it is tried again. */
  lacks(prepared: PreparedOverlay): boolean {
    return prepared.context.texts === undefined || (this.supplies.get(prepared)?.lacking ?? false)
  }

  /** Gives its bitmaps up. No mixer may use them any more; a second call does nothing. */
  release(prepared: PreparedOverlay): void {
    this.supplies.get(prepared)?.release()
    this.supplies.delete(prepared)
  }

  /**
   * A still in a ring of its own. Never rejects: without its image it is words, without a renderer dark. With `patience`
   * it is dark also when drawing takes longer than `ms`, and drawn as soon as it can be, unless it is `gone` by then.
   */
  async slate(
    source: SlateSource,
    picture: Picture,
    patience?: { ms: number; gone: AbortSignal },
  ): Promise<RingLayout> {
    const { width, height } = picture
    const layout = allocRing(this.deps.arena, { width, height, slots: 2, audioFrames: 1 })
    const ring = new Ring(this.deps.arena.memory, layout)
    const show = (frame: Uint8Array) => {
      ring.bytes.set(frame, ring.writeAddress)
      ring.publish(0, monotonicMs())
    }
    const drawn = this.still(source, picture).then(frame => {
      if (!patience?.gone.aborted) show(frame)
    })
    await (patience ? Promise.race([drawn, sleep(patience.ms)]) : drawn)
    if (ring.head === 0) show(dark(picture))
    return layout
  }

  /** The I420 frame at `address` as JPEG of `outWidth` pixels in width, in its proportions. Rejects with RENDERER_FAILED. */
  async jpeg(address: number, width: number, height: number, outWidth: number): Promise<Buffer> {
    const frame = new Uint8Array(this.deps.arena.memory.buffer, address, frameBytes(width, height))
    const jpeg = await this.deps.renderer.run('jpeg', { ...thinned({ frame, width, height }, outWidth), outWidth })
    return Buffer.from(jpeg.buffer, jpeg.byteOffset, jpeg.byteLength)
  }

  private async lookAt(
    document: OclDocument,
    overlay: Overlay,
    troubles: Trouble[],
  ): Promise<Record<string, AssetInfo>> {
    const known = (document.assets ?? []).map(async ({ id }): Promise<[string, AssetInfo]> => {
      const file = Object.hasOwn(overlay.assets, id) ? overlay.assets[id] : undefined
      try {
        if (file !== undefined) return [id, { available: true, ...(await this.assets.lookAt(file)) }]
        troubles.push({
          what: `asset ${id}`,
          code: 'ASSET_MISSING',
          detail: 'There is no file of it that may be shown.',
        })
      } catch (error) {
        troubles.push(this.trouble(`asset ${id}`, error))
      }
      return [id, { available: false }]
    })
    return Object.fromEntries(await Promise.all(known))
  }

  private async measure(
    document: OclDocument,
    context: ResolveContext,
    troubles: Trouble[],
  ): Promise<ResolveContext['texts']> {
    try {
      const standIn = standingIn(document, context)
      return await this.rulers.measure([...textsOf(document, context), ...(standIn ? textsOf(document, standIn) : [])])
    } catch (error) {
      troubles.push(this.trouble('text', error))
      return undefined
    }
  }

  private async draw(spec: SpriteSpec, fit: number, files: Record<string, string>): Promise<Drawn> {
    const { content, scale } = spec
    const file = content.kind === 'asset' ? files[content.assetRef] : undefined
    const drawing: Drawing = content.kind === 'asset' ? { ...content, kind: 'image', file: file ?? '' } : content
    const version = file === undefined ? '' : await this.assets.versionOf(file)
    const key = `${fit}|${version}|${spec.key}`
    const run = () => this.deps.renderer.run('sprite', { drawing, scale: scale * fit })
    const sprite = await this.cache.acquire(key, file === undefined ? run : () => this.assets.ask(version, run))
    return { key, sprite }
  }

  private async still(source: SlateSource, picture: Picture): Promise<Uint8Array> {
    const { width, height } = picture
    const { title, subtitle, image } = source
    const tries = image === undefined ? [{}] : [{ image }, {}]
    for (const variant of tries) {
      try {
        return await this.deps.renderer.run('slate', { width, height, title, subtitle, ...variant })
      } catch (error) {
        this.tell(`slate ${source.id}`, [this.trouble(`slate ${source.name}`, error)])
      }
    }
    return dark(picture)
  }

  private trouble(what: string, error: unknown): Trouble {
    const { code, message } = asVistterError(error)
    if (code === 'INTERNAL') this.deps.log.error({ err: error, what }, 'graphics')
    return { what, code, detail: message }
  }

  private tell(id: string, troubles: Trouble[]): void {
    // Files are looked at side by side, so their troubles come in any order; the same ones are the same news.
    const lines = troubles.map(({ what, detail }) => `${what}: ${detail}`)
    const text = lines.sort().join(' ')
    if (this.told.get(id) === text || (text === '' && !this.told.has(id))) return
    if (text === '') this.told.delete(id)
    else this.told.set(id, text)
    for (const { what, code, detail } of troubles)
      this.deps.event({
        type: 'overlay.incomplete',
        severity: 'warning',
        message: `${id}: ${what} is not shown as meant. ${detail}`,
        data: { overlay: id, what, code, detail },
      })
  }
}

const withoutGlyph = (missing: string[]): Trouble => ({
  what: 'text',
  code: 'OCL_GLYPH_MISSING',
  detail: `No font has ${missing.map(nameOf).join(', ')}; a box stands there.`,
})

/** "U+1F600 (😀)" */
function nameOf(character: string): string {
  const code = (character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')
  return `U+${code} (${character})`
}

/** Luma of the last resort: visibly not black, so nobody takes it for a dead stream. */
const DARK = 38

const dark = ({ width, height }: Picture): Uint8Array =>
  new Uint8Array(frameBytes(width, height)).fill(128).fill(DARK, 0, width * height)
