import { isDeepStrictEqual } from 'node:util'
import type { Overlay, Program } from '../contract/generated/engine.v1.ts'
import { sleep } from '../lib/clock.ts'
import type { Log } from '../lib/log.ts'
import type { OclDocument } from '../ocl/index.ts'
import type { Graphics } from './graphics/graphics.ts'
import type { PreparedOverlay, SpriteDelta } from './memory/sprite.ts'

interface Deps {
  picture: Program['picture']
  graphics: Pick<Graphics, 'prepare' | 'ahead' | 'lacks' | 'release'>
  log: Log
  /** Gives the mixer those that play; resolves when it uses no others any more. */
  publish: (overlays: PreparedOverlay[]) => Promise<void>
  /** Gives the mixer bitmaps of one that it has, and takes others away; resolves when it uses these no more. */
  supply: (overlay: PreparedOverlay, delta: SpriteDelta) => Promise<void>
  /** UTC ms on the mixer's clock. */
  now?: () => number
}

/** One look of an overlay: what it was made of, and what was made of it. */
interface Version {
  of: Overlay
  ready: PreparedOverlay
}

/** How often (ms) it is looked what those that play need next. */
const AHEAD_EVERY_MS = 500
/** What is on air stays so long (tries, ms between them) when the renderer is away while its successor is drawn. */
const TRIES = 15
const TRY_EVERY_MS = 200

/** The overlays of one program. They are drawn one after the other, which may take long, and shown as each is ready. */
export class Overlays {
  /** What shall be there, by id; whether it plays is true at once, what it looks like when it is drawn. */
  private readonly wanted = new Map<string, Overlay>()
  /** Of each the version that plays, and the one that is to follow. */
  private readonly drawn = new Map<string, Version[]>()
  private queue: Promise<void> = Promise.resolve()
  private timer: NodeJS.Timeout | undefined
  private readonly deps: Deps

  constructor(deps: Deps) {
    this.deps = deps
  }

  /** What is wanted of it now. */
  documentOf(id: string): OclDocument | undefined {
    return this.wanted.get(id)?.document as unknown as OclDocument | undefined
  }

  /** Resolves when it is drawn and shown, or is no longer wanted like this. */
  async set(overlay: Overlay): Promise<void> {
    this.wanted.set(overlay.id, overlay)
    this.timer ??= setInterval(() => this.goAhead(), AHEAD_EVERY_MS).unref()
    const drawing = this.queue.then(() => this.draw(overlay))
    this.queue = drawing.catch(err => this.deps.log.error({ err, overlay: overlay.id }, 'overlay failed'))
    if (!overlay.playing && this.drawn.has(overlay.id)) await this.publish()
    await drawing
  }

  async remove(id: string): Promise<void> {
    this.wanted.delete(id)
    const old = this.drawn.get(id)
    if (!old) return
    this.drawn.delete(id)
    await this.publish()
    this.release(old)
  }

  /** Nothing is shown from now on. */
  stop(): void {
    this.wanted.clear()
    clearInterval(this.timer)
  }

  /** Gives all bitmaps up. The mixer must have ended. */
  clear(): void {
    for (const versions of this.drawn.values()) this.release(versions)
    this.drawn.clear()
  }

  private async draw(overlay: Overlay): Promise<void> {
    const { next } = overlay
    // What is there as it shall be takes no step of its own, in which what follows it would be gone.
    if (!next || !this.isDrawn(overlay)) await this.show(overlay, [overlay])
    if (next) await this.show(overlay, [overlay, following(overlay, next)])
  }

  private isDrawn(overlay: Overlay): boolean {
    return this.drawn.get(overlay.id)?.some(({ of }) => isDeepStrictEqual(look(of), look(overlay))) ?? false
  }

  /** Brings it to these looks. What is there stays until what follows it is drawn. */
  private async show(overlay: Overlay, looks: Overlay[]): Promise<void> {
    const { id } = overlay
    if (this.wanted.get(id) !== overlay) return
    const versions: Version[] = []
    for (const [n, of] of looks.entries()) versions.push(await this.versionOf(of, n > 0 ? overlay.next?.at : undefined))
    // One that has a successor by now is shown all the same: values may change faster than they are drawn.
    const old = this.drawn.get(id) ?? []
    const gone = (list: Version[], kept: Version[]) =>
      list.filter(one => !kept.some(({ ready }) => ready === one.ready))
    if (!this.wanted.has(id)) return this.release(gone(versions, old))
    this.drawn.set(id, versions)
    // The old bitmaps go only when the mixer has the new ones, so an overlay on air changes between two frames.
    await this.publish()
    this.release(gone(old, versions))
    this.goAhead()
  }

  /** What looks the same is the same: the words that were to follow have become those of now. */
  private async versionOf(of: Overlay, at: number | undefined): Promise<Version> {
    const { picture, graphics, now } = this.deps
    const same = this.drawn
      .get(of.id)
      ?.find(
        ({ of: other, ready }) => (at === undefined || ready.at === at) && isDeepStrictEqual(look(other), look(of)),
      )
    if (same) return { of, ready: same.ready }
    const last = this.drawn.get(of.id)?.at(-1)
    const after = last && isDeepStrictEqual(playOf(last.of), playOf(of)) ? last.ready : undefined
    let ready = await graphics.prepare(of, picture, { now, ...(after && { after }) })
    for (let n = 0; n < TRIES && graphics.lacks(ready) && this.drawn.has(of.id) && this.wanted.has(of.id); n++) {
      await sleep(TRY_EVERY_MS)
      graphics.release(ready)
      ready = await graphics.prepare(of, picture, { now, ...(after && { after }) })
    }
    // It is the same object that its bitmaps are kept with.
    if (at !== undefined) ready.at = at
    return { of, ready }
  }

  private goAhead(): void {
    const { graphics, log, supply } = this.deps
    for (const [id, versions] of this.drawn)
      for (const { ready } of this.wanted.get(id)?.playing ? versions : [])
        graphics
          .ahead(ready, delta => supply(ready, delta))
          .catch(err => log.error({ err, overlay: id }, 'overlay cannot be drawn ahead'))
  }

  private release(versions: Version[]): void {
    for (const { ready } of versions) this.deps.graphics.release(ready)
  }

  private publish(): Promise<void> {
    const playing = [...this.drawn].filter(([id]) => this.wanted.get(id)?.playing)
    return this.deps.publish(playing.flatMap(([, versions]) => versions.map(({ ready }) => ready)))
  }
}

const look = ({ document, assets, tokens, playing }: Overlay) => ({ document, assets, tokens, playing })

const playOf = ({ assets, playing }: Overlay) => ({ assets, playing })

const following = ({ next: _, ...now }: Overlay, { at: _at, ...then }: NonNullable<Overlay['next']>): Overlay => ({
  ...now,
  ...then,
})
