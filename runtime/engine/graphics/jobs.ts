import type { Fault } from '../../contract/errors.ts'
import type { AssetFit } from '../../contract/generated/ocl.v1.ts'
import type { Content, DrawnText, Posture, Size } from '../../ocl/types.ts'
import type { Planes } from './yuv.ts'

/** An element as the renderer draws it: an asset is the file it stands for. */
export type Drawing =
  | Exclude<Content, { kind: 'asset' }>
  | (Posture & { kind: 'image'; file: string; natural: Size; fit?: AssetFit; picture?: number })

/** What the renderer can do, by name. Sizes are in pixels of the program. */
export interface Jobs {
  /** Sizes of texts without a fixed one, in pixels of the base resolution, in the order asked. */
  measure: { ask: { texts: DrawnText[] }; answer: Size[] }
  /** Whether a file is a whole image that can be shown, its size, and when each picture ends (ms) of one that moves. */
  probe: { ask: { file: string }; answer: Size & { pictures?: number[] } }
  /** The drawing at `scale` times its natural size. The planes are rounded up to even sizes with nothing. */
  sprite: { ask: { drawing: Drawing; scale: number }; answer: Planes }
  /** A still that fills the frame, as I420. */
  slate: { ask: Size & { title: string; subtitle: string; image?: string }; answer: Uint8Array }
  /** An I420 frame as JPEG, `outWidth` pixels wide, in its own proportions. */
  jpeg: { ask: Size & { frame: Uint8Array; outWidth: number }; answer: Uint8Array }
  /** Likewise as PNG. */
  png: { ask: Size & { frame: Uint8Array; outWidth: number }; answer: Uint8Array }
}

export type JobKind = keyof Jobs

export type Request = { [K in JobKind]: { id: number; kind: K; ask: Jobs[K]['ask'] } }[JobKind]

export type Reply = { ready: true } | { id: number; answer: Jobs[JobKind]['answer'] } | { id: number; fault: Fault }

/** More pixels than any frame has; what is larger is a mistake or an attack. */
export const MOST_PIXELS = 16_000_000
