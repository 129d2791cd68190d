import { readFileSync } from 'node:fs'
import { kernelFile } from '../files.ts'
import type { Sprite } from '../memory/sprite.ts'

/** The exports of kernel.as.ts. Pictures are I420 at the addresses given; `bytes` counts all three planes. */
export interface Kernel {
  /** Copies `base` to `target` and blends `count` layers of the display list onto it. */
  compose(target: number, base: number, width: number, height: number, list: number, count: number): void
  /** Draws `count` layers of the display list into the layer entry at `flat`, which then stands for them all. */
  flatten(flat: number, list: number, count: number): void
  /** from + (to - from) * weight / 32768 */
  crossfade(target: number, from: number, to: number, bytes: number, weight: number): void
  /** An edge runs in direction (dx, dy), each -1, 0 or 1; behind it stands `to`. Progress 0..1. */
  wipe(
    target: number,
    from: number,
    to: number,
    width: number,
    height: number,
    dx: number,
    dy: number,
    progress: number,
  ): void
  /** `to` lies over `from` with its corner at (2x, 2y). */
  slide(target: number, from: number, to: number, width: number, height: number, x: number, y: number): void
  /**
   * Scales the part (cx, cy, cw, ch) of a picture of width x height into the box (x, y, w, h) of another; all even.
   * `scratch`: address of SCALE_SCRATCH bytes.
   */
  scale(
    target: number,
    toWidth: number,
    toHeight: number,
    x: number,
    y: number,
    w: number,
    h: number,
    from: number,
    width: number,
    height: number,
    cx: number,
    cy: number,
    cw: number,
    ch: number,
    scratch: number,
  ): void
  copy(target: number, from: number, bytes: number): void
  black(target: number, width: number, height: number): void
}

/** Compiled once in the main thread; workers get the module with their data, because only main knows where its file is. */
export const loadKernel = (): WebAssembly.Module => new WebAssembly.Module(readFileSync(kernelFile()))

export const kernelOn = (module: WebAssembly.Module, memory: WebAssembly.Memory): Kernel =>
  new WebAssembly.Instance(module, { env: { memory } }).exports as unknown as Kernel

/** Bytes that scale() needs beside its pictures: a row of up to 4096 pixels and where each pixel comes from. */
export const SCALE_SCRATCH = 4_096 * 10 + 128

/** Where a sprite stands on the picture. Positions and the clip rectangle are whole pixels, any sign. */
export interface Placed {
  sprite: Sprite
  x: number
  y: number
  /** 0..32768; see opacityOf. */
  opacity: number
  left: number
  top: number
  right: number
  bottom: number
}

/** Opacity in the kernel's fixed point: 32767 and above is full, the fast path. */
export const opacityOf = (share: number): number => Math.round(Math.max(0, Math.min(1, share)) * 32_768)

/** An entry of a display list; the kernel keeps notes in the second half. */
export const LAYER_WORDS = 32
export const LAYER_BYTES = LAYER_WORDS * 4

/** Writes one entry of a display list at word `at`. Spans at 0 are not known. */
export function writeLayer(words: Int32Array, at: number, layer: Placed): void {
  const { sprite, x, y, opacity, left, top, right, bottom } = layer
  words[at] = sprite.y
  words[at + 1] = sprite.u
  words[at + 2] = sprite.v
  words[at + 3] = sprite.a
  words[at + 4] = sprite.ac
  words[at + 5] = sprite.width
  words[at + 6] = sprite.height
  words[at + 7] = x
  words[at + 8] = y
  words[at + 9] = Math.min(32_767, opacity)
  words[at + 10] = left
  words[at + 11] = top
  words[at + 12] = right
  words[at + 13] = bottom
  words[at + 14] = sprite.spans?.luma ?? 0
  words[at + 15] = sprite.spans?.chroma ?? 0
}
