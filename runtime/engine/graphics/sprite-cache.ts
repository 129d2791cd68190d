import type { Arena } from '../memory/arena.ts'
import { bytesOf, type Sprite } from '../memory/sprite.ts'
import type { Planes } from './yuv.ts'

interface Entry {
  drawn: Promise<Sprite>
  /** Once it is drawn. */
  sprite?: Sprite
  users: number
}

/** Bitmaps in the shared memory, each there once however many overlays use it, and gone with its last user. */
export class SpriteCache {
  private readonly entries = new Map<string, Entry>()
  private readonly arena: Arena
  /** In use now, about. */
  bytes = 0

  constructor(arena: Arena) {
    this.arena = arena
  }

  /** The sprite under `key`, drawn if it is not there; each successful call needs one release(). */
  async acquire(key: string, draw: () => Promise<Planes>): Promise<Sprite> {
    const entry = this.entries.get(key) ?? this.enter(key, draw)
    entry.users++
    try {
      entry.sprite = await entry.drawn
      return entry.sprite
    } catch (error) {
      if (this.entries.get(key) === entry) this.entries.delete(key)
      throw error
    }
  }

  /** One more user of what is there; needs a release() of its own. */
  share(key: string): void {
    const entry = this.entries.get(key)
    if (entry) entry.users++
  }

  release(key: string): void {
    const entry = this.entries.get(key)
    if (!entry || --entry.users > 0) return
    this.entries.delete(key)
    if (!entry.sprite) return
    this.bytes -= bytesOf(entry.sprite)
    this.arena.release(entry.sprite.y)
  }

  private enter(key: string, draw: () => Promise<Planes>): Entry {
    const entry = { drawn: draw().then(planes => this.place(key, planes)), users: 0 }
    this.entries.set(key, entry)
    return entry
  }

  /** All planes in one piece, which begins with luma. */
  private place(key: string, { width, height, left = 0, top = 0, missing, y, a, u, v, ac, spans }: Planes): Sprite {
    const [luma, chroma] = [spans.luma, spans.chroma].map(
      rows => new Uint8Array(rows.buffer, rows.byteOffset, rows.byteLength),
    )
    const parts = [y, a, u, v, ac, luma, chroma]
    const at = this.arena.alloc(parts.reduce((sum, { length }) => sum + length, 0))
    const bytes = new Uint8Array(this.arena.memory.buffer)
    this.bytes += bytesOf({ width, height })
    let next = at
    const put = (plane: Uint8Array): number => {
      const address = next
      bytes.set(plane, address)
      next += plane.length
      return address
    }
    const places = { y: put(y), a: put(a), u: put(u), v: put(v), ac: put(ac) }
    return {
      key,
      width,
      height,
      left,
      top,
      ...places,
      ...(missing?.length && { missing }),
      spans: { luma: put(luma), chroma: put(chroma) },
    }
  }
}
