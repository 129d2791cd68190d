import type { OclDocument, ResolveContext } from '../../ocl/index.ts'

/**
 * A rasterised overlay element in the shared memory: premultiplied Y'CbCr with alpha, BT.709 limited range, 4:2:0.
 * Graphics writes it once; the mixer blends it any number of times. With layer opacity o (0..1) a plane becomes
 * `dst * (255 - a * o) / 255 + p * o`, so fading and moving never cost a new rasterisation.
 * Width and height are even. Planes are tightly packed (strides = width and width / 2).
 */
export interface Sprite {
  /** Names the bitmap: same content and size, same key (spriteKeyOf in runtime/ocl). */
  key: string
  width: number
  height: number
  /**
   * By how many of its own pixels the bitmap begins left of and above the element's box: shadows, outlines and corners
   * that are turned stand out of it. Negative where there is nothing to be seen at the box's edge. Left out: 0.
   */
  left?: number
  top?: number
  /** Characters of a text that no font has; a box stands in for each. */
  missing?: string[]
  /** Address of premultiplied luma, alpha / 255 * Y' with Y' in 16..235; one byte a pixel. */
  y: number
  /** Addresses of premultiplied chroma, ac / 255 * C with C in 16..240 (its 128 offset included); half size. */
  u: number
  v: number
  /** Address of alpha, 0..255, one byte a pixel. */
  a: number
  /** Address of alpha at half size: the mean of each 2 x 2 block. */
  ac: number
  /** What is not wholly transparent; without it all may be. */
  spans?: Spans
}

/** Addresses of two i32 a row, the first of its columns that is not wholly transparent and the end of them; by plane. */
export interface Spans {
  luma: number
  chroma: number
}

/** An overlay whose bitmaps are in the shared memory: all that a mixer needs to show it. */
export interface PreparedOverlay {
  id: string
  document: OclDocument
  /** UTC ms at which t was 0; in the future: it starts then. */
  startedAt: number
  /** UTC ms: the frame of this moment is the first that it is in, in the middle of its course. */
  firstAt?: number
  /** UTC ms: the frame of this moment is the first that it is not in, whatever its document says. */
  endsAt?: number
  /** For resolve(document, t, context); `context.scene` is the scene that is played. */
  context: ResolveContext
  scene?: string
  /** Those that are ready. More come and some go as it plays. */
  sprites: Sprite[]
  /** UTC ms: the frame of this moment is the first that it is in; until then the one before it plays. Left out: at once. */
  at?: number
}

/** What changes among the bitmaps of an overlay that plays. */
export interface SpriteDelta {
  add: Sprite[]
  /** Keys. */
  drop: string[]
}

/** What the planes of a bitmap take: luma and alpha, and at half size both chromas and their alpha. */
export const bytesOf = ({ width, height }: Pick<Sprite, 'width' | 'height'>): number => width * height * 2.75
