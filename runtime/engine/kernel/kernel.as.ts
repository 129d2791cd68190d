/**
 * The pixel kernel (AssemblyScript, WASM SIMD): everything that touches every pixel of a frame.
 * It owns no memory: all addresses are given, and all pictures are I420, tightly packed, with even width and height.
 * It writes nothing but what it is to paint, and reads up to 15 bytes on either side of a plane, whoever they belong to.
 * Rounding: every function gives the nearest integer of its float formula (blends: +-1 for the fixed-point alpha).
 */

export { crossfade, slide, wipe } from './between.as'
export { compose, flatten } from './compose.as'
export { scale } from './scale.as'

export function copy(target: usize, from: usize, bytes: i32): void {
  memory.copy(target, from, bytes)
}

/** Black in limited range: Y' 16, chroma 128. */
export function black(target: usize, width: i32, height: i32): void {
  const luma = <usize>(width * height)
  memory.fill(target, 16, luma)
  memory.fill(target + luma, 128, luma >> 1)
}
