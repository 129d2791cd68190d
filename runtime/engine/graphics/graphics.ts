import { asVistterError } from '../../contract/errors.ts'
import type { Overlay, Picture, SlateSource } from '../../contract/generated/engine.v1.ts'
import type { OclDocument } from '../../contract/generated/ocl.v1.ts'
import { monotonicMs, sleep } from '../../lib/clock.ts'
import type { Log } from '../../lib/log.ts'
import { fitInto } from '../../ocl/fit.ts'
import { type SpriteSpec, spritesAt, spritesOf, textsOf } from '../../ocl/sprites.ts'
import { textKeyOf } from '../../ocl/text.ts'
import type { AssetInfo, ResolveContext, Size } from '../../ocl/types.ts'
import type { Report } from '../events.ts'
import type { Arena } from '../memory/arena.ts'
import { allocRing, frameBytes, Ring, type RingLayout } from '../memory/ring.ts'
import type { PreparedOverlay, Sprite } from '../memory/sprite.ts'
import { Assets } from './assets.ts'
import type { Drawing } from './jobs.ts'
import { Patience } from './patience.ts'
import type { Renderer } from './renderer.ts'
import { SpriteCache } from './sprite-cache.ts'
import { thinned } from './thin.ts'

interface Deps {
  arena: Arena
  renderer: Pick<Renderer, 'run'>
  log: Log
  event: Report
}

const OVERLAYS_MS = 1_000

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
  private readonly deps: Deps
  private readonly held = new WeakMap<PreparedOverlay, string[]>()
  /** Troubles already told, by overlay: a token that changes every second must not repeat them. */
  private readonly told = new Map<string, string>()

  constructor(deps: Deps) {
    this.deps = deps
    this.cache = new SpriteCache(deps.arena)
    this.assets = new Assets(deps.renderer)
  }

  /**
   * The bitmaps of an overlay for a picture of this size: all that it can ask for, or those of one moment (t, ms). Never
   * rejects; what it lacks is told as an event.
   */
  async prepare(overlay: Overlay, picture: Size, at?: number): Promise<PreparedOverlay> {
    // The contract between the processes says that the document is validated.
    const document = overlay.document as unknown as OclDocument
    const scene = overlay.playing?.scene
    const troubles: Trouble[] = []
    const assets = await this.lookAt(document, overlay, troubles)
    const base: ResolveContext = { tokens: overlay.tokens, assets, ...(scene !== undefined && { scene }) }
    const context = { ...base, texts: await this.measure(document, base, troubles) }

    const sprites: Sprite[] = []
    const keys: string[] = []
    const fit = fitInto(document.timeline.resolution, picture).scale
    for (const spec of at === undefined ? spritesOf(document, context) : spritesAt(document, at, context)) {
      try {
        const { key, sprite } = await this.draw(spec, fit, overlay.assets)
        keys.push(key)
        sprites.push({ ...sprite, key: spec.key })
        if (sprite.missing) troubles.push(withoutGlyph(sprite.missing))
      } catch (error) {
        troubles.push(this.trouble(spec.content.kind, error))
      }
    }
    this.tell(overlay.id, troubles)
    const startedAt = overlay.playing?.startedAt ?? 0
    const prepared = { id: overlay.id, document, startedAt, context, sprites, ...(scene !== undefined && { scene }) }
    this.held.set(prepared, keys)
    return prepared
  }

  /** Gives its bitmaps up. No mixer may use them any more; a second call does nothing. */
  release(prepared: PreparedOverlay): void {
    for (const key of this.held.get(prepared) ?? []) this.cache.release(key)
    this.held.delete(prepared)
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
  ): Promise<Record<string, Size>> {
    const texts = textsOf(document, context)
    if (texts.length === 0) return {}
    try {
      const sizes = await this.deps.renderer.run('measure', { texts })
      return Object.fromEntries(texts.map((text, i) => [textKeyOf(text), sizes[i]]))
    } catch (error) {
      troubles.push(this.trouble('text', error))
      return {}
    }
  }

  private async draw(
    spec: SpriteSpec,
    fit: number,
    files: Record<string, string>,
  ): Promise<{ key: string; sprite: Sprite }> {
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
