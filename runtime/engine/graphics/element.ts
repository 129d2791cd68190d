import type { SKRSContext2D } from '@napi-rs/canvas'
import type { Box } from '../../ocl/types.ts'

/** Where an element is painted: a canvas whose unit is a pixel of the base resolution, with 0, 0 at the element's corner. */
export interface Pen {
  context: SKRSContext2D
  /** Pixels of the bitmap to one of the base resolution. */
  scale: number
  /** Radians clockwise by which the canvas is turned; shadows do not turn by themselves. */
  turn: number
}

/** An element of a bitmap. */
export interface Element {
  /** Nothing of it is painted outside, in pixels of the base resolution. */
  ink: Box
  /** The ink is a guess on the safe side: what stays empty at its edges is cut off. */
  loose?: boolean
  /** Characters that no font has. */
  missing?: string[]
  paint(pen: Pen): void | Promise<void>
}
