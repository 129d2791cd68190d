import type { AssetFit, Crop, Qr, Shape, Text } from '../contract/generated/ocl.v1.ts'

export interface Size {
  width: number
  height: number
}

/** A rectangle of the base resolution: top-left corner and size, in its pixels. */
export interface Box extends Size {
  x: number
  y: number
}

/**
 * What the world outside a document says. Everything may be left out; resolve is pure, so a change needs a new call, with
 * a new object: what was worked out for this one is kept with it.
 */
export interface ResolveContext {
  /**
   * Values of {{tokens}}, those of the document's `data` as sayToken says them at the moment. One that is missing becomes
   * nothing, with a warning.
   */
  tokens?: Record<string, string>
  /** BCP 47; of numbers that count. The document's own comes first. Default "en". */
  locale?: string
  /** Only this scene is played, and t = 0 is its start. */
  scene?: string
  /** What is known of each asset. Left out as a whole: every asset is there. An asset that is not in it is missing. */
  assets?: Record<string, AssetInfo>
  /** Measured size of texts by textKeyOf(); without it the width is estimated from the number of characters. */
  texts?: Record<string, Size>
  /** Each cue shows what stands in for it while its own picture is not ready, or nothing. See standingIn. */
  standIn?: true
  /** When (t, ms) presets and milestones that cues wait for were reached. */
  reached?: { presets?: Record<string, number>; milestones?: Record<string, number> }
}

/** Without a size of its own an asset is taken to fill the frame. */
export interface AssetInfo extends Partial<Size> {
  available: boolean
  /** Of an animated one: when each of its pictures ends, in ms since its beginning, rising. */
  pictures?: number[]
}

/**
 * A text as it is drawn: tokens replaced, defaults filled in where they are constants. One with `ticker` is drawn as its
 * one line in a box of its natural size, without its background; what moves it, clips it and stands behind it are layers.
 */
export type DrawnText = Required<Pick<Text, 'value' | 'font' | 'size' | 'color' | 'align'>> &
  Omit<Text, 'value'> & {
    /** Language of the document: Chinese, Japanese and Korean write the same characters in different forms. */
    locale?: string
  }

/** Fractions cut off on each side. */
export type Cut = Required<Crop>

/** A QR code as it is drawn: tokens replaced. */
export type DrawnQr = Qr

/** How an element lies in its own place: `crop` is cut off first, then all of it is turned around its centre. */
export interface Posture {
  /** Degrees clockwise. A value that moves is in steps, because each one is a bitmap of its own. */
  rotation?: number
  /** Only where it is turned, too: on an upright element a clip does the same without a bitmap of its own. */
  crop?: Crop
}

/** What a layer shows; `natural` is its size at scale 1, in pixels of the base resolution. */
export type Content = { natural: Size } & Posture &
  (
    | {
        kind: 'asset'
        assetRef: string
        /** Left out: stretched. */
        fit?: AssetFit
        /** Which picture of an animated asset. */
        picture?: number
      }
    | { kind: 'text'; text: DrawnText }
    | { kind: 'shape'; shape: Shape }
    | { kind: 'qr'; qr: DrawnQr }
  )

/** One element on the screen at one moment. x, y, width, height are exact pixels of the base resolution (not rounded). */
export type Layer = Content &
  Box & {
    cue: string
    layer: number
    /** 0..1 */
    opacity: number
    /** The part that is to be seen (wipes, crops, tickers), in pixels of the base resolution, like x and y. Left out: all of it. */
    clip?: Box
    /** Scale of the bitmap to use: that of the layer, except that a moving scale is quantised. See spriteKeyOf. */
    bitmapScale: number
  }

/** Something the author should know; the rest of the document is not affected. */
export interface Finding {
  code: string
  /** JSON pointer into the document. */
  path: string
  message: string
  hint?: string
}

export interface Resolved {
  /** In paint order: the last one is in front. Layers that did not change are the same objects: they are only read. */
  layers: Layer[]
  warnings: Finding[]
}
